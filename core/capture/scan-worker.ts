/** The worker thread of a scan: looks at every row of the given segments and sends the numbers that match. */
import { parentPort, workerData } from 'node:worker_threads';
import { asWakuDeskError } from '../engine/errors.ts';
import { parseFilterOrThrow, type Filter } from '../filter/filter.ts';
import { decodeIndex } from './index-file.ts';
import { PayloadReader } from './payload-reader.ts';
import { RowCursor } from './row-cursor.ts';
import { MAX_BATCHES_AHEAD, type ScanReply, type ScanRequest, type ScanSegment } from './scan-protocol.ts';
import { Segment } from './segment.ts';
import type { SegmentIndex } from './segment-index.ts';
import { codeOf } from './system-error.ts';

const BATCH_SEQS = 4096;
/** Matches wait this long at most, and progress is told this often. */
const INTERVAL_MS = 50;
const ROWS_PER_CLOCK_LOOK = 256;

class Scan {
  private readonly request: ScanRequest;
  private readonly filter: Filter;
  private readonly taken: Int32Array;
  private seqs: number[] = [];
  private batches = 0;
  private scanned = 0;
  private matched = 0;
  private toldMs = performance.now();

  constructor(request: ScanRequest) {
    this.request = request;
    this.filter = parseFilterOrThrow(request.filter, request.nowMs);
    this.taken = new Int32Array(request.taken);
  }

  async run(): Promise<void> {
    for (const part of this.request.segments) {
      if (this.matched >= this.request.limit) break;
      const segment = new Segment(this.request.dir, this.request.captureId, part.firstSeq);
      const index = await indexOf(segment, part);
      if (index !== null) this.scanSegment(segment, index);
    }
    this.flush();
    this.send({ type: 'done', scanned: this.scanned, matched: this.matched });
  }

  private scanSegment(segment: Segment, index: SegmentIndex): void {
    const { fromSeq, toSeq, direction, limit } = this.request;
    const first = Math.max(0, fromSeq - index.firstSeq);
    const last = Math.min(index.rows.count - 1, toSeq - index.firstSeq);
    const payloads = new PayloadReader(segment.path, index, direction);
    const cursor = new RowCursor(index, payloads);
    const { matches } = this.filter;
    try {
      for (let i = 0; i <= last - first && this.matched < limit; i++) {
        const row = direction === 'forward' ? first + i : last - i;
        if (!index.rows.captured(row)) continue;
        this.scanned++;
        if (matches(cursor.moveTo(row))) this.found(index.firstSeq + row);
        if (this.scanned % ROWS_PER_CLOCK_LOOK === 0) this.tell();
      }
    } catch (error) {
      // Removed by retention before its first payload was asked for.
      if (codeOf(error) !== 'ENOENT') throw error;
    } finally {
      payloads.close();
    }
  }

  private found(seq: number): void {
    this.matched++;
    this.seqs.push(seq);
    if (this.seqs.length >= BATCH_SEQS) this.flush();
  }

  private tell(): void {
    const nowMs = performance.now();
    if (nowMs - this.toldMs < INTERVAL_MS) return;
    this.toldMs = nowMs;
    this.flush();
    this.send({ type: 'progress', scanned: this.scanned, matched: this.matched });
  }

  private flush(): void {
    if (this.seqs.length === 0) return;
    this.send({ type: 'batch', seqs: Float64Array.from(this.seqs) });
    this.seqs = [];
    this.batches++;
    for (let taken = this.takenNow(); this.batches - taken > MAX_BATCHES_AHEAD; taken = this.takenNow())
      Atomics.wait(this.taken, 0, taken);
  }

  private takenNow(): number {
    return Atomics.load(this.taken, 0);
  }

  private send(reply: ScanReply): void {
    parentPort?.postMessage(reply);
  }
}

/** null when the segment has been removed since the scan began. */
async function indexOf(segment: Segment, { index }: ScanSegment): Promise<SegmentIndex | null> {
  if (index !== null) return decodeIndex(Buffer.from(index.buffer, index.byteOffset, index.length));
  try {
    return (await segment.readIndex()) ?? (await segment.parse(1));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

new Scan(workerData as ScanRequest).run().catch((error: unknown) => {
  const failure = asWakuDeskError(error, {
    code: 'FILE_FAILED',
    operation: 'capture.scan',
    hint: 'Try again; if it stays so, report it.',
  });
  parentPort?.postMessage({ type: 'failed', error: failure.toData() } satisfies ScanReply);
});
