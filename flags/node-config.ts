/** The configuration of a node from its flags. */
import type { EngineKind } from '../core/engine/capabilities.ts';
import { parseNodeConfig, type NodeConfig } from '../core/engine/config.ts';
import { checkFits, demand, ENGINE_CAPABILITIES } from '../core/engine/engine-capabilities.ts';
import { EXTERNAL_IP, type NodeOptions } from './node-flags.ts';
import { rlnConfig } from './rln-flags.ts';

/** Where no shard and no topic is named. */
export const DEFAULT_SHARD = 32;

/**
 * The configuration that a node's flags describe.
 * @throws WakuDeskError CONFIG_INVALID, BAD_USE; and what the engine cannot do, before anything is started or written
 */
export function nodeConfig(options: NodeOptions): NodeConfig {
  const { engine, nat = '' } = options;
  // Before what is missing beside: an engine that has it not has no use for the rest.
  if (engine !== 'auto') demandFlags(options, engine);
  const shifted = (port: number): number => (port === 0 ? 0 : port + options.portsShift);
  const config = parseNodeConfig({
    clusterId: options.clusterId,
    shards: options.shard ?? defaultShards(options),
    pubsubTopics: options.pubsubTopic,
    contentTopics: options.contentTopic,
    shardsInNetwork: options.numShardsInNetwork,
    nodeKey: options.nodekey ?? null,
    listenAddress: options.listenAddress ?? (options.mdns ? '0.0.0.0' : '127.0.0.1'),
    externalAddress: nat.startsWith(EXTERNAL_IP) ? nat.slice(EXTERNAL_IP.length) : null,
    tcpPort: shifted(options.tcpPort),
    websocketPort: options.websocketSupport ? shifted(options.websocketPort) : null,
    staticNodes: [...options.staticnode, ...options.connect],
    maxConnections: options.maxConnections,
    ipColocationLimit: options.ipColocationLimit,
    maxMessageBytes: options.maxMsgSize,
    agentString: options.agentString,
    mdns: options.mdns,
    logLevel: options.logLevel,
    light: options.light,
    rln: rlnConfig(options),
  });
  if (engine !== 'auto') checkFits(engine, config);
  return config;
}

function demandFlags({ light, rlnRelay }: Pick<NodeOptions, 'light' | 'rlnRelay'>, kind: EngineKind): void {
  const { lightClient, rln } = ENGINE_CAPABILITIES[kind];
  if (light) demand('cli.light', lightClient);
  if (rlnRelay) demand('cli.rln', rln);
}

/** As wakunode2: with auto-sharding and no topic named, every shard of the network. */
function defaultShards({
  pubsubTopic,
  contentTopic,
  numShardsInNetwork,
  light,
}: Pick<NodeOptions, 'pubsubTopic' | 'contentTopic' | 'numShardsInNetwork' | 'light'>): number[] {
  if (pubsubTopic.length > 0) return [];
  // A light client's content topics name no shard unless the network is auto-sharded.
  if (contentTopic.length > 0 && (!light || numShardsInNetwork > 0)) return [];
  if (numShardsInNetwork > 0) return Array.from({ length: numShardsInNetwork }, (_none, shard) => shard);
  return [DEFAULT_SHARD];
}
