/**
 * wakunode2's flags: scripts that drive the reference node drive this one unchanged. A flag that the engine
 * cannot honour is accepted, and named in one warning unless its value asks for what happens anyway.
 */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { LogLevel } from '../core/engine/events.ts';
import { addCaptureOptions, type CaptureOptions } from './capture-flags.ts';
import { addEngineOptions, lightOption, type EngineOptions } from './engine-flags.ts';
import { addRlnFlags, givenRlnFlags, type RlnFlags } from './rln-flags.ts';
import { boolean, bytes, integer, list, text } from './values.ts';

const uint16 = integer(0, 65_535);

/** Flags that are honoured. */
export interface NodeFlags {
  tcpPort: number;
  portsShift: number;
  listenAddress: string | undefined;
  /** As wakunode2's; only `extip:<ip>` does something. */
  nat?: string;
  websocketSupport: boolean;
  websocketPort: number;
  clusterId: number;
  shard: number[] | undefined;
  pubsubTopic: string[];
  contentTopic: string[];
  numShardsInNetwork: number;
  nodekey: string | undefined;
  staticnode: string[];
  maxConnections: number;
  ipColocationLimit: number;
  maxMsgSize: number;
  agentString: string;
  logLevel: LogLevel;
}

/** Every flag of a host that runs one node for long. */
export interface NodeOptions extends NodeFlags, RlnFlags, CaptureOptions, EngineOptions {
  connect: string[];
  mdns: boolean;
  light: boolean;
}

/** The flags of {@link NodeOptions}, and wakunode2's that do nothing here; what the host adds comes behind. */
export function addNodeOptions(command: Command): Command {
  addHonouredFlags(addCaptureOptions(addEngineOptions(command)));
  return addIgnoredFlags(command)
    .optionsGroup('Own flags:')
    .option('--connect <multiaddr>', 'node to keep connected, repeatable', list(text), [])
    .option('--mdns [bool]', 'find other Waku Desk nodes on the local network', boolean, false)
    .addOption(lightOption());
}

const LOG_LEVELS: Readonly<Record<string, LogLevel>> = {
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  notice: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
};

function addHonouredFlags(command: Command): Command {
  const flagged = command
    .optionsGroup("wakunode2's flags:")
    .option('--tcp-port <n>', 'port to listen on, 0 for a free one', uint16, 0)
    .option('--ports-shift <n>', 'added to the ports', uint16, 0)
    .option('--listen-address <ip>', 'address to listen on (default: 127.0.0.1; with --mdns 0.0.0.0)', text)
    .option('--websocket-support [bool]', 'listen for WebSockets as well', boolean, false)
    .option('--websocket-port <n>', 'port for them, 0 for a free one', uint16, 8000)
    .option('--cluster-id <n>', 'cluster of the network', uint16, 16)
    .option('--shard <n>', 'shard to relay, repeatable (default: 32)', list(uint16))
    .option('--pubsub-topic <topic>', 'pubsub topic to relay, repeatable', list(text), [])
    .option('--content-topic <topic>', 'content topic whose shard to relay, repeatable', list(text), [])
    .option('--num-shards-in-network <n>', 'shards for auto-sharding, 0 for none', uint16, 0)
    .option('--nodekey <hex>', "the node's secp256k1 secret, 64 hex digits (default: a new one)", text)
    .option('--staticnode <multiaddr>', 'node to keep connected, repeatable', list(text), [])
    .option('--max-connections <n>', 'connections, in and out together', integer(1, 10_000), 150)
    .option('--ip-colocation-limit <n>', 'inbound connections from one IP, 0 for no limit', uint16, 0)
    .option('--max-msg-size <size>', 'largest whole message', bytes, 150 * 1024)
    .option('--agent-string <text>', 'what identify tells others', text, 'waku-desk')
    .addOption(
      new Option('--log-level <level>', 'engine lines on standard error: trace, debug, info, warn, error')
        .argParser((level: string) => {
          const known = LOG_LEVELS[level.toLowerCase()];
          if (known !== undefined) return known;
          throw new InvalidArgumentError(`It must be one of ${Object.keys(LOG_LEVELS).join(', ')}.`);
        })
        .default('info'),
    );
  return addRlnFlags(flagged);
}

/** A known flag that no engine here honours yet, and the values that ask for nothing. */
interface Ignored {
  flag: string;
  /** Takes true or false, and may stand alone. */
  switch: boolean;
  /** Values that are what happens anyway. */
  harmless: readonly string[];
  /** What is honoured of it begins so. */
  honoured?: string;
}

/** How `--nat` names the address that others are told. */
export const EXTERNAL_IP = 'extip:';

const OFF = ['false', '0', 'no', 'off'];
const ON = ['true', '1', 'yes', 'on'];
const off = (...flags: string[]): Ignored[] => flags.map((flag) => ({ flag, switch: true, harmless: OFF }));
const value = (...flags: string[]): Ignored[] => flags.map((flag) => ({ flag, switch: false, harmless: [] }));

const IGNORED: readonly Ignored[] = [
  { flag: 'relay', switch: true, harmless: ON },
  { flag: 'nat', switch: false, harmless: ['none', 'any'], honoured: EXTERNAL_IP },
  ...off('rest', 'rest-admin', 'rest-private', 'metrics-server', 'metrics-logging'),
  ...value('rest-port', 'rest-address', 'rest-relay-cache-capacity', 'rest-filter-cache-capacity'),
  ...value('rest-allow-origin', 'metrics-server-port', 'metrics-server-address'),
  ...off('discv5-discovery', 'discv5-enr-auto-update', 'discv5-only', 'dns-discovery', 'peer-exchange'),
  ...value('discv5-udp-port', 'discv5-bootstrap-node', 'discv5-table-ip-limit', 'discv5-bucket-ip-limit'),
  ...value('discv5-bits-per-hop', 'dns-discovery-url', 'dns-discovery-name-server', 'dns-addrs-name-server'),
  ...value('peer-exchange-node', 'dns4-domain-name', 'ext-multiaddr', 'preset', 'config-file', 'log-format'),
  ...off('ext-multiaddr-only', 'relay-peer-exchange', 'rendezvous', 'peer-persistence', 'keep-alive'),
  ...off('store', 'store-sync', 'legacy-store', 'filter', 'lightpush', 'reliability'),
  ...off('websocket-secure-support', 'execute', 'mix', 'relay-service-ratio-enforced'),
  ...value('storenode', 'store-message-retention-policy', 'store-message-db-url', 'filternode'),
  ...value('store-max-num-db-connections', 'filter-timeout', 'filter-max-peers-to-serve'),
  ...value('filter-max-criteria', 'lightpushnode', 'websocket-secure-key-path'),
  ...value('websocket-secure-cert-path', 'max-relay-peers', 'relay-service-ratio', 'relay-shard-manager'),
  ...value('peer-store-capacity', 'protected-shard', 'rate-limit', 'max-peers', 'max-num-peers'),
  ...off('rln-relay-dynamic'),
  ...value('rln-relay-cred-index', 'rln-relay-eth-private-key', 'rln-relay-tree-path'),
];

/** All that the command does not honour. Hidden from the help: there are many, and none does anything here. */
function addIgnoredFlags(command: Command): Command {
  const honoured = new Set(command.options.map(({ long }) => long));
  for (const ignored of IGNORED.filter(({ flag }) => !honoured.has(`--${flag}`)))
    command.addOption(
      new Option(`--${ignored.flag} ${ignored.switch ? '[bool]' : '<value>'}`)
        .hideHelp()
        .argParser((argument: string) => {
          if (ignored.switch) boolean(argument);
          return argument;
        }),
    );
  return command;
}

/** The flags given that will not be honoured, as typed: without its switch that goes for all of RLN. */
export function unhonouredFlags(command: Command): string[] {
  const isRln: unknown = command.getOptionValue('rlnRelay');
  const withoutSwitch = isRln === true ? [] : givenRlnFlags(command);
  const ignored = IGNORED.filter(({ flag, harmless, honoured }) => {
    const option = command.options.find(({ long, hidden }) => hidden && long === `--${flag}`);
    const given: unknown = option === undefined ? undefined : command.getOptionValue(option.attributeName());
    if (given === undefined) return false;
    if (honoured !== undefined && typeof given === 'string' && given.startsWith(honoured)) return false;
    // A switch that stands alone is true.
    return typeof given === 'string' ? !harmless.includes(given.toLowerCase()) : !harmless.includes('true');
  }).map(({ flag }) => `--${flag}`);
  return [...new Set([...ignored, ...withoutSwitch])];
}
