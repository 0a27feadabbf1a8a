/** What a capture can tell about itself. */
import { asWakuDeskError, WakuDeskError, type ErrorData } from '../engine/errors.ts';
import type { GapRecord } from './records.ts';
import type { SegmentTotals } from './segment-index.ts';
import type { SegmentStore } from './segment-store.ts';
import { codeOf } from './system-error.ts';
import type { Writer } from './writer.ts';

/** Sizes in bytes. */
export interface CaptureStats {
  id: string;
  /** The first message that is still there; equal to `nextSeq` when there is none. */
  firstSeq: number;
  /** The number that the next message gets. */
  nextSeq: number;
  /** Messages that can be read. */
  messages: number;
  states: number;
  gaps: number;
  /** Segments and indexes together. */
  bytes: number;
  segments: number;
  /** Messages and segments that were removed to keep within `maxBytes`, since the capture was made. */
  removedMessages: number;
  removedSegments: number;
  /** Cut off at opening: a line that was never wholly written. */
  tornBytes: number;
  /** Lines that cannot be read. */
  damagedLines: number;
  /** Messages whose lines were not what the index says, found by reading; since opening. */
  unreadable: number;
  /** Indexes that were missing or did not fit and were made again; since opening. */
  rebuiltIndexes: number;
  /** Messages that the disk refused; since opening. */
  notCaptured: number;
  /** Messages that found the queue full; since opening. */
  overflow: number;
  /** States that are not captured; since opening. */
  refusedStates: number;
  /** Records and bytes that wait to be written. */
  pendingRecords: number;
  pendingBytes: number;
  syncErrors: number;
  /** The last thing that went wrong on the disk, or null. */
  lastError: ErrorData | null;
}

export function statsOf(store: SegmentStore, writer: Writer | null): Omit<CaptureStats, 'unreadable'> {
  const lastError = writer?.lastError ?? null;
  const totals = store.segments.map((segment) => segment.totals);
  const sum = (of: (segment: SegmentTotals) => number): number =>
    totals.reduce((all, segment) => all + of(segment), 0);
  return {
    id: store.captureId,
    firstSeq: store.firstSeq,
    nextSeq: store.nextSeq,
    messages: sum((segment) => segment.messages),
    states: sum((segment) => segment.states),
    gaps: sum((segment) => segment.gaps.length),
    bytes: store.bytes,
    segments: totals.length,
    removedMessages: store.firstSeq - 1,
    removedSegments: (totals[0]?.ordinal ?? 1) - 1,
    tornBytes: store.tornBytes,
    damagedLines: sum((segment) => segment.damagedLines),
    rebuiltIndexes: store.rebuiltIndexes,
    notCaptured: writer?.refusedMessages ?? 0,
    overflow: writer?.queue.overflow ?? 0,
    refusedStates: writer === null ? 0 : writer.refusedStates + writer.queue.refusedStates,
    pendingRecords: writer?.queue.records ?? 0,
    pendingBytes: writer?.queue.bytes ?? 0,
    syncErrors: writer?.syncErrors ?? 0,
    lastError: lastError === null ? null : writeFailed(lastError).toData(),
  };
}

/** Removed segments cannot tell of themselves: what the first one says of the numbers before it is their gap. */
export function gapsOf(store: SegmentStore): GapRecord[] {
  const [first] = store.segments;
  const gaps = store.segments.flatMap((segment) => segment.totals.gaps);
  if (first === undefined || first.firstSeq === 1) return gaps;
  const removed: GapRecord = {
    reason: 'retention',
    lost: first.firstSeq - 1,
    afterSeq: 0,
    atNs: first.totals.createdNs,
    detail: `the oldest segments were removed to keep the capture within its size: ${String(first.totals.ordinal - 1)}`,
  };
  return [removed, ...gaps];
}

/** An error of the disk as the program's own. */
export function writeFailed(error: unknown): WakuDeskError {
  const operation = 'capture.write';
  if (['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? ''))
    return new WakuDeskError(
      'CAPTURE_WRITE_FAILED',
      'The capture may not be written: the system denies it.',
      {
        operation,
        hint: 'Choose a folder that you may write to, or ask for the right to.',
        cause: error,
      },
    );
  return asWakuDeskError(error, {
    code: 'CAPTURE_WRITE_FAILED',
    operation,
    hint: 'Free some space on the disk, or choose another folder for the capture.',
  });
}
