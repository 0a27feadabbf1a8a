/** The commands that measure and check, with their flags. Each is loaded only when it runs. */
import { Option, type Command } from 'commander';
import { CAPTURE_FORMATS } from '../core/capture/export.ts';
import { addCaptureOptions } from '../flags/capture-flags.ts';
import { lightOption } from '../flags/engine-flags.ts';
import { boolean, integer, list, milliseconds, text, url } from '../flags/values.ts';
import { MAX_MESSAGES, MAX_SENDER } from '../sim/traffic/payload.ts';
import type { ConvertOptions } from './capture-command.ts';
import type { CanaryOptions } from './canary-command.ts';
import type { ConformanceOptions } from './conformance-command.ts';
import type { ListenOptions } from './listen-command.ts';
import { addClientOptions } from './options.ts';
import type { Host } from './program.ts';
import type { TrafficOptions } from './traffic-command.ts';

const uint32 = integer(0, 0xffff_ffff);

export function addMeasuringCommands(program: Command, host: Host): void {
  addTraffic(program, host);
  addListen(program, host);
  addCapture(program, host);
  addCanary(program, host);
  addConformance(program, host);
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

const JSON_FLAG = ['--json', 'NDJSON on standard output, and nothing else there', false] as const;

function addCapture(program: Command, { output, signal }: Host): void {
  const capture = program.command('capture').description('convert, filter, merge and compare captures');
  const captureOf = async () => import('./capture-command.ts');
  capture
    .command('convert')
    .argument('<from>', 'folder of a capture, or a file of NDJSON or CSV')
    .argument('<to>', 'file to write (.ndjson, .csv, or - for standard output), or the new folder')
    .description('a capture to NDJSON or CSV, or such a file to a capture')
    .addOption(new Option('--format <format>', 'where the name does not tell').choices(CAPTURE_FORMATS))
    .option('--filter <expression>', 'only matching messages of a capture', '')
    .option(...JSON_FLAG)
    .action(async (from: string, to: string, options: ConvertOptions) =>
      (await captureOf()).runCaptureConvert([from, to], options, output, signal),
    );
  capture
    .command('filter')
    .argument('<from>', 'folder of a capture')
    .argument('<to>', 'new folder')
    .requiredOption('--filter <expression>', 'what the new capture has, such as: content:/toy-chat/ size>1kb')
    .description('a new capture of what the filter matches')
    .option(...JSON_FLAG)
    .action(async (from: string, to: string, options: { filter: string }) =>
      (await captureOf()).runCaptureFilter([from, to], options, output, signal),
    );
  capture
    .command('merge')
    .argument('<a>', 'folder of a capture')
    .argument('<b>', 'folder of another')
    .argument('<to>', 'new folder')
    .description('both in the order of time; each message once, its origins in origins.ndjson')
    .option(...JSON_FLAG)
    .action(async (a: string, b: string, to: string) =>
      (await captureOf()).runCaptureMerge([a, b, to], output, signal),
    );
  capture
    .command('diff')
    .argument('<a>', 'folder of a capture')
    .argument('<b>', 'folder of another')
    .description('who missed what, by deterministic hash; exit code 1 when they differ')
    .option('--filter <expression>', 'only matching messages of both', '')
    .option('--limit <n>', 'messages to print at most; all are counted', integer(0, 1_000_000_000), 100)
    .option(...JSON_FLAG)
    .action(async (a: string, b: string, options: { filter: string; limit: number }) =>
      (await captureOf()).runCaptureDiff([a, b], options, output, signal),
    );
}

function addCanary(program: Command, { output, signal }: Host): void {
  const canary = program
    .command('canary')
    .argument('[multiaddr]', 'node to look at')
    .description('reach a node, and check its cluster, protocols and shards; as wakucanary');
  addClientOptions(canary)
    .option('-a, --address <multiaddr>', 'node to look at, instead of the argument', text)
    .option(
      '-p, --protocol <name>',
      'protocol that it has to offer, repeatable: relay, store, filter, lightpush, …, or a whole id',
      list(text),
      [],
    )
    .option('--ping [bool]', 'it has to answer a ping', boolean, true)
    .option('-t, --timeout <s>', 'for each step, in seconds', integer(1, 3_600), 10)
    .action(async (address: string | undefined, options: CanaryOptions) => {
      const { runCanaryCommand } = await import('./canary-command.ts');
      return runCanaryCommand(address, options, output, signal);
    });
}

function addConformance(program: Command, { output, signal }: Host): void {
  program
    .command('conformance')
    .argument('<url>', 'REST API of a running node, such as http://127.0.0.1:8645', url)
    .argument('<other url>', 'of another, which it reaches', url)
    .description("do two nodes behave as wakunode2's REST API says? Ours, wakunode2, go-waku")
    .option('--cluster-id <n>', 'cluster of both nodes', integer(0, 65_535), 16)
    .option('--shard <n>', 'shard that the messages of the checks go by', integer(0, 65_535), 32)
    .option('--num-shards-in-network <n>', 'of both nodes; 0: no auto-sharding', integer(0, 65_536), 0)
    .option('--metrics <url>', 'metrics of a node, such as http://127.0.0.1:8008, repeatable', list(url), [])
    .option('--timeout-ms <n>', 'for a connection, a mesh, a delivery, each', milliseconds, 15_000)
    .option('--junit <file>', 'write the results there as JUnit XML', text)
    .option(...JSON_FLAG)
    .action(async (a: string, b: string, options: ConformanceOptions) => {
      const { runConformanceCommand } = await import('./conformance-command.ts');
      return runConformanceCommand([a, b], options, output, signal);
    });
}
