/**
 * What a capture holds: messages, the states of own messages, and gaps. Types only and browser-safe: the
 * window shows the same records that the disk holds.
 */
import type { HashText } from '../waku/hash.ts';
import type { WakuMessage } from '../waku/message.ts';

/** `in`: heard from the network. `out`: published here; the engine's echo of it merges into the same record. */
export type Direction = 'in' | 'out';

/** One relay message as the session saw it, before it has a place in a capture. */
export interface NewMessage {
  dir: Direction;
  pubsubTopic: string;
  message: WakuMessage;
  /** Deterministic hash, computed here from the fields (never taken from an engine). */
  hash: HashText;
  /** When the session got it (in) or was asked to send it (out): Unix time in ns. */
  receivedNs: bigint;
  /** The neighbour that it came from first, where the engine knows; null for own messages. */
  fromPeer: string | null;
}

/** A message with its place in the capture. */
export interface MessageRecord extends NewMessage {
  /** 1 for the first message of a capture, then contiguous, also after reopening. */
  seq: number;
}

/**
 * What became of an own message; states are appended and never taken back.
 * - accepted: the engine took it
 * - echoed: the engine's own event of it arrived
 * - sent: really sent to `peers` neighbours (counted sends, never the mesh size)
 * - confirmed: a store node has it
 * - failed: `code` says why
 */
export type DeliveryState =
  | { state: 'accepted' }
  | { state: 'echoed' }
  | { state: 'sent'; peers: number }
  | { state: 'confirmed' }
  | { state: 'failed'; code: string };

/** A state of the message `seq`. */
export interface StateRecord {
  seq: number;
  atNs: bigint;
  delivery: DeliveryState;
}

/**
 * A place where messages may be missing: nothing is dropped without a count.
 * - disk: messages that were shown live but could not be written
 * - overflow: a bounded queue was full
 * - engine: the engine died or was restarted
 * - retention: the oldest segments were removed to keep the capture within its size
 */
export interface GapRecord {
  reason: 'disk' | 'overflow' | 'engine' | 'retention';
  /** Messages lost, or null when nobody can know. */
  lost: number | null;
  /** The gap lies after this message (0: before the first). */
  afterSeq: number;
  atNs: bigint;
  detail: string;
}

/** A gap as it is reported to a capture, which sets its place. `atNs`: now when left out. */
export type NewGap = Omit<GapRecord, 'afterSeq' | 'atNs'> & { atNs?: bigint };

/** One append: gaps come first, then messages, then states. */
export interface AppendInput {
  messages?: readonly NewMessage[];
  /** Of messages that have their numbers. */
  states?: readonly StateRecord[];
  gaps?: readonly NewGap[];
}

/** Anything that can be appended. */
export type AppendRecord = NewMessage | StateRecord | NewGap;

/** A message of a capture with everything that became of it, oldest state first. */
export interface StoredMessage extends MessageRecord {
  states: readonly StateRecord[];
}

/** One row of a list of messages: everything but the bytes. Structured-cloneable. */
export interface MessageSummary {
  /** null when the message could not be captured. */
  seq: number | null;
  captured: boolean;
  dir: Direction;
  pubsubTopic: string;
  contentTopic: string;
  /** Payload size in bytes. */
  payloadBytes: number;
  hash: HashText;
  /** Unix ns. */
  receivedNs: bigint;
  /** The sender's timestamp, Unix ns; 0 when it gave none. */
  timestampNs: bigint;
  fromPeer: string | null;
  ephemeral: boolean;
  version: number;
  /** The latest state of an own message; null when there is none. */
  state: DeliveryState | null;
}
