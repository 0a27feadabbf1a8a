/** Writes messages of a capture as NDJSON or CSV, which both can be imported again. */
import { open, rename, unlink } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { asWakuDeskError, WakuDeskError } from '../engine/errors.ts';
import type { Capture } from './capture.ts';
import { CSV_HEADER, csvGapLine, csvLine } from './csv.ts';
import { LineBuffer, writeGap, writeMessage, writeState } from './lines.ts';
import type { GapRecord, StoredMessage } from './records.ts';
import { portionsOf, type Selection } from './selection.ts';
import { withStream, type Sink } from './sink.ts';

export const CAPTURE_FORMATS = ['ndjson', 'csv'] as const;
export type CaptureFormat = (typeof CAPTURE_FORMATS)[number];

export interface ExportOptions extends Selection {
  /** `ndjson`: the lines of a segment, each message followed by its states. `csv`: a row per message, and per gap. */
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
  const isCsv = options.format === 'csv';
  if (isCsv) await put(Buffer.from(CSV_HEADER));
  const encode = encoder(isCsv ? csvLines : ndjsonLines, gapsOf(capture, options));
  for await (const seqs of portionsOf(capture, options)) {
    for await (const messages of capture.allMessagesOf(seqs)) {
      await put(encode(messages));
      report.messages += messages.length;
      options.onProgress?.(report.messages);
    }
  }
  await put(encode([]));
  return report;
}

interface Lines {
  message: (out: LineBuffer, message: StoredMessage) => void;
  gap: (out: LineBuffer, gap: GapRecord) => void;
}

const csvLines: Lines = {
  message: (out, message) => {
    out.text(csvLine(message));
  },
  gap: (out, gap) => {
    out.text(csvGapLine(gap));
  },
};

const ndjsonLines: Lines = {
  message: (out, message) => {
    writeMessage(out, message, message.seq);
    for (const state of message.states) writeState(out, state);
  },
  gap: writeGap,
};

/** They say what is missing in the whole, so they go with the whole only. */
function gapsOf(capture: Capture, { filter = '', fromSeq, toSeq }: ExportOptions): GapRecord[] {
  return filter === '' && fromSeq === undefined && toSeq === undefined ? capture.gaps() : [];
}

/** Gaps go to their places; an empty portion is the end and brings the rest. */
function encoder(lines: Lines, gaps: GapRecord[]): (messages: readonly StoredMessage[]) => Buffer {
  const out = new LineBuffer();
  const gapsBefore = (seq: number): void => {
    for (let gap = gaps[0]; gap !== undefined && gap.afterSeq < seq; gap = gaps[0]) {
      lines.gap(out, gap);
      gaps.shift();
    }
  };
  return (messages) => {
    out.clear();
    for (const message of messages) {
      gapsBefore(message.seq);
      lines.message(out, message);
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
