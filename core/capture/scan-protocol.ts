/** What passes between a scan and its worker thread. */
import type { ErrorData } from '../engine/errors.ts';

export type ScanDirection = 'forward' | 'backward';

/** One segment to scan, in the order of scanning. */
export interface ScanSegment {
  firstSeq: number;
  /** The index of a segment that has none on disk, as index-file.ts writes it; null: read it. */
  index: Uint8Array | null;
}

export interface ScanRequest {
  dir: string;
  captureId: string;
  segments: ScanSegment[];
  filter: string;
  /** What `-5m` in the filter is relative to: Unix ms. */
  nowMs: number;
  fromSeq: number;
  toSeq: number;
  direction: ScanDirection;
  /** Matches at most. */
  limit: number;
  /** Int32: how many batches the other side has taken. The worker waits while it is too far ahead. */
  taken: SharedArrayBuffer;
}

export interface ScanCounts {
  /** Messages looked at. */
  scanned: number;
  matched: number;
}

export type ScanReply =
  | { type: 'batch'; seqs: Float64Array }
  | ({ type: 'progress' } & ScanCounts)
  | ({ type: 'done' } & ScanCounts)
  | { type: 'failed'; error: ErrorData };

/** Batches that the worker may be ahead. */
export const MAX_BATCHES_AHEAD = 8;
