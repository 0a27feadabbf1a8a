import { describe, expect, it } from 'vitest';
import { parseNodeConfig, type NodeConfigInput } from '../../core/engine/config.ts';
import { GO_WAKU, NWAKU } from './adapter.ts';
import { libraryConfig } from './library-config.ts';

/** nwaku's own names (v0.35 to v0.38), exactly: libwaku ignores every other one without a word. */
const KNOWN =
  'logLevel logFormat clusterId shards numShardsInNetwork nodekey listenAddress tcpPort nat maxConnections colocationLimit relay keepAlive maxMessageSize agentString discv5Discovery discv5UdpPort discv5BootstrapNodes dnsDiscovery peerExchange rendezvous websocketSupport websocketPort metricsServer store filter lightpush rlnRelay rlnRelayDynamic rlnRelayCredPath rlnRelayCredPassword rlnRelayEthContractAddress ethClientUrls rlnRelayEthClientAddress rlnRelayChainId rlnEpochSizeSec rlnRelayUserMessageLimit'.split(
    ' ',
  );

const RLN = {
  credentialsPath: '/keys/rln.json',
  credentialsPassword: 'secret',
  contractAddress: `0x${'1'.repeat(40)}`,
  chainRpcUrls: ['https://rpc.example.org/key'],
  chainId: 59_141,
};
const TOPICS = ['/waku/2/rs/16/32', '/waku/2/rs/16/7', '/waku/2/rs/17/1'];

const configOf = (config: NodeConfigInput, adapter = NWAKU, websocketPort: number | null = null) =>
  libraryConfig(adapter, parseNodeConfig(config), {
    nodeKey: 'ab'.repeat(32),
    tcpPort: 60_000,
    websocketPort,
    topics: TOPICS,
  });

describe('the configuration of a node library', () => {
  it('has no key that libwaku would ignore', () => {
    const all = {
      ...configOf({ rln: RLN, shardsInNetwork: 8 }),
      ...configOf({ light: true, discv5UdpPort: 1 }, GO_WAKU, 1),
    };
    expect(Object.keys(all).filter((key) => !KNOWN.includes(key))).toEqual([]);
  });

  it('sets what a local run needs: a port, an address outside, no limit of peers per address', () => {
    expect(configOf({})).toMatchObject({
      tcpPort: 60_000,
      nat: 'extip:127.0.0.1',
      colocationLimit: 0,
      relay: true,
      shards: [32, 7],
      maxMessageSize: '153600B',
    });
    expect(configOf({ listenAddress: '0.0.0.0' })).toMatchObject({ nat: 'any' });
    const external = { listenAddress: '0.0.0.0', externalAddress: '10.1.2.3' };
    expect(configOf(external)).toMatchObject({ nat: 'extip:10.1.2.3' });
  });

  it('listens for WebSockets where a port is named', () => {
    expect(configOf({})).toMatchObject({ websocketSupport: false });
    expect(configOf({}, NWAKU, 8_000)).toMatchObject({ websocketSupport: true, websocketPort: 8_000 });
  });

  it('always prints the lines that are data, whatever level the user wants', () => {
    for (const logLevel of ['info', 'warn', 'error'] as const)
      expect(configOf({ logLevel })).toMatchObject({ logLevel: 'DEBUG', logFormat: 'TEXT' });
  });

  it('never joins The Waku Network or asks the outside by itself', () => {
    expect(configOf({})).toMatchObject({
      clusterId: 16,
      discv5Discovery: false,
      dnsDiscovery: false,
      peerExchange: false,
      rendezvous: false,
    });
  });

  it('has RLN under the names of both releases, for nwaku alone', () => {
    expect(configOf({ rln: RLN })).toMatchObject({
      rlnRelay: true,
      rlnRelayCredPath: '/keys/rln.json',
      rlnRelayCredPassword: 'secret',
      ethClientUrls: RLN.chainRpcUrls,
      rlnRelayEthClientAddress: RLN.chainRpcUrls[0],
      rlnEpochSizeSec: 600,
      rlnRelayUserMessageLimit: 100,
    });
    expect(configOf({})).not.toHaveProperty('rlnRelay');
  });

  it('of a light client has no relay', () => {
    expect(configOf({ light: true }, GO_WAKU)).toMatchObject({ relay: false });
  });
});
