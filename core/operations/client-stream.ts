/** The live stream at the client: a snapshot, batches in order, and a new snapshot when one is missing. */
import { EventHub } from '../engine/event-hub.ts';
import { batchSchema, type Batch, type Snapshot } from './live-values.ts';

export interface ClientStreamOptions {
  takeSnapshot: () => Promise<Snapshot>;
  acknowledge: (stream: number, number: number) => void;
  /** A snapshot arrived. */
  taken: () => void;
  /** The host answers no snapshot: the connection is of no use. */
  failed: (reason: string) => void;
}

type BatchListener = (batch: Batch) => void | Promise<void>;

/** A client that cannot keep up takes snapshots no faster than this. */
const MIN_PAUSE_MS = 250;

export class ClientStream {
  readonly #options: ClientStreamOptions;
  readonly #snapshots = new EventHub<Snapshot>();
  readonly #listeners = new Set<BatchListener>();
  /** The stream whose batches count; null while a snapshot is on its way. */
  #stream: number | null = null;
  #nextNumber = 1;
  #lastSnapshotMs = -Infinity;
  /** Counts beginnings and ends, so that a late answer is known as such. */
  #round = 0;
  #waiting = false;
  /** Batches that came before the answer with their snapshot did. */
  #early: Batch[] = [];

  constructor(options: ClientStreamOptions) {
    this.#options = options;
  }

  onSnapshot(listener: (snapshot: Snapshot) => void): () => void {
    return this.#snapshots.add(listener);
  }

  onBatch(listener: BatchListener): () => void {
    const entry: BatchListener = (batch) => listener(batch);
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** Takes a snapshot, unless one is on its way. */
  begin(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#stream = null;
    this.#early = [];
    void this.#take(++this.#round);
  }

  /** The connection is gone: the next one begins at once. */
  end(): void {
    this.#round++;
    this.#waiting = false;
    this.#stream = null;
    this.#early = [];
    this.#lastSnapshotMs = -Infinity;
  }

  receive(value: unknown): void {
    const { success, data: batch } = batchSchema.safeParse(value);
    if (!success) this.begin();
    else if (this.#waiting) this.#early.push(batch);
    else if (batch.stream === this.#stream) this.#apply(batch);
  }

  async #take(round: number): Promise<void> {
    const pauseMs = this.#lastSnapshotMs + MIN_PAUSE_MS - performance.now();
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (round !== this.#round) return;
    try {
      const snapshot = await this.#options.takeSnapshot();
      if (round === this.#round) this.#taken(snapshot);
    } catch (error) {
      if (round !== this.#round) return;
      this.#waiting = false;
      this.#options.failed(error instanceof Error ? error.message : String(error));
    }
  }

  #taken(snapshot: Snapshot): void {
    this.#waiting = false;
    this.#lastSnapshotMs = performance.now();
    this.#stream = snapshot.stream;
    this.#nextNumber = 1;
    this.#options.taken();
    this.#safely(() => {
      this.#snapshots.emit(snapshot);
    });
    const early = this.#early;
    this.#early = [];
    for (const batch of early) if (batch.stream === this.#stream) this.#apply(batch);
  }

  #apply(batch: Batch): void {
    if (batch.number !== this.#nextNumber || batch.missed > 0) {
      this.begin();
      return;
    }
    this.#nextNumber++;
    const done: Promise<void>[] = [];
    for (const listener of this.#listeners)
      this.#safely(() => {
        done.push(Promise.resolve(listener(batch)));
      });
    void Promise.allSettled(done).then(() => {
      this.#options.acknowledge(batch.stream, batch.number);
    });
  }

  /** A listener's fault must not cost the batches behind this one, nor the acknowledgement. */
  #safely(work: () => void): void {
    try {
      work();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
