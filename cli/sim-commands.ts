/** The commands of simulations, with their flags. Each is loaded only when it runs. */
import { Option, type Command } from 'commander';
import { ENGINE_KINDS } from '../core/engine/capabilities.ts';
import { integer, text } from '../flags/values.ts';
import type { Host } from './program.ts';
import type { SimRunOptions } from './sim-command.ts';

const JSON_FLAG = ['--json', 'NDJSON on standard output, and nothing else there', false] as const;

export function addSimCommands(program: Command, { output, signal }: Host): void {
  const sim = program
    .command('sim')
    .description('run networks of nodes from scenario files and measure them');
  sim
    .command('run')
    .argument('<scenario>', 'a file that ends in .yaml, or a name of `sim list`')
    .description('run a scenario; exit code 0 when all of its pass criteria hold, 1 when one does not')
    .option('--out <folder>', 'new folder for the results (default: sim-<name>-<time> here)', text)
    .addOption(
      new Option('--engine <kind>', 'of every node, whatever the scenario says').choices(ENGINE_KINDS),
    )
    .option('--seed <n>', "instead of the scenario's", integer(0, 0xffff_ffff))
    .option('--toxiproxy <file>', 'toxiproxy-server, for faults on links (default: from the PATH)', text)
    .option('--library <file>', 'node library of native engines (default: see doctor)', text)
    .option(...JSON_FLAG)
    .action(async (scenario: string, options: SimRunOptions) => {
      const { runSim } = await import('./sim-command.ts');
      return runSim(scenario, options, output, signal);
    });
  sim
    .command('list')
    .description('scenarios that come with the program')
    .option(...JSON_FLAG)
    .action(async () => {
      const { runSimList } = await import('./sim-command.ts');
      return runSimList(output);
    });
  sim
    .command('check')
    .argument('<scenario>', 'a file that ends in .yaml, or a name of `sim list`')
    .description('look whether a scenario can be run, without running it')
    .option(...JSON_FLAG)
    .action(async (scenario: string) => {
      const { runSimCheck } = await import('./sim-command.ts');
      return runSimCheck(scenario, output);
    });
}
