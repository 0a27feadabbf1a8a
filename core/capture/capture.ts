/** The door of this room: a capture, open for writing or only for reading. */
import { resolve } from 'node:path';
import { asWakuDeskError, WakuDeskError } from '../engine/errors.ts';
import { acquireLock, type Lock } from './lock.ts';
import { invalid, makeFolder, readManifest, writeManifest, type Manifest } from './manifest.ts';
import { completeOptions, type CaptureOptions } from './options.ts';
import { fillRing, readMessages, readSummaries, statesOf } from './read-records.ts';
import type { AppendInput, GapRecord, MessageSummary, StateRecord, StoredMessage } from './records.ts';
import { scan, type ScanOptions } from './scan.ts';
import { SegmentStore } from './segment-store.ts';
import { gapsOf, statsOf, writeFailed, type CaptureStats } from './stats.ts';
import type { SummaryRing } from './summary-ring.ts';
import { Writer } from './writer.ts';

export type { CaptureOptions, CaptureStats, ScanOptions };

export class Capture {
  readonly dir: string;
  readonly id: string;
  readonly readOnly: boolean;
  /** For the other files of this room. */
  readonly store: SegmentStore;
  private readonly writer: Writer | null;
  private readonly lock: Lock | null;
  private unreadable = 0;
  private closing: Promise<void> | null = null;

  private constructor(store: SegmentStore, writer: Writer | null, lock: Lock | null) {
    this.dir = store.dir;
    this.id = store.captureId;
    this.readOnly = writer === null;
    this.store = store;
    this.writer = writer;
    this.lock = lock;
  }

  /**
   * Opens a capture for writing, or makes one where there is none. After a crash only the last segment is read
   * again.
   * @throws WakuDeskError CAPTURE_INVALID: the folder holds something else, or a newer format; it is left as
   *   it is. CAPTURE_LOCKED: another process writes it. CAPTURE_WRITE_FAILED: the disk refuses. BAD_USE: the
   *   sizes do not go together.
   */
  static async open(dir: string, options: CaptureOptions = {}): Promise<Capture> {
    if (options.readOnly === true) return Capture.openReadOnly(dir);
    const { create, writer: settings } = completeOptions(options);
    const path = resolve(dir);
    if ((await readManifest(path)) === null && !create) throw noCapture(path);
    try {
      await makeFolder(path);
      const lock = await acquireLock(`${path}/writer.lock`);
      try {
        const manifest: Manifest = (await readManifest(path)) ?? (await writeManifest(path));
        const store = new SegmentStore(path, manifest.id, true);
        await store.open();
        const writer = new Writer(store, settings);
        await writer.start();
        return new Capture(store, writer, lock);
      } catch (error) {
        await lock.release();
        throw error;
      }
    } catch (error) {
      throw writeFailed(error);
    }
  }

  /**
   * Opens a capture for reading, also while another process writes it; {@link refresh} shows what came since.
   * Needs no lock and changes nothing.
   * @throws WakuDeskError CAPTURE_INVALID, FILE_FAILED
   */
  static async openReadOnly(dir: string): Promise<Capture> {
    const path = resolve(dir);
    const manifest = await readManifest(path);
    if (manifest === null) throw noCapture(path);
    const store = new SegmentStore(path, manifest.id, false);
    await reading(store.open());
    return new Capture(store, null, null);
  }

  /**
   * Resolves once write() has returned; calls meanwhile are joined into the next write. A full disk and a full
   * queue are results, not exceptions; both leave a gap record behind.
   * @returns for each message, in order, its number, or null when it is not captured
   * @throws WakuDeskError BAD_USE: the capture is closed, or open for reading only
   */
  async append(input: AppendInput): Promise<(number | null)[]> {
    if (this.writer === null || this.closing !== null)
      throw new WakuDeskError('BAD_USE', 'the capture is not open for writing', {
        operation: 'capture.append',
        hint: 'Open it for writing first.',
      });
    return this.writer.append(input);
  }

  /**
   * The messages `fromSeq` to `fromSeq + count - 1` that are there, with their states. Ends early, but never
   * empty, after 64 MiB of lines.
   * @throws WakuDeskError FILE_FAILED, as all that read
   */
  async page(fromSeq: number, count: number): Promise<StoredMessage[]> {
    return this.messagesOf(this.range(fromSeq, count));
  }

  /** As {@link page}, for single numbers in ascending order. */
  async messagesOf(seqs: readonly number[]): Promise<StoredMessage[]> {
    for await (const messages of this.allMessagesOf(seqs)) return messages;
    return [];
  }

  /** As {@link messagesOf}, but all of them: in portions of 64 MiB. */
  async *allMessagesOf(seqs: readonly number[]): AsyncGenerator<StoredMessage[], void> {
    for (let rest = seqs; rest.length > 0;) {
      const read = await reading(readMessages(this.store, rest));
      this.unreadable += read.unreadable;
      rest = read.rest;
      yield read.messages;
    }
  }

  /** As {@link page}, from the index alone. */
  async summaries(fromSeq: number, count: number): Promise<MessageSummary[]> {
    return reading(readSummaries(this.store, this.range(fromSeq, count)));
  }

  /** As {@link summaries}, for single numbers in ascending order. */
  async summariesOf(seqs: readonly number[]): Promise<MessageSummary[]> {
    return reading(readSummaries(this.store, seqs));
  }

  /** The states of one message, oldest first. */
  async states(seq: number): Promise<StateRecord[]> {
    return (await reading(statesOf(this.store, [seq]))).get(seq) ?? [];
  }

  /** All gaps, oldest first. What was removed to keep within the size is one gap at the beginning. */
  gaps(): GapRecord[] {
    return gapsOf(this.store);
  }

  /** Finds messages in a worker thread: see {@link scan}. */
  scan(options: ScanOptions = {}): AsyncGenerator<number[], void> {
    return scan(this.store, options);
  }

  /** Fills an empty ring with the newest messages. */
  async fillRing(ring: SummaryRing): Promise<void> {
    await reading(fillRing(this.store, ring));
  }

  stats(): CaptureStats {
    return { ...statsOf(this.store, this.writer), unreadable: this.unreadable };
  }

  /** Reads what a writer in another process has added; does nothing on a capture open for writing. */
  async refresh(): Promise<void> {
    if (this.readOnly) await reading(this.store.refresh());
  }

  /** Writes what waits, syncs, and gives up the lock. Idempotent. */
  async close(): Promise<void> {
    this.closing ??= (async () => {
      await this.writer?.close();
      await this.lock?.release();
    })();
    return this.closing;
  }

  /** The numbers that segments have. */
  private range(fromSeq: number, count: number): number[] {
    const seqs: number[] = [];
    for (const { firstSeq, lastSeq } of this.store.between(fromSeq, fromSeq + count - 1)) {
      const to = Math.min(lastSeq, fromSeq + count - 1);
      for (let seq = Math.max(firstSeq, fromSeq); seq <= to; seq++) seqs.push(seq);
    }
    return seqs;
  }
}

async function reading<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asWakuDeskError(error, {
      code: 'FILE_FAILED',
      operation: 'capture.read',
      hint: 'Check that the folder is there and can be read.',
    });
  }
}

function noCapture(path: string): WakuDeskError {
  return invalid(`there is no capture in ${path}`, 'Name the folder of a capture.');
}
