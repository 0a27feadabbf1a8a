/** The commands of simulations, with their flags. Each is loaded only when it runs. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { ENGINE_KINDS, type EngineKind } from '../core/engine/capabilities.ts';
import { integer, text } from '../flags/values.ts';
import type { CompareOptions } from './compare-command.ts';
import type { Host } from './program.ts';
import type { SimRunOptions } from './sim-command.ts';

const JSON_FLAG = ['--json', 'NDJSON on standard output, and nothing else there', false] as const;

function engineList(value: string): EngineKind[] {
  const kinds = value.split(',').map((part) => ENGINE_KINDS.find((kind) => kind === part.trim()));
  if (!kinds.every((kind) => kind !== undefined))
    throw new InvalidArgumentError(`It must be a list of ${ENGINE_KINDS.join(', ')}, with commas.`);
  if (new Set(kinds).size === kinds.length) return kinds;
  throw new InvalidArgumentError('It names an engine twice.');
}

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
  sim
    .command('compare')
    .argument('<a>', 'folder of results')
    .argument('<b>', 'folder of results, measured against the first')
    .description('two runs beside each other; exit code 1 when the second is worse by more than 10 %')
    .option(...JSON_FLAG)
    .action(async (a: string, b: string) => {
      const { runSimCompare } = await import('./compare-command.ts');
      return runSimCompare(a, b, output);
    });
  program
    .command('compare')
    .description('one scenario on several engines, in turn: medians, spread, ratio, and what is within 10 %')
    .requiredOption(
      '--engines <list>',
      'such as nwaku,go-waku,js; the others are measured against the first',
      engineList,
    )
    .option('--scenario <scenario>', 'a file that ends in .yaml, or a name of `sim list`', text, 'compare')
    .option('--repetitions <n>', 'runs of each engine', integer(1, 1_000), 5)
    .option('--seed <n>', "instead of the scenario's", integer(0, 0xffff_ffff))
    .option('--out <folder>', 'new folder for the results (default: compare-<time> here)', text)
    .option('--toxiproxy <file>', 'toxiproxy-server, for faults on links (default: from the PATH)', text)
    .option(...JSON_FLAG)
    .action(async (options: CompareOptions) => {
      const { runCompare } = await import('./compare-command.ts');
      return runCompare(options, output, signal);
    });
}
