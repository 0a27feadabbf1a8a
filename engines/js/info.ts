/** What the embedded engine is and can do. */
import { RLN_ONLY_NWAKU, SUPPORTED, unsupported } from '../../core/engine/capabilities.ts';
import type { EngineInfo } from '../../core/engine/engine.ts';
import manifest from '../../package.json' with { type: 'json' };

const { libp2p, '@libp2p/gossipsub': gossipsub } = manifest.devDependencies;
const NOT_HERE = 'The embedded engine has no such protocol.';

export const JS_ENGINE_INFO: EngineInfo = {
  kind: 'js',
  version: `libp2p ${libp2p}, gossipsub ${gossipsub}`,
  capabilities: {
    relay: SUPPORTED,
    lightClient: unsupported('The embedded engine relays only; go-waku has filter and lightpush.'),
    storeQuery: unsupported('The embedded engine relays only; nwaku and go-waku query stores.'),
    rln: RLN_ONLY_NWAKU,
    metrics: SUPPORTED,
    discovery: {
      mdns: SUPPORTED,
      discv5: unsupported("discv5 for JavaScript speaks Ethereum's protocol id, not Waku's."),
      dns: unsupported(NOT_HERE),
      peerExchange: unsupported(NOT_HERE),
    },
    restartInProcess: SUPPORTED,
    messageOrigin: SUPPORTED,
    sendCount: SUPPORTED,
  },
};
