/** What an outgoing stream is made of, and its bounds. */
import type { GapRecord } from '../../core/capture/records.ts';
import type { PeerInfo } from '../../core/engine/events.ts';
import type { Counters, LogLine, NodeStatus, StateChange } from '../../core/operations/live-values.ts';
import type { MessageRow } from '../../core/operations/message-values.ts';
import type { LiveMessage } from '../../core/session/types.ts';
import type { LogCursor } from './log-book.ts';

/** What a batch is made of beside what queues. The same object means the same content. */
export interface LiveSources {
  readonly node: NodeStatus;
  readonly peers: readonly PeerInfo[];
  readonly counters: Counters;
  /** Log lines behind a cursor. */
  logSince(cursor: LogCursor): LogLine[];
}

/** New for every stream. `rows` are the rows of `messages`. */
export interface LiveDelta {
  messages: readonly LiveMessage[];
  rows: readonly MessageRow[];
  states: readonly StateChange[];
  gaps: readonly GapRecord[];
}

export interface StreamBounds {
  maxUnacknowledged: number;
  /** Pause between two batches. */
  intervalMs: number;
  /** Rows, states and gaps in one batch. */
  batchItems: number;
  queuedItems: number;
  queuedBytes: number;
}

export const DEFAULT_STREAM_BOUNDS: Readonly<StreamBounds> = {
  maxUnacknowledged: 3,
  intervalMs: 30,
  batchItems: 2_000,
  queuedItems: 20_000,
  queuedBytes: 16 * 1024 * 1024,
};
