/**
 * Payloads of a segment for a scan: read in big chunks in the direction of the scan, and cut out of the line
 * without reading its JSON. Synchronous, since a worker thread has nothing else to do.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { MAX_LINE_BYTES, MESSAGE_END, parseLine, PAYLOAD_KEY } from './lines.ts';
import type { ScanDirection } from './scan-protocol.ts';
import type { SegmentIndex } from './segment-index.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);

export class PayloadReader {
  private file: number | null = null;
  private chunk = Buffer.alloc(0);
  private start = 0;
  private end = 0;
  private readonly path: string;
  private readonly index: SegmentIndex;
  private readonly direction: ScanDirection;

  constructor(path: string, index: SegmentIndex, direction: ScanDirection) {
    this.path = path;
    this.index = index;
    this.direction = direction;
  }

  /** Empty when the line is no longer what the index says. @throws the system's error */
  payload(row: number): Buffer {
    const line = this.line(this.index.rows.offset(row), this.index.rows.lineBytes(row));
    const base64Bytes = Math.ceil(this.index.rows.payloadBytes(row) / 3) * 4;
    const to = line.length - MESSAGE_END.length;
    const from = to - base64Bytes;
    const key = line.toString('latin1', Math.max(0, from - PAYLOAD_KEY.length), Math.max(0, from));
    if (key === PAYLOAD_KEY) return Buffer.from(line.toString('latin1', from, to), 'base64');
    // Not a line as this program writes it, but perhaps one that someone formatted.
    const parsed = parseLine(line.toString('utf8'));
    return parsed.kind === 'message' ? Buffer.from(parsed.record.message.payload) : NOTHING;
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }

  private line(offset: number, length: number): Buffer {
    if (length > MAX_LINE_BYTES || offset + length > this.index.segmentBytes) return NOTHING;
    if (offset < this.start || offset + length > this.end) this.load(offset, length);
    if (offset + length > this.end) return NOTHING;
    return this.chunk.subarray(offset - this.start, offset - this.start + length);
  }

  private load(offset: number, length: number): void {
    this.file ??= openSync(this.path, 'r');
    const size = Math.max(CHUNK_BYTES, length);
    if (this.chunk.length < size) this.chunk = Buffer.allocUnsafeSlow(size);
    this.start = this.direction === 'forward' ? offset : Math.max(0, offset + length - size);
    this.end = this.start + readSync(this.file, this.chunk, 0, size, this.start);
  }
}
