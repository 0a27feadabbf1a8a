/** What each engine can do, known without loading it: windows and commands show and check it before a choice. */
import {
  RLN_ONLY_NWAKU,
  SUPPORTED,
  unsupported,
  type Capabilities,
  type EngineKind,
  type Support,
} from './capabilities.ts';
import type { NodeConfig } from './config.ts';
import { WakuDeskError } from './errors.ts';

const NO_MDNS = unsupported('Only the embedded engine finds nodes by mDNS.');
const NOT_EMBEDDED = unsupported('The embedded engine has no such protocol.');
const NOT_OFFERED = unsupported('Waku Desk does not offer this discovery yet; connect by address.');

/** What both native engines have in common. */
const NATIVE = {
  relay: SUPPORTED,
  storeQuery: SUPPORTED,
  metrics: SUPPORTED,
  discovery: { mdns: NO_MDNS, discv5: SUPPORTED, dns: NOT_OFFERED, peerExchange: SUPPORTED },
  messageOrigin: SUPPORTED,
  sendCount: SUPPORTED,
} as const;

export const ENGINE_CAPABILITIES: Readonly<Record<EngineKind, Capabilities>> = {
  nwaku: {
    ...NATIVE,
    lightClient: unsupported(
      'The nwaku build relays only: filter and lightpush are disabled in it. The go-waku build has them.',
      'LIGHT_CLIENT_DISABLED',
    ),
    rln: SUPPORTED,
    dialUnnamed: unsupported('libwaku connects only to an address with a peer id.', 'MULTIADDR_INVALID'),
    restartInProcess: unsupported(
      'libwaku does not answer a second start in one process.',
      'RESTART_NEEDS_NEW_PROCESS',
    ),
  },
  'go-waku': {
    ...NATIVE,
    lightClient: SUPPORTED,
    rln: RLN_ONLY_NWAKU,
    dialUnnamed: SUPPORTED,
    restartInProcess: SUPPORTED,
  },
  js: {
    relay: SUPPORTED,
    lightClient: unsupported('The embedded engine relays only; go-waku has filter and lightpush.'),
    storeQuery: unsupported('The embedded engine relays only; nwaku and go-waku query stores.'),
    rln: RLN_ONLY_NWAKU,
    dialUnnamed: SUPPORTED,
    metrics: SUPPORTED,
    discovery: {
      mdns: SUPPORTED,
      discv5: unsupported("discv5 for JavaScript speaks Ethereum's protocol id, not Waku's."),
      dns: NOT_EMBEDDED,
      peerExchange: NOT_EMBEDDED,
    },
    restartInProcess: SUPPORTED,
    messageOrigin: SUPPORTED,
    sendCount: SUPPORTED,
  },
};

/**
 * Refuses a configuration that asks an engine for what it cannot do; nothing has been started then.
 * @throws WakuDeskError LIGHT_CLIENT_DISABLED, RLN_NEEDS_NWAKU, UNSUPPORTED
 */
export function checkFits(kind: EngineKind, config: NodeConfig): void {
  const { lightClient, rln, discovery } = ENGINE_CAPABILITIES[kind];
  if (config.light) demand('config.light', lightClient);
  if (config.rln !== null) demand('config.rln', rln);
  if (config.mdns) demand('config.mdns', discovery.mdns);
  if (config.discv5UdpPort !== null) demand('config.discv5', discovery.discv5);
  if (config.peerExchange) demand('config.peerExchange', discovery.peerExchange);
}

/** @throws WakuDeskError with the code and the reason of what is not supported */
export function demand(operation: string, support: Support): void {
  if (support.supported) return;
  throw new WakuDeskError(support.code, support.reason, {
    operation,
    hint: 'Leave it out, or choose an engine that has it.',
  });
}
