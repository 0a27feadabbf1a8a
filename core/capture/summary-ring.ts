/** The newest messages of a session, in memory, as rows: 96 bytes each instead of an object. */
import type { DeliveryState, MessageSummary, NewMessage } from './records.ts';
import { RowBlock } from './rows.ts';
import { Strings } from './strings.ts';

export interface SummaryRingOptions {
  /** Rows kept; 100,000 by default. */
  capacity?: number;
  /**
   * Memory for topics, peer ids and codes, in bytes; 64 MiB by default. Content topics are the sender's choice
   * and may be long: beyond this the oldest rows go early.
   */
  maxTextBytes?: number;
}

/**
 * A message has a position: 0 for the first one ever pushed, then contiguous, also for messages that are not
 * captured. Positions never change; the oldest ones leave.
 */
export class SummaryRing {
  readonly capacity: number;
  private readonly maxTextBytes: number;
  private readonly rows: RowBlock;
  private readonly strings = new Strings();
  private oldest = 0;
  private next = 0;
  private lastSeq = 0;

  constructor({ capacity = 100_000, maxTextBytes = 64 * 1024 * 1024 }: SummaryRingOptions = {}) {
    if (!Number.isInteger(capacity) || capacity < 1)
      throw new RangeError('a ring has room for one row or more');
    this.capacity = capacity;
    this.maxTextBytes = maxTextBytes;
    this.rows = new RowBlock();
    this.rows.reserve(capacity);
  }

  get length(): number {
    return this.next - this.oldest;
  }

  /** Position of the oldest row kept. */
  get first(): number {
    return this.oldest;
  }

  /** Position of the newest row; `first - 1` when the ring is empty. */
  get last(): number {
    return this.next - 1;
  }

  /**
   * @param seq its place in the capture, null when it is not captured
   * @returns its position
   */
  push(message: NewMessage, seq: number | null): number {
    const slot = this.takeSlot();
    this.rows.set(slot, message, this.strings, { seq, after: this.lastSeq, offset: 0, lineBytes: 0 });
    return this.pushed(seq);
  }

  /** Takes over row `i` of an index, without making an object of it. @returns its position */
  pushRow(source: RowBlock, i: number, strings: Strings): number {
    const slot = this.takeSlot();
    this.rows.copyRow(slot, source, i, strings, this.strings);
    return this.pushed(source.seq(i));
  }

  /** The row at a position, made on demand; undefined when it has left or is not there yet. */
  at(position: number): MessageSummary | undefined {
    if (!this.has(position)) return undefined;
    return this.rows.summary(position % this.capacity, this.strings);
  }

  /** @returns false when the message has left the ring */
  setState(position: number, delivery: DeliveryState): boolean {
    if (!this.has(position)) return false;
    this.rows.setState(position % this.capacity, delivery, this.strings);
    return true;
  }

  /** Where the captured message `seq` is, or null when it is not in the ring. Logarithmic. */
  positionOf(seq: number): number | null {
    let low = this.oldest;
    let high = this.next;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.rows.seq(middle % this.capacity) < seq) low = middle + 1;
      else high = middle;
    }
    const slot = low % this.capacity;
    return low < this.next && this.rows.seq(slot) === seq && this.rows.captured(slot) ? low : null;
  }

  private has(position: number): boolean {
    return Number.isInteger(position) && position >= this.oldest && position < this.next;
  }

  private takeSlot(): number {
    while (this.length > 0 && (this.length >= this.capacity || this.strings.bytes > this.maxTextBytes)) {
      this.rows.release(this.oldest % this.capacity, this.strings);
      this.oldest++;
    }
    return this.next % this.capacity;
  }

  private pushed(seq: number | null): number {
    if (seq !== null) this.lastSeq = seq;
    return this.next++;
  }
}
