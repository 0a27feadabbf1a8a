/** One segment of a capture: its file, its totals, and its index where that is in memory. */
import { open, stat, truncate } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  encodeIndex,
  identify,
  readHeader,
  readIndex,
  writeIndex,
  type SegmentIdentity,
} from './index-file.ts';
import { readSegment } from './recover.ts';
import { SegmentIndex, type SegmentTotals } from './segment-index.ts';
import { codeOf } from './system-error.ts';

/** Of a file's end: enough to tell one line from another. */
const TAIL_BYTES = 512;
const SEGMENT_NAME = /^messages-(\d{8,15})\.ndjson$/;

/** The number in a segment's file name, or null for any other file. */
export function firstSeqOf(name: string): number | null {
  const firstSeq = Number(SEGMENT_NAME.exec(name)?.[1] ?? 0);
  return firstSeq > 0 && segmentName(firstSeq) === name ? firstSeq : null;
}

export function segmentName(firstSeq: number): string {
  return `messages-${String(firstSeq).padStart(8, '0')}.ndjson`;
}

/** `rebuilt`: an index was not there or did not fit, so all lines were read. */
export interface Opened {
  rebuilt: boolean;
  tornBytes: number;
}

export class Segment {
  readonly captureId: string;
  readonly path: string;
  readonly indexPath: string;
  readonly firstSeq: number;
  /** Set while the index is kept in memory: the segment grows, or its index could not be written. */
  resident: SegmentIndex | null = null;
  /** Size of the index file, 0 when there is none. */
  indexBytes = 0;
  /** Bytes at the end that are no whole line, as of the last reading. */
  tornBytes = 0;
  private sealed: SegmentTotals | null = null;
  /** The end of what `resident` was read from. */
  private tail: Buffer = Buffer.alloc(0);

  constructor(dir: string, captureId: string, firstSeq: number) {
    this.captureId = captureId;
    this.firstSeq = firstSeq;
    this.path = join(dir, segmentName(firstSeq));
    this.indexPath = indexPathOf(this.path);
  }

  get totals(): SegmentTotals {
    const totals = this.resident?.totals() ?? this.sealed;
    if (totals === null) throw new Error(`${this.path} has not been opened`);
    return totals;
  }

  /** Size of segment and index in bytes. */
  get bytes(): number {
    if (this.resident === null) return (this.sealed?.segmentBytes ?? 0) + this.indexBytes;
    return this.resident.segmentBytes + Math.max(this.indexBytes, this.resident.sizeBytes);
  }

  /** The last message number, also of a message that is damaged; `firstSeq - 1` when there is none. */
  get lastSeq(): number {
    return this.firstSeq + (this.resident?.rows.count ?? this.sealed?.rows ?? 0) - 1;
  }

  /**
   * Opens a segment that grows no more: its index's header is enough.
   * @returns whether the index had to be made again; it is then in `resident`
   */
  async openSealed(ordinal: number): Promise<Opened> {
    if (await this.readHeader()) return { rebuilt: false, tornBytes: 0 };
    await this.parse(ordinal);
    return { rebuilt: true, tornBytes: this.tornBytes };
  }

  /** Lets go of `resident` if the index is on disk. @returns whether it is */
  async readHeader(): Promise<boolean> {
    const header = await readHeader(this.indexPath, await this.identity());
    if (header === null) return false;
    this.indexBytes = (await stat(this.indexPath)).size;
    this.sealed = header;
    this.resident = null;
    return true;
  }

  /** Opens the segment that may grow on. Its index is then in `resident`. */
  async openLast(ordinal: number): Promise<Opened> {
    const index = await this.readIndex();
    if (index === null) {
      await this.parse(ordinal);
      return { rebuilt: await exists(this.indexPath), tornBytes: this.tornBytes };
    }
    this.resident = index;
    this.indexBytes = (await stat(this.indexPath)).size;
    return { rebuilt: false, tornBytes: 0 };
  }

  /** The index on disk as a whole; null when it is missing or does not fit. */
  async readIndex(): Promise<SegmentIndex | null> {
    return readIndex(this.indexPath, await this.identity());
  }

  /** Reads all lines into `resident`. */
  async parse(ordinal: number): Promise<SegmentIndex> {
    const { mtimeMs } = await stat(this.path);
    const index = new SegmentIndex(this.firstSeq, ordinal, BigInt(Math.floor(mtimeMs)) * 1_000_000n);
    await this.readOn(index);
    this.resident = index;
    return index;
  }

  /** Reads what has been added to `resident` since, for a segment that another process writes. */
  async follow(): Promise<void> {
    if (this.resident === null) return;
    if ((await this.tailOf(this.resident)).equals(this.tail)) await this.readOn(this.resident);
    else await this.parse(this.resident.ordinal);
  }

  private async readOn(index: SegmentIndex): Promise<void> {
    const file = await open(this.path, 'r');
    try {
      ({ tornBytes: this.tornBytes } = await readSegment(file, index));
    } finally {
      await file.close();
    }
    this.tail = await this.tailOf(index);
  }

  /** A writer on a full disk takes back lines that it has just written; their place then holds other ones. */
  private async tailOf({ segmentBytes }: SegmentIndex): Promise<Buffer> {
    const file = await open(this.path, 'r');
    try {
      const tail = Buffer.alloc(Math.min(TAIL_BYTES, segmentBytes));
      await file.read(tail, 0, tail.length, segmentBytes - tail.length);
      return tail;
    } finally {
      await file.close();
    }
  }

  /** Cuts off a torn end, writes the index, and lets go of `resident`: the segment grows no more. */
  async seal(): Promise<void> {
    const index = this.resident;
    if (index === null) return;
    if (this.tornBytes > 0) await truncate(this.path, index.segmentBytes);
    this.tornBytes = 0;
    const identity = await this.identity();
    this.indexBytes = await writeIndex(this.indexPath, encodeIndex(index, identity));
    this.sealed = index.totals();
    this.resident = null;
  }

  private async identity(): Promise<SegmentIdentity> {
    const file = await open(this.path, 'r');
    try {
      const { size } = await file.stat();
      return await identify(file, this.captureId, this.firstSeq, size);
    } finally {
      await file.close();
    }
  }
}

export function indexPathOf(segmentPath: string): string {
  return join(dirname(segmentPath), `${basename(segmentPath, '.ndjson')}.index`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => codeOf(error) !== 'ENOENT',
  );
}
