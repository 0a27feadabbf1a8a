/**
 * The configuration that waku_new takes, from ours. libwaku ignores keys that it does not know, silently: this is the
 * only place that writes them, and library-config.test.ts holds them against the names that nwaku has.
 */
import type { NodeConfig } from '../../core/engine/config.ts';
import { parsePubsubTopic } from '../../core/waku/topics.ts';
import type { LibraryAdapter } from './adapter.ts';

export interface Listening {
  nodeKey: string;
  /** Not 0: libwaku refuses it. */
  tcpPort: number;
  websocketPort: number | null;
  topics: readonly string[];
}

export function libraryConfig(
  adapter: LibraryAdapter,
  config: NodeConfig,
  { nodeKey, tcpPort, websocketPort, topics }: Listening,
): Record<string, unknown> {
  return {
    logLevel: adapter.logLevels[config.logLevel],
    logFormat: 'TEXT',
    clusterId: config.clusterId,
    shards: shardsOf(topics, config.clusterId),
    ...(config.shardsInNetwork > 0 && { numShardsInNetwork: config.shardsInNetwork }),
    nodekey: nodeKey,
    listenAddress: config.listenAddress,
    tcpPort,
    // "none" is refused; without a fixed address the node would look for one outside.
    nat: toldAddress(config),
    maxConnections: config.maxConnections,
    // By default a sixth peer on one address closes the oldest.
    colocationLimit: config.ipColocationLimit,
    relay: !config.light,
    keepAlive: true,
    maxMessageSize: `${config.maxMessageBytes}B`,
    agentString: config.agentString,
    discv5Discovery: config.discv5UdpPort !== null,
    ...(config.discv5UdpPort !== null && {
      discv5UdpPort: config.discv5UdpPort,
      discv5BootstrapNodes: config.discv5BootstrapNodes,
    }),
    dnsDiscovery: false,
    peerExchange: config.peerExchange,
    rendezvous: false,
    websocketSupport: websocketPort !== null,
    ...(websocketPort !== null && { websocketPort }),
    metricsServer: false,
    store: false,
    filter: false,
    lightpush: false,
    ...adapter.moreConfig(config),
  };
}

function toldAddress({ externalAddress, listenAddress }: NodeConfig): string {
  if (externalAddress === null && isUnspecified(listenAddress)) return 'any';
  return `extip:${externalAddress ?? listenAddress}`;
}

/** Of this cluster; topics of others are subscribed one by one. */
function shardsOf(topics: readonly string[], clusterId: number): number[] {
  return topics.flatMap((topic) => {
    const parsed = parsePubsubTopic(topic);
    return parsed?.cluster === clusterId ? [parsed.shard] : [];
  });
}

export function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || /^[0:]+$/.test(address);
}
