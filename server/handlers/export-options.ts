/** What an export of the capture writes, from what a user asked for. */
import type { Capture } from '../../core/capture/capture.ts';
import type { ExportOptions } from '../../core/capture/export.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { parseFilterOrThrow } from '../../core/filter/filter.ts';
import type { CheckedRequests } from '../../core/operations/operations.ts';
import type { Harness } from '../harness/harness.ts';

export interface CaptureExport {
  capture: Capture;
  options: ExportOptions;
  /** `waku-desk-2026-11-22T14-05-09.ndjson` */
  fileName: string;
}

/** @throws WakuDeskError FILTER_INVALID; UNSUPPORTED where nothing is captured */
export function captureExport(
  { capture, history }: Harness,
  { format, filter, nowMs, fromPosition, toPosition }: CheckedRequests['capture.export'],
): CaptureExport {
  if (capture === null)
    throw new WakuDeskError('UNSUPPORTED', 'Nothing is captured here.', {
      operation: 'capture.export',
      hint: 'Start Waku Desk with a capture folder.',
    });
  parseFilterOrThrow(filter, nowMs);
  const { places } = history;
  // A position behind the last captured message has no number yet.
  const first =
    fromPosition === undefined ? 1 : Math.min(places.seqFrom(fromPosition), capture.stats().nextSeq);
  const last = toPosition === undefined ? Infinity : places.seqFrom(toPosition + 1) - 1;
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return {
    capture,
    fileName: `waku-desk-${time}.${format}`,
    options: {
      format,
      nowMs,
      ...(filter === '' ? {} : { filter }),
      ...(fromPosition === undefined ? {} : { fromSeq: first }),
      ...(Number.isFinite(last) ? { toSeq: last } : {}),
    },
  };
}
