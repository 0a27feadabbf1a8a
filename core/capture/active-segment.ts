/** The segment that is being written: its open file, its size, its syncing. */
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { nowNs } from '../engine/clock.ts';
import { Segment } from './segment.ts';
import { SegmentIndex } from './segment-index.ts';
import { codeOf } from './system-error.ts';

export interface Written {
  /** Bytes that are in the file. */
  bytes: number;
  /** Why it was not all of them. */
  error: unknown;
}

export class ActiveSegment {
  readonly segment: Segment;
  readonly index: SegmentIndex;
  private readonly file: FileHandle;
  /** Something may lie behind the last whole line. */
  private torn: boolean;
  private dirty = false;
  private syncing: Promise<void> | null = null;

  /** The folder does not surely have the file's name yet. */
  private isNew = true;

  private constructor(segment: Segment, index: SegmentIndex, file: FileHandle, torn: boolean) {
    this.segment = segment;
    this.index = index;
    this.file = file;
    this.torn = torn;
  }

  /** Starts a new segment. @throws the system's error, such as ENOSPC */
  static async create(
    dir: string,
    captureId: string,
    firstSeq: number,
    ordinal: number,
  ): Promise<ActiveSegment> {
    const segment = new Segment(dir, captureId, firstSeq);
    const index = new SegmentIndex(firstSeq, ordinal, nowNs());
    segment.resident = index;
    return new ActiveSegment(segment, index, await open(segment.path, 'wx+'), false);
  }

  /**
   * Goes on with the last segment of a capture. Its index is of no use from now on: after a crash the lines
   * are read again.
   */
  static async reopen(segment: Segment, index: SegmentIndex): Promise<ActiveSegment> {
    const file = await open(segment.path, 'r+');
    try {
      const { size } = await file.stat();
      await unlink(segment.indexPath).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
      });
      segment.indexBytes = 0;
      return new ActiveSegment(segment, index, file, size > index.segmentBytes);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Writes behind the last whole line. Never throws: a full disk is a result. */
  async write(bytes: Buffer): Promise<Written> {
    let written = 0;
    try {
      await this.truncate();
      this.dirty = true;
      while (written < bytes.length) {
        const at = this.index.segmentBytes + written;
        const { bytesWritten } = await this.file.write(bytes, written, bytes.length - written, at);
        written += bytesWritten;
      }
      return { bytes: written, error: null };
    } catch (error) {
      this.torn = true;
      return { bytes: written, error };
    }
  }

  /** Cuts off what lies behind the last whole line. @throws the system's error */
  async truncate(): Promise<void> {
    if (!this.torn) return;
    await this.file.truncate(this.index.segmentBytes);
    this.torn = false;
  }

  /** Waits until the disk has what was written. @throws the system's error */
  async sync(): Promise<void> {
    while (this.syncing !== null) await this.syncing;
    if (!this.dirty) return;
    this.dirty = false;
    this.syncing = this.syncAll().finally(() => (this.syncing = null));
    await this.syncing.catch((error: unknown) => {
      this.dirty = true;
      throw error;
    });
  }

  private async syncAll(): Promise<void> {
    await this.file.datasync();
    if (!this.isNew) return;
    this.isNew = false;
    await syncFolder(dirname(this.segment.path));
  }

  async close(): Promise<void> {
    while (this.syncing !== null) await this.syncing.catch(() => undefined);
    await this.file.close();
  }
}

async function syncFolder(dir: string): Promise<void> {
  // Windows opens no folders.
  const folder = await open(dir, 'r').catch(() => null);
  if (folder === null) return;
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
