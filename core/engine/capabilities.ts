/** What an engine can do, and why it cannot do the rest. */
import type { ErrorCode } from './errors.ts';

export const ENGINE_KINDS = ['nwaku', 'go-waku', 'js'] as const;
/** The nodes behind the contract: libwaku (Nim), libgowaku (Go), js-libp2p (embedded). */
export type EngineKind = (typeof ENGINE_KINDS)[number];

/** Supported, or the code and the sentence that a user gets who asks for it. */
export type Support = { supported: true } | { supported: false; code: ErrorCode; reason: string };

export interface Capabilities {
  relay: Support;
  /** Filter and lightpush. */
  lightClient: Support;
  storeQuery: Support;
  rln: Support;
  metrics: Support;
  discovery: {
    mdns: Support;
    discv5: Support;
    dns: Support;
    peerExchange: Support;
  };
  /** After stop, start works again in the same process. */
  restartInProcess: Support;
  /** Connects to an address that names no peer. */
  dialUnnamed: Support;
  /** The engine knows which neighbour a message came from. */
  messageOrigin: Support;
  /** The engine counts to how many neighbours a message was really sent. */
  sendCount: Support;
}

export const SUPPORTED: Support = { supported: true };

export function unsupported(reason: string, code: ErrorCode = 'UNSUPPORTED'): Support {
  return { supported: false, code, reason };
}

/** RLN belongs to nwaku: the same answer for every other engine. */
export const RLN_ONLY_NWAKU = unsupported('RLN is built into nwaku alone.', 'RLN_NEEDS_NWAKU');
