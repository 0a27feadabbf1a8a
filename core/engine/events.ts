/** What an engine tells. Structured-cloneable; times are Unix ns as bigint. */
import type { WakuMessage } from '../waku/message.ts';
import type { ErrorCode, ErrorData } from './errors.ts';

/** Where the node stands. `failed` carries why. */
export type EngineState = 'stopped' | 'starting' | 'running' | 'stopping' | 'failed';

/** nwaku's three degrees, by the number of mesh peers: 0, 1 to 3, 4 and more. */
export type TopicHealth = 'UnHealthy' | 'MinimallyHealthy' | 'SufficientlyHealthy';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** How a peer came to be known: given by the user, found by discovery, or it dialled us. */
export type PeerOrigin = 'static' | 'manual' | 'discovered' | 'inbound';

export interface PeerInfo {
  peerId: string;
  /** Multiaddrs, the connection's own first. */
  addresses: string[];
  protocols: string[];
  /** Empty until identified. */
  agent: string;
  direction: 'inbound' | 'outbound';
  origin: PeerOrigin;
  /** Shards that the peer's metadata names; null until it answered. */
  shards: number[] | null;
  /** Last measured round trip in ms, or null. */
  latencyMs: number | null;
  connectedSinceNs: bigint;
}

/** A copy that shares nothing with it: what leaves an engine must not change any more. */
export function copyPeer(info: PeerInfo): PeerInfo {
  return {
    ...info,
    addresses: [...info.addresses],
    protocols: [...info.protocols],
    shards: info.shards === null ? null : [...info.shards],
  };
}

export type EngineEvent =
  | {
      type: 'messageReceived';
      pubsubTopic: string;
      message: WakuMessage;
      /** Unix ns at which the engine had it. */
      receivedNs: bigint;
      /** The neighbour it came from, or null where the engine cannot tell. */
      fromPeer: string | null;
      /** The node's own message coming back: an echo, never a delivery. */
      own: boolean;
      /** The hash that the engine's library claims, checked by the session; null where it claims none. */
      claimedHash: string | null;
    }
  | {
      /** A message from the network that the relay rules refused: counted, never shown as a message. */
      type: 'messageRefused';
      pubsubTopic: string;
      fromPeer: string | null;
      code: ErrorCode;
      sizeBytes: number;
    }
  | { type: 'peerJoined'; peer: PeerInfo }
  | { type: 'peerLeft'; peerId: string; reason: string | null }
  | { type: 'peerIdentified'; peer: PeerInfo }
  | { type: 'meshChanged'; pubsubTopic: string; peerIds: string[] }
  | { type: 'topicHealthChanged'; pubsubTopic: string; health: TopicHealth }
  | { type: 'logged'; level: LogLevel; component: string; text: string; atNs: bigint }
  | { type: 'stateChanged'; state: EngineState; error: ErrorData | null }
  | {
      /** Events were lost between the engine and here. */
      type: 'gapped';
      reason: 'overflow' | 'engine';
      lost: number | null;
      detail: string;
    };

export type EngineEventType = EngineEvent['type'];

export function topicHealth(meshPeers: number): TopicHealth {
  if (meshPeers === 0) return 'UnHealthy';
  return meshPeers < 4 ? 'MinimallyHealthy' : 'SufficientlyHealthy';
}
