/** What a session gives its subscribers. Structured-cloneable and browser-safe. */
import type { DeliveryState, GapRecord, NewMessage } from '../capture/records.ts';
import type { EngineInfo, NodeIdentity } from '../engine/engine.ts';
import type { ErrorData } from '../engine/errors.ts';
import type { EngineEvent, EngineState, PeerInfo, TopicHealth } from '../engine/events.ts';
import type { HashText } from '../waku/hash.ts';

/** A message of this session. */
export interface LiveMessage extends NewMessage {
  /** 0 for the session's first message, then contiguous; also messages that are not captured have one. */
  position: number;
  /** Its number in the capture; null when it is not captured. */
  seq: number | null;
}

/** A new state of the own message at `position`. */
export interface LiveState {
  position: number;
  hash: HashText;
  atNs: bigint;
  delivery: DeliveryState;
}

/** A filter subscription that is wanted. */
export interface FilterStatus {
  pubsubTopic: string;
  contentTopics: string[];
  /** A service node has agreed, and none has left since. */
  served: boolean;
  /** Why it is not served; null where nobody was asked yet. */
  error: ErrorData | null;
}

/** What happens beside messages. */
export type SessionEvent =
  | Exclude<EngineEvent, { type: 'messageReceived' | 'gapped' }>
  | { type: 'filtersChanged'; filters: FilterStatus[] };

/** Everything new since the batch before, in one piece. */
export interface SessionBatch {
  /** 1 for a subscriber's first batch, then contiguous: a missing number means a lost batch. */
  number: number;
  messages: LiveMessage[];
  states: LiveState[];
  gaps: GapRecord[];
  events: SessionEvent[];
  /**
   * Messages, states, gaps and events left out because this subscriber fell behind: more than 0 means that
   * it has to take a new snapshot.
   */
  missed: number;
}

export interface SessionStatistics {
  received: number;
  receivedBytes: number;
  published: number;
  publishedBytes: number;
  /** Messages heard again within the duplicate window. */
  duplicates: number;
  /** Messages from the network that the relay rules refused, by code. */
  refused: Record<string, number>;
  /** Messages shown but not captured (the disk refused them). */
  notCaptured: number;
  /** Messages dropped at a full queue. */
  dropped: number;
  /** Messages per second over the last five seconds. */
  messagesPerSecond: number;
}

export interface TopicStatus {
  pubsubTopic: string;
  meshPeers: string[];
  health: TopicHealth;
}

/** The whole state at one moment: what a subscriber starts from. */
export interface SessionSnapshot {
  engine: EngineInfo;
  state: EngineState;
  /** Why the state is `failed`. */
  error: ErrorData | null;
  identity: NodeIdentity | null;
  peers: PeerInfo[];
  topics: TopicStatus[];
  filters: FilterStatus[];
  statistics: SessionStatistics;
  /** Positions in memory: from `firstPosition` up to, not including, `nextPosition`. */
  firstPosition: number;
  nextPosition: number;
}
