/** The segments of a capture, oldest first, and the indexes of those that were used lately. */
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { indexPathOf, firstSeqOf, Segment, type Opened } from './segment.ts';
import type { SegmentIndex } from './segment-index.ts';
import { codeOf } from './system-error.ts';

/** Indexes of sealed segments kept in memory: about 5 MB each with 1 KiB messages, 20 MB at the most. */
const CACHED_INDEXES = 4;

export class SegmentStore {
  readonly dir: string;
  readonly captureId: string;
  readonly writable: boolean;
  segments: Segment[] = [];
  /** Bytes of lines that were never wholly written, found at opening. */
  tornBytes = 0;
  /** Indexes that had to be made again. */
  rebuiltIndexes = 0;
  private readonly cache = new Map<Segment, Promise<SegmentIndex>>();

  constructor(dir: string, captureId: string, writable: boolean) {
    this.dir = dir;
    this.captureId = captureId;
    this.writable = writable;
  }

  get last(): Segment | undefined {
    return this.segments[this.segments.length - 1];
  }

  get bytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** 1 for an empty capture. */
  get firstSeq(): number {
    return this.segments[0]?.firstSeq ?? 1;
  }

  /** The number that the next message gets. */
  get nextSeq(): number {
    return (this.last?.lastSeq ?? 0) + 1;
  }

  /** Reads the folder. Only the last segment's rows are read, or its lines after a crash. */
  async open(): Promise<void> {
    const names = await this.names();
    if (this.writable) await this.removeLeftovers(names);
    await this.load(names);
  }

  /** Follows what a writer has done since: for a capture that is open for reading. */
  async refresh(): Promise<void> {
    await this.load(await this.names());
  }

  private async load(names: readonly string[]): Promise<void> {
    const known = new Map(this.segments.map((segment) => [segment.firstSeq, segment]));
    const listed = segmentsIn(this, names).map((found) => known.get(found.firstSeq) ?? found);
    const last = listed[listed.length - 1];
    const loaded = await Promise.all(
      listed.map(async (segment, i) => {
        try {
          if (known.has(segment.firstSeq)) await this.update(segment, segment === last);
          // To a reader a line without its end is one that is being written.
          else if (segment === last) this.count(await segment.openLast(i + 1), this.writable);
          else await this.openSealed(segment, i + 1);
          return segment;
        } catch (error) {
          // Removed by the writer since the folder was listed.
          if (codeOf(error) === 'ENOENT') return null;
          throw error;
        }
      }),
    );
    this.segments = loaded.flatMap((segment) => segment ?? []);
  }

  private async update(segment: Segment, isLast: boolean): Promise<void> {
    if (segment.resident === null) return;
    await segment.follow();
    if (!isLast) await segment.readHeader();
  }

  /** The segments that hold messages from `fromSeq` to `toSeq`, both included. */
  between(fromSeq: number, toSeq: number): Segment[] {
    return this.segments.filter((segment) => segment.firstSeq <= toSeq && segment.lastSeq >= fromSeq);
  }

  /**
   * The whole index of a segment; made again when the one on disk has been damaged since.
   * @throws an ENOENT error when the segment has been removed
   */
  async index(segment: Segment): Promise<SegmentIndex> {
    if (segment.resident !== null) return segment.resident;
    const cached = this.cache.get(segment) ?? this.loadIndex(segment);
    this.cache.delete(segment);
    this.cache.set(segment, cached);
    const [oldest] = this.cache.keys();
    if (this.cache.size > CACHED_INDEXES && oldest !== undefined) this.cache.delete(oldest);
    try {
      return await cached;
    } catch (error) {
      this.cache.delete(segment);
      throw error;
    }
  }

  /** Removes the oldest segment for good. */
  async removeOldest(): Promise<void> {
    const [oldest] = this.segments;
    if (oldest === undefined) return;
    await unlink(oldest.path).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    this.segments = this.segments.slice(1);
    this.cache.delete(oldest);
    // An index without its segment is removed at the next opening.
    await unlink(oldest.indexPath).catch(() => undefined);
  }

  private async loadIndex(segment: Segment): Promise<SegmentIndex> {
    const written = await segment.readIndex();
    if (written !== null) return written;
    const index = await segment.parse(segment.totals.ordinal);
    this.rebuiltIndexes++;
    await this.trySeal(segment);
    return index;
  }

  private async openSealed(segment: Segment, ordinal: number): Promise<void> {
    const result = await segment.openSealed(ordinal);
    this.count(result);
    if (result.rebuilt) await this.trySeal(segment);
  }

  /** On a full disk the index stays in memory. */
  private async trySeal(segment: Segment): Promise<void> {
    if (this.writable) await segment.seal().catch(() => undefined);
  }

  private count({ rebuilt, tornBytes }: Opened, countTorn = true): void {
    if (countTorn) this.tornBytes += tornBytes;
    if (rebuilt) this.rebuiltIndexes++;
  }

  /** Regular files only: a link could lead a truncation out of the folder. */
  private async names(): Promise<string[]> {
    const entries = await readdir(this.dir, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  }

  private async removeLeftovers(names: readonly string[]): Promise<void> {
    const indexes = new Set(names.flatMap((name) => (firstSeqOf(name) ? [indexPathOf(name)] : [])));
    const leftovers = names.filter(
      (name) => /^messages-\d+\.index(\.tmp)?$/.test(name) && !indexes.has(name),
    );
    await Promise.all(leftovers.map((name) => unlink(join(this.dir, name))));
  }
}

function segmentsIn(store: SegmentStore, names: readonly string[]): Segment[] {
  return names
    .flatMap((name) => firstSeqOf(name) ?? [])
    .sort((a, b) => a - b)
    .map((firstSeq) => new Segment(store.dir, store.captureId, firstSeq));
}
