/** What a user interface has of a host, the same in a browser and in the desktop app. */
import type { Batch, Snapshot } from './live-values.ts';
import type { Answers, OperationName, Progress, Requests } from './operations.ts';

export interface ClientCallOptions<N extends OperationName> {
  /** Cancels the call here and at the host: it fails with CANCELLED at once. */
  signal?: AbortSignal;
  /** Instead of the operation's own limit: it fails with TIMED_OUT, and is cancelled at the host. */
  timeoutMs?: number;
  onProgress?: (progress: Progress[N]) => void;
}

export type ConnectionState =
  | { state: 'connecting' }
  | { state: 'connected' }
  /** Tries again by itself at `nextTryAtMs` (Unix ms of this machine); `attempt` counts from 1. */
  | { state: 'lost'; reason: string; attempt: number; nextTryAtMs: number }
  /** The host does not know this page: only the address that it printed helps. Tries again now and then. */
  | { state: 'refused'; reason: string; attempt: number; nextTryAtMs: number }
  | { state: 'closed' };

/** A connection that repairs itself. Every function that adds a listener returns its unsubscribe. */
export interface Client {
  readonly connection: ConnectionState;
  onConnection(listener: (connection: ConnectionState) => void): () => void;

  /**
   * @throws WakuDeskError of the host's handler; BAD_USE when the request is not of the schema; TIMED_OUT,
   *   CANCELLED; HOST_DISCONNECTED when there is no connection, or it broke before the answer
   */
  call<N extends OperationName>(
    name: N,
    request: Requests[N],
    options?: ClientCallOptions<N>,
  ): Promise<Answers[N]>;

  /**
   * Hears the snapshot after every connection and whenever something was missed: everything known before is void,
   * but for rows of the same `sessionId`. Listen in the turn in which the client was made: there is no replay.
   */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;

  /**
   * Hears every batch after its snapshot, in order and without a gap. A returned promise is the acknowledgement:
   * few batches are sent ahead of it, so a slow listener gets fewer and larger ones.
   */
  onBatch(listener: (batch: Batch) => void | Promise<void>): () => void;

  /** Takes a new snapshot now. */
  resync(): void;
  /** Tries to connect now instead of at `nextTryAtMs`. */
  retryNow(): void;
  /** For good. */
  close(): void;
}
