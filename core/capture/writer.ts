/** Writes a capture: one write at a time, which takes all that was appended meanwhile. */
import { describeCause } from '../engine/errors.ts';
import { ActiveSegment } from './active-segment.ts';
import { Batch, type BatchLoss } from './batch.ts';
import { OwedGaps } from './owed-gaps.ts';
import type { AppendInput, NewGap } from './records.ts';
import type { Segment } from './segment.ts';
import { SegmentIndex } from './segment-index.ts';
import type { SegmentStore } from './segment-store.ts';
import { WriteQueue, type QueueLimits } from './write-queue.ts';

export interface WriterOptions extends QueueLimits {
  /** Segments and indexes together, in bytes. */
  maxBytes: number;
  segmentBytes: number;
  syncIntervalMs: number;
}

export class Writer {
  readonly queue: WriteQueue;
  /** Messages that the disk refused. */
  refusedMessages = 0;
  /** States that are not captured. */
  refusedStates = 0;
  syncErrors = 0;
  /** The last thing that went wrong on the disk. */
  lastError: unknown = null;
  private readonly store: SegmentStore;
  private readonly options: WriterOptions;
  private readonly batch = new Batch();
  private readonly owed = new OwedGaps();
  private active: ActiveSegment | null = null;
  private running: Promise<void> | null = null;
  private sealing: Promise<void> = Promise.resolve();
  private syncTimer: NodeJS.Timeout | null = null;

  constructor(store: SegmentStore, options: WriterOptions) {
    this.store = store;
    this.options = options;
    this.queue = new WriteQueue(options);
  }

  /** @returns per message its number, or null when it is not captured. Never rejects. */
  append(input: AppendInput): Promise<(number | null)[]> {
    const seqs = this.queue.add(input);
    this.running ??= this.run();
    return seqs;
  }

  /** Cuts off a torn end before anything else happens. @throws the system's error */
  async start(): Promise<void> {
    if ((this.store.last?.tornBytes ?? 0) === 0) return;
    const active = await this.openActive();
    await active.truncate();
  }

  /** Writes what waits, and the index of the last segment. */
  async close(): Promise<void> {
    await this.running;
    if (this.owed.size > 0) await this.writeBatch();
    if (this.syncTimer !== null) clearTimeout(this.syncTimer);
    await this.rotate();
    await this.sealing;
    const { last } = this.store;
    if (last?.indexBytes === 0) await this.seal(last, null);
  }

  private async run(): Promise<void> {
    // Later calls in this turn of the event loop join the first write.
    await Promise.resolve();
    while (this.queue.peek() !== undefined) await this.writeBatch();
    this.running = null;
  }

  private async writeBatch(): Promise<void> {
    const { batch, options } = this;
    const active = await this.openActive().catch((error: unknown) => {
      this.lastError = error;
      return null;
    });
    const index = active?.index ?? new SegmentIndex(this.store.nextSeq, 1, 0n);
    const room = options.segmentBytes - index.segmentBytes;
    batch.fill(index, this.store.captureId, this.queue, this.owed.takeAll(), room);
    this.lose(batch.refused, 'overflow', 'no line could be made of it');
    const bytes = active === null ? 0 : await this.write(active);
    this.lose(batch.commit(index, bytes), 'disk', describeCause(this.lastError));
    // What cannot be cut off now is cut off before the next write.
    await active?.truncate().catch(() => undefined);
    if (index.segmentBytes >= options.segmentBytes && index.rows.count > 0) await this.rotate();
  }

  /** @returns how much of the batch is on disk */
  private async write(active: ActiveSegment): Promise<number> {
    const { bytes, length } = this.batch.out;
    await this.makeRoom(this.batch.sizeBytes);
    const written = await active.write(bytes.subarray(0, length));
    if (written.error !== null) this.lastError = written.error;
    this.syncTimer ??= setTimeout(() => void this.sync(active), this.options.syncIntervalMs).unref();
    return written.bytes;
  }

  private async openActive(): Promise<ActiveSegment> {
    const { store, options } = this;
    if (this.active !== null) return this.active;
    const { last } = store;
    const index = last?.resident ?? null;
    if (
      last !== undefined &&
      index !== null &&
      (index.segmentBytes < options.segmentBytes || index.rows.count === 0)
    )
      return (this.active = await ActiveSegment.reopen(last, index));
    // A crash may have left it without an index.
    if (last !== undefined) this.sealing = this.sealing.then(() => this.seal(last, null));
    const ordinal = (last?.totals.ordinal ?? 0) + 1;
    this.active = await ActiveSegment.create(store.dir, store.captureId, store.nextSeq, ordinal);
    store.segments = [...store.segments, this.active.segment];
    return this.active;
  }

  private lose({ messages, states, gaps }: BatchLoss, reason: NewGap['reason'], detail: string): void {
    this.refusedMessages += messages;
    this.refusedStates += states;
    for (const gap of gaps) this.owed.add(gap);
    if (messages > 0) this.owed.add({ reason, lost: messages, detail });
  }

  /** Removes the oldest segments until there is room for so many bytes. The newest one stays. */
  private async makeRoom(bytes: number): Promise<void> {
    const { store, options } = this;
    while (store.segments.length > 1 && store.bytes + bytes > options.maxBytes) {
      await this.sealing;
      try {
        await store.removeOldest();
      } catch (error) {
        this.lastError = error;
        return;
      }
    }
  }

  /** Ends the segment. Its index is written while the next one is already being filled. */
  private async rotate(): Promise<void> {
    const { active } = this;
    if (active === null) return;
    await this.sealing;
    this.active = null;
    this.sealing = this.seal(active.segment, active);
  }

  private async seal(segment: Segment, active: ActiveSegment | null): Promise<void> {
    try {
      // The index must not tell of lines that a power cut could still take.
      if (active !== null) await this.trySync(active);
      await active?.truncate();
      await segment.seal();
    } catch (error) {
      this.lastError = error;
    }
    await active?.close();
  }

  private async sync(active: ActiveSegment): Promise<void> {
    this.syncTimer = null;
    if (active === this.active) await this.trySync(active);
  }

  private async trySync(active: ActiveSegment): Promise<void> {
    try {
      await active.sync();
    } catch (error) {
      this.syncErrors++;
      this.lastError = error;
    }
  }
}
