/** The lines of one write, and what each of them stands for. */
import { nowNs } from '../engine/clock.ts';
import { LineBuffer, MAX_LINE_BYTES, writeGap, writeHead, writeMessage, writeState } from './lines.ts';
import type { GapRecord, NewGap } from './records.ts';
import { ROW_BYTES } from './rows.ts';
import type { SegmentIndex } from './segment-index.ts';
import { settle, type Queued, type WriteQueue } from './write-queue.ts';

/** A write ends with the line that reaches this size. */
const WRITE_BYTES = 1024 * 1024;
/** Characters of a gap's detail. */
const MAX_DETAIL = 1000;
/** Header and new texts of an index. */
const INDEX_OVERHEAD_BYTES = 2048;

interface BatchLine {
  /** Where the line ends in the buffer. */
  end: number;
  /** null for a line that nobody waits for. */
  item: Queued | null;
  gap: GapRecord | null;
}

export interface BatchLoss {
  messages: number;
  states: number;
  gaps: NewGap[];
}

export class Batch {
  readonly out = new LineBuffer();
  /** What {@link fill} did not take into a line. */
  refused: BatchLoss = noLoss();
  private lines: BatchLine[] = [];
  private nextSeq = 0;

  /**
   * Takes from the queue what fits into the segment and into one write.
   * @param owed gaps that could not be written before; they come first
   */
  fill(
    index: SegmentIndex,
    captureId: string,
    queue: WriteQueue,
    owed: readonly NewGap[],
    room: number,
  ): void {
    this.out.clear();
    this.lines = [];
    this.refused = noLoss();
    this.nextSeq = index.nextSeq;
    if (index.segmentBytes === 0) {
      const { ordinal, firstSeq, createdNs } = index;
      writeHead(this.out, { captureId, ordinal, firstSeq, createdNs });
      this.lines.push({ end: this.out.length, item: null, gap: null });
    }
    for (const gap of owed) this.addGap(gap, null);
    const limit = Math.min(WRITE_BYTES, room);
    for (let item = queue.peek(); item !== undefined; item = queue.peek()) {
      queue.take();
      // A segment ends after a message only, since the next one is named after the message that it starts with.
      if (room <= 0 && !('message' in item.record)) lose(this.refused, item, null);
      else this.add(item);
      if (this.out.length >= limit) return;
    }
  }

  /** Bytes on disk that this batch comes to, with its rows in the index. */
  get sizeBytes(): number {
    return this.out.length + this.lines.length * ROW_BYTES + INDEX_OVERHEAD_BYTES;
  }

  /**
   * Enters the lines that are whole on disk into the index and reports them; the others are lost. So are owed
   * gaps that nothing follows: on a full disk each attempt would leave one more of them.
   */
  commit(index: SegmentIndex, bytes: number): BatchLoss {
    const first = this.lines.find(({ item }) => item !== null)?.end ?? 0;
    const writtenBytes = bytes < first ? 0 : bytes;
    const base = index.segmentBytes;
    const loss = noLoss();
    let start = 0;
    for (const { end, item, gap } of this.lines) {
      if (end > writtenBytes) lose(loss, item, gap);
      else {
        enter(index, item, gap, base + start, end - start);
        index.segmentBytes = base + end;
      }
      start = end;
    }
    return loss;
  }

  private add(item: Queued): void {
    const { record } = item;
    const start = this.out.length;
    try {
      if ('reason' in record) this.addGap(record, item);
      else if ('message' in record) writeMessage(this.out, record, this.nextSeq);
      else writeState(this.out, record);
      if (this.out.length - start > MAX_LINE_BYTES) throw new RangeError('a line is too long');
    } catch {
      // Also what is no message at all must not stop the others.
      this.out.length = start;
      if ('reason' in record) settle(item, null);
      else lose(this.refused, item, null);
      return;
    }
    if ('reason' in record) return;
    if ('message' in record) this.nextSeq++;
    this.lines.push({ end: this.out.length, item, gap: null });
  }

  private addGap({ reason, lost, detail, atNs }: NewGap, item: Queued | null): void {
    const afterSeq = this.nextSeq - 1;
    const gap = { reason, lost, afterSeq, atNs: atNs ?? nowNs(), detail: detail.slice(0, MAX_DETAIL) };
    writeGap(this.out, gap);
    this.lines.push({ end: this.out.length, item, gap });
  }
}

function enter(
  index: SegmentIndex,
  item: Queued | null,
  gap: GapRecord | null,
  offset: number,
  lineBytes: number,
): void {
  if (gap !== null) index.gaps.push(gap);
  if (item === null) return;
  const { record } = item;
  const seq = index.nextSeq;
  if ('message' in record) index.addMessage(record, offset, lineBytes);
  else if ('delivery' in record) index.addState(record);
  settle(item, seq);
}

function lose(loss: BatchLoss, item: Queued | null, gap: GapRecord | null): void {
  if (gap !== null) loss.gaps.push(gap);
  if (item === null) return;
  if ('message' in item.record) loss.messages++;
  else if ('delivery' in item.record) loss.states++;
  else if (gap === null) loss.gaps.push(item.record);
  settle(item, null);
}

function noLoss(): BatchLoss {
  return { messages: 0, states: 0, gaps: [] };
}
