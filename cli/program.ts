/** Every command with its flags. */
import { Argument, Command, CommanderError, Help, Option } from 'commander';
import { ENGINE_KINDS } from '../core/engine/capabilities.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import manifest from '../package.json' with { type: 'json' };
import { badUse as refusal } from '../flags/bad-use.ts';
import { addCaptureOptions } from '../flags/capture-flags.ts';
import { lightOption } from '../flags/engine-flags.ts';
import { nodeConfig } from '../flags/node-config.ts';
import { addNodeOptions, unhonouredFlags } from '../flags/node-flags.ts';
import { exposedSecrets } from '../flags/rln-flags.ts';
import {
  boolean,
  decimal,
  instant,
  int64,
  integer,
  list,
  MAX_MS,
  milliseconds,
  text,
} from '../flags/values.ts';
import { LIBRARY_KINDS, type LibraryKind } from '../native/library/locate.ts';
import type { ChatOptions } from './chat-command.ts';
import type { DoctorOptions } from './doctor-command.ts';
import { EXIT_CODES_HELP } from './exit-codes.ts';
import { addMeasuringCommands } from './measuring-commands.ts';
import { runNode, type NodeCommandOptions } from './node-command.ts';
import { addClientOptions } from './options.ts';
import type { Output } from './output.ts';
import { runPeers, type PeersOptions } from './peers-command.ts';
import { addRelayLineFlags } from './relay-lines.ts';
import { addDiscoveryFlags } from './discovery-flags.ts';
import { addRestFlags } from './rest-flags.ts';
import { runPing, type PingOptions } from './ping-command.ts';
import { runPublish, type PublishOptions } from './publish-command.ts';
import type { ServeOptions } from './serve-command.ts';
import { addSimCommands } from './sim-commands.ts';
import { runStore, type StoreOptions } from './store-command.ts';
import { runSubscribe, type SubscribeOptions } from './subscribe-command.ts';

export interface Host {
  output: Output;
  signal: AbortSignal;
}

/** @param host what the commands print to and are ended by */
export function createProgram({ output, signal }: Host): Command {
  const program = new Command('waku-desk')
    .description('A test harness for Waku relay nodes.')
    .version(manifest.version)
    .configureHelp({ optionDescription: describeOption })
    .addHelpText('after', EXIT_CODES_HELP);

  const node = program.command('node').description('run a relay node');
  addNodeOptions(addDiscoveryFlags(addRelayLineFlags(addRestFlags(node))))
    .option('--quiet', 'print no messages and peers', false)
    .option('--json', 'NDJSON on standard output, and nothing else there', false)
    .action((options: NodeCommandOptions) => {
      for (const warning of exposedSecrets(node)) output.note(warning);
      return runNode(options, unhonouredFlags(node), output, signal);
    });

  const serve = program.command('serve').description('run a relay node with a window for it in the browser');
  addNodeOptions(serve)
    .option('--port <n>', 'port of the window, 0 for a free one', integer(0, 65_535), 0)
    .option('--open', 'open the window in the browser, where there is one', false)
    .option('--demo', 'start three more nodes that chat', false)
    .option('--json', 'NDJSON on standard output, and nothing else there', false)
    .action(async (options: ServeOptions) => {
      for (const warning of exposedSecrets(serve)) output.note(warning);
      const config = nodeConfig(options);
      // Loaded here and not above: the other commands need no web host.
      const { runServe } = await import('./serve-command.ts');
      const unhonoured = unhonouredFlags(serve);
      return runServe(options, { config, unhonoured, version: manifest.version, output, signal });
    });

  const subscribe = program.command('subscribe').description('print messages as they come');
  addCaptureOptions(addClientOptions(subscribe))
    .addOption(lightOption())
    .option('--content-topic <topic>', 'with --light: content topic to hear, repeatable', list(text), [])
    .option('--filter <expression>', 'only matching messages, such as: content:/toy-chat/ size>1kb', '')
    .option('--count <n>', 'end after this many messages', integer(1, 1_000_000_000))
    .option('--timeout-ms <n>', 'end after this time; with --count that is a failure', milliseconds)
    .action((options: SubscribeOptions) => runSubscribe(options, output, signal));

  addClientOptions(program.command('publish').description('send messages'))
    .addOption(lightOption())
    .requiredOption('--content-topic <topic>', 'content topic')
    .requiredOption('--payload <payload>', 'text, @file, or - for standard input')
    .option('--timestamp <ns>', 'Unix time in ns (default: now)', int64)
    .option('--message-version <n>', 'version field', integer(0, 4_294_967_295), 0)
    .option('--meta <hex>', 'meta field, 64 bytes at most', hexBytes)
    .option('--ephemeral [bool]', 'store nodes must not keep it', boolean, false)
    .option('--repeat <n>', 'how many messages', integer(1, 1_000_000_000), 1)
    .option('--rate <n>', 'messages per second (default: as fast as they go)', decimal(0.001, 100_000))
    .option('--timeout-ms <n>', 'for connecting, and for a peer to be there', milliseconds, 15_000)
    .action((options: PublishOptions) => runPublish(options, output, signal));

  const store = program.command('store').description('print what a store node has kept');
  addCaptureOptions(addClientOptions(store))
    .option('--peer <multiaddr>', 'the store node, with its peer id (default: the first --connect)', text)
    .option('--content-topic <topic>', 'content topic, repeatable (default: every one)', list(text), [])
    .option('--pubsub-topic <topic>', 'pubsub topic (default: of the shard)', text)
    .option('--from <time>', "sender's time, ISO 8601 or Unix ns, included", instant)
    .option('--to <time>', 'likewise', instant)
    .option('--hash <0x…>', 'message hash, repeatable; without topics and times', list(text), [])
    .option('--limit <n>', 'messages at most', integer(1, 1_000_000_000), 20)
    .option('--all', 'every message, whatever the limit', false)
    .option('--newest-first', 'from the newest back', false)
    .option('--timeout-ms <n>', 'for connecting, and for each page', milliseconds, 20_000)
    .action((options: StoreOptions) => runStore(options, output, signal));

  addClientOptions(program.command('peers').description('who is at the other end'))
    .option('--wait-ms <n>', 'how long peers and meshes may form', integer(0, MAX_MS), 1_000)
    .option('--timeout-ms <n>', 'for connecting', milliseconds, 15_000)
    .action((options: PeersOptions) => runPeers(options, output, signal));

  const ping = program.command('ping').argument('<multiaddr>', 'node to ping');
  addClientOptions(ping.description('round trips to one node'))
    .option('--count <n>', 'how many pings', integer(1, 1_000_000), 4)
    .option('--interval-ms <n>', 'pause between them', integer(0, MAX_MS), 1_000)
    .option('--timeout-ms <n>', 'for connecting, and for each answer', milliseconds, 10_000)
    .action((address: string, options: PingOptions) => runPing(address, options, output, signal));

  addChat(program, { output, signal });
  addMeasuringCommands(program, { output, signal });
  addSimCommands(program, { output, signal });
  addDoctor(program, { output, signal });
  addNative(program, { output, signal });

  for (const command of [...program.commands, ...program.commands.flatMap((one) => one.commands)]) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    command.addHelpText('after', EXIT_CODES_HELP);
  }
  return program.exitOverride().configureOutput({ writeErr: () => undefined });
}

function addChat(program: Command, { output, signal }: Host): void {
  addCaptureOptions(addClientOptions(program.command('chat').description('talk in a room of chat2')))
    .addOption(lightOption())
    .requiredOption('--nick <name>', 'what the others see beside your lines', text)
    .addOption(
      new Option('--room <name>', 'room of chat2 (default: huilong)')
        .argParser(text)
        .conflicts('contentTopic'),
    )
    .option('--content-topic <topic>', 'another room, by its content topic', text)
    .option('--history <n>', 'begin with the last lines of the room in --capture', integer(0, 10_000), 0)
    .option('--commands', 'read /help, /join and the like also from what is no terminal', false)
    .option('--timeout-ms <n>', 'for connecting, and for a peer to be there', milliseconds, 15_000)
    .action(async (options: ChatOptions) => {
      const { runChat } = await import('./chat-command.ts');
      return runChat(options, output, signal);
    });
}

function addDoctor(program: Command, { output, signal }: Host): void {
  program
    .command('doctor')
    .description('look at this machine: libraries, engines, ports, clock, disk, and what to do about each')
    .addOption(new Option('--engine <kind>', 'only this one has to be able to run').choices(ENGINE_KINDS))
    .option('--library <file>', 'a node library to look at, instead of the usual places', text)
    .option('--json', 'NDJSON on standard output, and nothing else there', false)
    .action(async (options: DoctorOptions) => {
      // Loaded here and not above, as are staging and the web host: the other commands need none of them.
      const { runDoctor } = await import('./doctor-command.ts');
      return runDoctor(options, manifest.version, output, signal);
    });
}

function addNative(program: Command, { output, signal }: Host): void {
  const native = program.command('native').description('the node libraries of the engines nwaku and go-waku');
  native
    .command('add')
    .argument('<file>', 'a library file, or a release package: .deb or .tar.gz')
    .description('check a library and put it where the engines find it')
    .addOption(new Option('--kind <kind>', 'where its name does not tell').choices(LIBRARY_KINDS))
    .option('--json', 'NDJSON on standard output, and nothing else there', false)
    .action(async (file: string, options: { kind?: LibraryKind }) => {
      const { runNativeAdd } = await import('./native-command.ts');
      return runNativeAdd(file, options, output, signal);
    });
  native
    .command('remove')
    .addArgument(new Argument('<kind>', 'which one').choices(LIBRARY_KINDS))
    .description('remove a library that was added')
    .option('--json', 'NDJSON on standard output, and nothing else there', false)
    .action(async (kind: LibraryKind) => {
      const { runNativeRemove } = await import('./native-command.ts');
      return runNativeRemove(kind, output);
    });
}

/** Commander's text without the defaults that say nothing. */
function describeOption(option: Option): string {
  const described = Help.prototype.optionDescription.call(new Help(), option);
  return described.replace(/ \(default: (\[\]|false|"")\)$/, '');
}

/** Commander's refusal as ours; null for help and version, which are no errors. */
export function badUse(error: CommanderError): WakuDeskError | null {
  if (error.exitCode === 0) return null;
  if (error.code === 'commander.help')
    return new WakuDeskError('BAD_USE', 'No command is given.', {
      operation: 'cli.parse',
      hint: 'Name one of those that `waku-desk --help` lists.',
    });
  return refusal(error, {
    operation: 'cli.parse',
    hint: 'Run the command with --help to see its flags.',
  });
}

function hexBytes(value: string): string {
  if (/^(0x)?([0-9a-fA-F]{2})*$/.test(value)) return value.replace(/^0x/, '');
  throw new CommanderError(1, 'waku-desk.hex', 'meta must be hex digits, two for each byte.');
}
