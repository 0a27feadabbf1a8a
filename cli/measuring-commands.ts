/** The commands that measure and check, with their flags. Each is loaded only when it runs. */
import type { Command } from 'commander';
import { addCaptureOptions } from '../flags/capture-flags.ts';
import { lightOption } from '../flags/engine-flags.ts';
import { integer, list, milliseconds, text } from '../flags/values.ts';
import { MAX_MESSAGES, MAX_SENDER } from '../sim/traffic/payload.ts';
import type { ListenOptions } from './listen-command.ts';
import { addClientOptions } from './options.ts';
import type { Host } from './program.ts';
import type { TrafficOptions } from './traffic-command.ts';

const uint32 = integer(0, 0xffff_ffff);

export function addMeasuringCommands(program: Command, host: Host): void {
  addTraffic(program, host);
  addListen(program, host);
}

function addTraffic(program: Command, { output, signal }: Host): void {
  addClientOptions(
    program.command('traffic').description('send measured messages by a plan; `listen` measures them'),
  )
    .addOption(lightOption())
    .requiredOption('--messages <n>', 'how many messages', integer(1, MAX_MESSAGES))
    .option(
      '--size <sizes>',
      'payload: 1kb, 1kb..10kb drawn evenly, or 1kb:9,100kb:1 with weights',
      text,
      '1kb',
    )
    .option('--rate <rate>', '10/s, 30/min, or max: as fast as they go', text, '1/s')
    .option('--poisson', 'exponential gaps with the mean of the rate, not even ones', false)
    .option(
      '--content-topic <topic>',
      'drawn evenly, repeatable (default: /waku-desk/1/traffic/proto)',
      list(text),
      [],
    )
    .option('--seed <n>', 'the same seed gives the same sizes, times and topics', uint32, 1)
    .option(
      '--run <n>',
      'number that the messages carry, 1 to 4294967295 (default: random)',
      integer(1, 0xffff_ffff),
    )
    .option('--sender <n>', 'number of this sender in the run', integer(0, MAX_SENDER), 0)
    .option('--in-flight <n>', 'publish calls that may be under way at a time', integer(1, 1_000), 16)
    .option('--timeout-ms <n>', 'for connecting, and for a peer to be there', milliseconds, 15_000)
    .action(async (options: TrafficOptions) => {
      const { runTraffic } = await import('./traffic-command.ts');
      return runTraffic(options, output, signal);
    });
}

function addListen(program: Command, { output, signal }: Host): void {
  const listen = program
    .command('listen')
    .description('measure the messages of `traffic`: loss, order, duplicates, latency; on the same machine');
  addCaptureOptions(addClientOptions(listen))
    .addOption(lightOption())
    .option('--content-topic <topic>', 'with --light: content topic to hear, repeatable', list(text), [])
    .option('--run <n>', 'only messages of this run', integer(1, 0xffff_ffff))
    .option('--count <n>', 'end after this many different messages', integer(1, 1_000_000_000))
    .option('--timeout-ms <n>', 'end after this time; with --count that is a failure', milliseconds)
    .option('--quiet', 'print the report alone', false)
    .option('--fail-on-loss', 'exit code 1 when messages are missing', false)
    .action(async (options: ListenOptions) => {
      const { runListen } = await import('./listen-command.ts');
      return runListen(options, output, signal);
    });
}
