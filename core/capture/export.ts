/** Writes messages of a capture as NDJSON, which can be imported again, or as CSV. */
import { open, rename, unlink } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { asWakuDeskError, WakuDeskError } from '../engine/errors.ts';
import type { Capture } from './capture.ts';
import { CSV_HEADER, csvLine } from './csv.ts';
import { LineBuffer, writeGap, writeMessage, writeState } from './lines.ts';
import type { StoredMessage } from './records.ts';
import { portionsOf, type Selection } from './selection.ts';
import { withStream, type Sink } from './sink.ts';

export const CAPTURE_FORMATS = ['ndjson', 'csv'] as const;
export type CaptureFormat = (typeof CAPTURE_FORMATS)[number];

export interface ExportOptions extends Selection {
  /** `ndjson`: the lines of a segment, each message followed by its states. `csv`: one line per message. */
  format?: CaptureFormat;
  /** Called after each portion with the messages written so far. */
  onProgress?: (messages: number) => void;
}

export interface ExportReport {
  messages: number;
  bytes: number;
}

/**
 * Exports what the filter matches, oldest first; gaps too when there is no filter and no range.
 * @param target a path, which gets its file only when all of it is there; or a stream, which is not ended
 * @throws WakuDeskError FILTER_INVALID, CANCELLED, FILE_FAILED
 */
export async function exportCapture(
  capture: Capture,
  target: string | Writable,
  options: ExportOptions = {},
): Promise<ExportReport> {
  try {
    const write = (sink: Sink): Promise<ExportReport> => writeTo(sink, capture, options);
    return await (typeof target === 'string' ? writeFileWhole(target, write) : withStream(target, write));
  } catch (error) {
    throw asWakuDeskError(error, {
      code: 'FILE_FAILED',
      operation: 'capture.export',
      hint: 'Choose another place for the file, or free some space.',
    });
  }
}

async function writeTo(sink: Sink, capture: Capture, options: ExportOptions): Promise<ExportReport> {
  const report: ExportReport = { messages: 0, bytes: 0 };
  const put = async (bytes: Buffer): Promise<void> => {
    if (options.signal?.aborted === true) throw cancelled();
    report.bytes += bytes.length;
    await sink(bytes);
  };
  if (options.format === 'csv') await put(Buffer.from(CSV_HEADER));
  const encode = options.format === 'csv' ? encodeCsv : ndjsonEncoder(capture, options);
  for await (const seqs of portionsOf(capture, options)) {
    for await (const messages of capture.allMessagesOf(seqs)) {
      await put(encode(messages));
      report.messages += messages.length;
      options.onProgress?.(report.messages);
    }
  }
  if (options.format !== 'csv') await put(encode([]));
  return report;
}

function encodeCsv(messages: readonly StoredMessage[]): Buffer {
  return Buffer.from(messages.map(csvLine).join(''), 'utf8');
}

/** Gaps go to their places; an empty portion is the end and brings the rest. */
function ndjsonEncoder(
  capture: Capture,
  options: ExportOptions,
): (messages: readonly StoredMessage[]) => Buffer {
  const isWhole =
    (options.filter ?? '') === '' && options.fromSeq === undefined && options.toSeq === undefined;
  const gaps = isWhole ? capture.gaps() : [];
  const out = new LineBuffer();
  const gapsBefore = (seq: number): void => {
    for (let gap = gaps[0]; gap !== undefined && gap.afterSeq < seq; gap = gaps[0]) {
      writeGap(out, gap);
      gaps.shift();
    }
  };
  return (messages) => {
    out.clear();
    for (const message of messages) {
      gapsBefore(message.seq);
      writeMessage(out, message, message.seq);
      for (const state of message.states) writeState(out, state);
    }
    if (messages.length === 0) gapsBefore(Infinity);
    return Buffer.from(out.bytes.subarray(0, out.length));
  };
}

/** Writes beside the path and renames at the end, so that a cut-off export is never taken for a whole one. */
async function writeFileWhole<T>(path: string, write: (sink: Sink) => Promise<T>): Promise<T> {
  const temporary = `${path}.${String(process.pid)}.part`;
  const file = await open(temporary, 'w');
  try {
    const result = await write(async (bytes) => {
      await file.writeFile(bytes);
    });
    await file.sync();
    await file.close();
    await rename(temporary, path);
    return result;
  } catch (error) {
    await file.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

function cancelled(): WakuDeskError {
  return new WakuDeskError('CANCELLED', 'the export was cancelled', {
    operation: 'capture.export',
    hint: 'Start it again.',
  });
}
