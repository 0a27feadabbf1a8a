/** How a capture is opened. */
import { WakuDeskError } from '../engine/errors.ts';
import type { WriterOptions } from './writer.ts';

export interface CaptureOptions {
  /** Open for reading only: needs no lock. The other options mean nothing then. */
  readOnly?: boolean;
  /** Make the capture when there is none; true by default. */
  create?: boolean;
  /** Bound of segments and indexes together, in bytes; the oldest segments go. 2 GiB by default, 64 KiB at least. */
  maxBytes?: number;
  /** Size at which a segment ends, in bytes; a quarter of `maxBytes` at most, and 64 MiB or that by default. */
  segmentBytes?: number;
  /** How often the disk is asked to keep what was written, while there is something; 1,000 by default. */
  syncIntervalMs?: number;
  /** Records and bytes that may wait to be written; 262,144 and 512 MiB by default. Beyond, messages are refused. */
  maxPendingRecords?: number;
  maxPendingBytes?: number;
}

const MIB = 1024 * 1024;
const MIN_BYTES = 64 * 1024;

/** Fills in the defaults. @throws WakuDeskError BAD_USE */
export function completeOptions(options: CaptureOptions): { create: boolean; writer: WriterOptions } {
  const maxBytes = options.maxBytes ?? 2048 * MIB;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < MIN_BYTES)
    throw badUse(`maxBytes is ${String(maxBytes)}`, `Give a whole number from ${String(MIN_BYTES)} on.`);
  const largest = Math.floor(maxBytes / 4);
  const segmentBytes = options.segmentBytes ?? Math.min(64 * MIB, largest);
  if (!Number.isSafeInteger(segmentBytes) || segmentBytes < 1 || segmentBytes > largest)
    throw badUse(
      `segmentBytes is ${String(segmentBytes)} with maxBytes ${String(maxBytes)}`,
      `A segment may have a quarter of the whole, here ${String(largest)}.`,
    );
  return {
    create: options.create ?? true,
    writer: {
      maxBytes,
      segmentBytes,
      syncIntervalMs: options.syncIntervalMs ?? 1000,
      maxPendingRecords: options.maxPendingRecords ?? 262_144,
      maxPendingBytes: options.maxPendingBytes ?? 512 * MIB,
    },
  };
}

function badUse(message: string, hint: string): WakuDeskError {
  return new WakuDeskError('BAD_USE', message, { operation: 'capture.open', hint });
}
