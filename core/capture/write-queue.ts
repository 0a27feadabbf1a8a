/** Appends that wait for their turn, bounded by number and bytes, and what each of them came to. */
import type { AppendInput, AppendRecord, NewGap } from './records.ts';

/** One record that waits. */
export interface Queued {
  record: AppendRecord;
  call: Call;
  /** Its place among the messages of the call; -1 for a state or a gap. */
  at: number;
}

/** One call of append. */
interface Call {
  /** Per message its number, or null when it is not captured. */
  seqs: (number | null)[];
  /** Records that nothing is known of yet. */
  waiting: number;
  done: () => void;
}

export interface QueueLimits {
  maxPendingRecords: number;
  maxPendingBytes: number;
}

export class WriteQueue {
  records = 0;
  bytes = 0;
  /** Messages refused because the queue was full. */
  overflow = 0;
  refusedStates = 0;
  private gap: (NewGap & { lost: number }) | null = null;
  private items: Queued[] = [];
  private head = 0;
  private readonly limits: QueueLimits;

  constructor(limits: QueueLimits) {
    this.limits = limits;
  }

  /** Adds one call; records that find no room are refused at once, and a gap stands for the messages. */
  add({ messages = [], states = [], gaps = [] }: AppendInput): Promise<(number | null)[]> {
    return new Promise((resolve) => {
      const seqs = new Array<number | null>(messages.length).fill(null);
      const done = (): void => {
        resolve(seqs);
      };
      const call: Call = { seqs, waiting: gaps.length + messages.length + states.length, done };
      if (call.waiting === 0) done();
      for (const record of gaps) this.offer({ record, call, at: -1 });
      messages.forEach((record, at) => {
        this.offer({ record, call, at });
      });
      for (const record of states) this.offer({ record, call, at: -1 });
    });
  }

  /** The next record, without taking it. */
  peek(): Queued | undefined {
    return this.items[this.head];
  }

  /** Takes what peek shows. */
  take(): void {
    const item = this.items[this.head];
    if (item === undefined) return;
    this.records--;
    this.bytes -= sizeOf(item.record);
    this.head++;
    if (this.head < 4096 || this.head * 2 < this.items.length) return;
    this.items = this.items.slice(this.head);
    this.head = 0;
  }

  private offer(item: Queued): void {
    // A gap is small, and the record of a loss must not be lost itself.
    const hasRoom = this.records < this.limits.maxPendingRecords && this.bytes < this.limits.maxPendingBytes;
    if (hasRoom || 'reason' in item.record) this.push(item);
    else this.refuse(item);
  }

  private push(item: Queued): void {
    this.items.push(item);
    this.records++;
    this.bytes += sizeOf(item.record);
  }

  private refuse(item: Queued): void {
    if ('message' in item.record) {
      this.overflow++;
      this.noteOverflow();
    } else this.refusedStates++;
    settle(item, null);
  }

  /** One gap per place: it stands behind what was accepted before. */
  private noteOverflow(): void {
    const tail = this.items[this.items.length - 1]?.record;
    if (this.gap !== null && this.head < this.items.length && tail === this.gap) {
      this.gap.lost++;
      return;
    }
    this.gap = { reason: 'overflow', lost: 1, detail: 'the disk was slower than the messages' };
    const call = { seqs: [], waiting: 1, done: () => undefined };
    this.push({ record: this.gap, call, at: -1 });
  }
}

/** Reports what became of one record, once; its call resolves with its last one. */
export function settle({ call, at }: Queued, seq: number | null): void {
  if (at >= 0) call.seqs[at] = seq;
  call.waiting--;
  if (call.waiting === 0) call.done();
}

/** Bytes of the line, roughly. */
function sizeOf(record: AppendRecord): number {
  if (!('message' in record)) return 'detail' in record ? 150 + record.detail.length : 100;
  const { payload, meta, rateLimitProof, contentTopic } = record.message;
  const binary = payload.length + meta.length + rateLimitProof.length;
  return 350 + Math.ceil(binary * 1.4) + contentTopic.length + record.pubsubTopic.length;
}
