/** Makes a new capture out of a file: an export as NDJSON or CSV, or segments joined with cat. */
import { open, type FileHandle } from 'node:fs/promises';
import { asWakuDeskError, describeCause, WakuDeskError } from '../engine/errors.ts';
import { messageHashText } from '../waku/hash.ts';
import type { Capture, CaptureOptions } from './capture.ts';
import { CsvDecoder, ndjsonDecoder, type Decoded, type Decoder } from './decode.ts';
import type { CaptureFormat } from './export.ts';
import { readLines, type RawLine } from './line-reader.ts';
import { MAX_LINE_BYTES } from './lines.ts';
import { appendAll, createCapture } from './new-capture.ts';
import type { MessageRecord, NewGap, StateRecord } from './records.ts';
import { Renumbering } from './renumbering.ts';

export interface ImportOptions extends Pick<CaptureOptions, 'maxBytes' | 'segmentBytes'> {
  /** `ndjson` when left out. */
  format?: CaptureFormat;
  /** Also of a row of CSV that is on several lines. 32 MiB by default, and at most. */
  maxLineBytes?: number;
  signal?: AbortSignal;
  /** Called after each portion. */
  onProgress?: (progress: { bytes: number; totalBytes: number; messages: number }) => void;
}

/**
 * - LINE_TOO_LONG, NOT_JSON, NOT_CSV, NOT_A_RECORD: the line cannot be read
 * - HASH_MISMATCH: the message does not have the hash that the line claims
 * - STATE_WITHOUT_MESSAGE: a state of a message that is not in the file before it
 */
export type BadLineCode =
  'LINE_TOO_LONG' | 'NOT_JSON' | 'NOT_CSV' | 'NOT_A_RECORD' | 'HASH_MISMATCH' | 'STATE_WITHOUT_MESSAGE';

export interface BadLine {
  /** 1 for the first line of the file; of a row of CSV that is on several lines the first of them. */
  line: number;
  code: BadLineCode;
  problem: string;
}

export interface ImportReport {
  messages: number;
  states: number;
  gaps: number;
  /** How many lines were left out, and the first 1,000 of them. */
  badCount: number;
  badLines: BadLine[];
}

const MAX_BAD_LINES = 1000;
const FLUSH_RECORDS = 2000;
const FLUSH_BYTES = 8 * 1024 * 1024;

/**
 * Messages get new numbers from 1 on, in the order of the file; states and gaps go with them.
 * @param dir a folder that is empty or not there
 * @throws WakuDeskError CAPTURE_INVALID: the folder has something in it; FILE_FAILED: the file cannot be read, or is
 *   no CSV of a capture; CAPTURE_WRITE_FAILED: the disk is full; CANCELLED. What was imported until then stays.
 */
export async function importCapture(
  path: string,
  dir: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(error);
  });
  try {
    const { maxBytes, segmentBytes } = options;
    // Refused before a folder is made.
    const decoder = options.format === 'csv' ? await csvDecoder(file, path) : ndjsonDecoder;
    const capture = await createCapture(dir, {
      ...(maxBytes === undefined ? {} : { maxBytes }),
      ...(segmentBytes === undefined ? {} : { segmentBytes }),
    });
    try {
      return await new Import(capture, decoder, options).run(file);
    } catch (error) {
      throw unreadable(error);
    } finally {
      await capture.close();
    }
  } finally {
    await file.close();
  }
}

class Import {
  private readonly report: ImportReport = { messages: 0, states: 0, gaps: 0, badCount: 0, badLines: [] };
  private readonly numbers = new Renumbering();
  private messages: MessageRecord[] = [];
  private states: StateRecord[] = [];
  private gaps: NewGap[] = [];
  private waitingBytes = 0;
  private line = 0;
  /** The line that the record under way began on, and the bytes of it so far; null: the next line begins one. */
  private begun: { line: number; bytes: number } | null = null;
  private readonly capture: Capture;
  private readonly decoder: Decoder;
  private readonly options: ImportOptions;
  private readonly maxLineBytes: number;

  constructor(capture: Capture, decoder: Decoder, options: ImportOptions) {
    this.capture = capture;
    this.decoder = decoder;
    this.options = options;
    this.maxLineBytes = Math.min(options.maxLineBytes ?? MAX_LINE_BYTES, MAX_LINE_BYTES);
  }

  async run(file: FileHandle): Promise<ImportReport> {
    const { size } = await file.stat();
    for await (const lines of readLines(file, 0, this.maxLineBytes)) {
      if (this.options.signal?.aborted === true) throw cancelled();
      let bytes = 0;
      for (const line of lines) {
        this.line++;
        this.waitingBytes += line.length;
        await this.take(line);
        bytes = line.offset + line.length;
      }
      this.options.onProgress?.({ bytes, totalBytes: size, messages: this.report.messages });
    }
    if (this.begun !== null)
      this.bad({ code: 'NOT_CSV', problem: 'a quoted cell is not closed until the end of the file' });
    await this.flush();
    return this.report;
  }

  private async take({ bytes, length }: RawLine): Promise<void> {
    this.begun ??= { line: this.line, bytes: 0 };
    this.begun.bytes += length;
    if (bytes === null || this.begun.bytes > this.maxLineBytes + 1) {
      this.bad({ code: 'LINE_TOO_LONG', problem: 'the line is too long' });
      this.decoder.reset();
      this.begun = null;
      return;
    }
    const text = bytes.toString('utf8');
    const records = this.decoder.take(this.line === 1 ? text.replace(/^\ufeff/, '') : text);
    if (records === null) return;
    for (const record of records) await this.takeRecord(record);
    this.begun = null;
    if (this.messages.length + this.states.length >= FLUSH_RECORDS || this.waitingBytes >= FLUSH_BYTES)
      await this.flush();
  }

  private async takeRecord(record: Decoded): Promise<void> {
    if (record.kind === 'bad') this.bad(record);
    else if (record.kind === 'message') this.takeMessage(record.record);
    else if (record.kind === 'state') this.takeState(record.record);
    else if (record.kind === 'gap') await this.takeGap(record.record);
  }

  private takeMessage(record: MessageRecord): void {
    if (messageHashText(record.pubsubTopic, record.message) !== record.hash) {
      this.bad({ code: 'HASH_MISMATCH', problem: 'the hash is not that of the message' });
      return;
    }
    this.report.messages++;
    this.numbers.add(record.seq, this.report.messages);
    this.messages.push(record);
  }

  private takeState(state: StateRecord): void {
    const seq = this.numbers.of(state.seq);
    if (seq === null) {
      const problem = `message ${String(state.seq)} is not in the file before this state`;
      this.bad({ code: 'STATE_WITHOUT_MESSAGE', problem });
      return;
    }
    this.report.states++;
    this.states.push({ ...state, seq });
  }

  /** A gap comes first in its append, so everything before it goes ahead. */
  private async takeGap(gap: NewGap): Promise<void> {
    await this.flush();
    this.report.gaps++;
    this.gaps = [gap];
  }

  private async flush(): Promise<void> {
    const { messages, states, gaps } = this;
    this.messages = [];
    this.states = [];
    this.gaps = [];
    this.waitingBytes = 0;
    await appendAll(this.capture, { messages, states, gaps }, 'capture.import');
  }

  private bad({ code, problem, field = '' }: Omit<BadLine, 'line'> & { field?: string }): void {
    this.report.badCount++;
    if (this.report.badLines.length >= MAX_BAD_LINES) return;
    const line = this.begun?.line ?? this.line;
    const goesTo = line === this.line ? '' : `up to line ${String(this.line)}: `;
    const where = field === '' ? '' : `${field}: `;
    this.report.badLines.push({ line, code, problem: `${goesTo}${where}${problem}` });
  }
}

/** What reads the rows below the header of this file. @throws WakuDeskError FILE_FAILED */
async function csvDecoder(file: FileHandle, path: string): Promise<Decoder> {
  let header = '';
  try {
    for await (const [first] of readLines(file)) {
      header = first?.bytes?.toString('utf8') ?? '';
      break;
    }
    return new CsvDecoder(header.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new WakuDeskError('FILE_FAILED', `${path} is no CSV of a capture: ${describeCause(error)}.`, {
      operation: 'capture.import',
      hint: 'Take a file that `capture convert` or an export wrote, with commas and every column, or its NDJSON.',
      cause: error,
    });
  }
}

function unreadable(error: unknown): WakuDeskError {
  return asWakuDeskError(error, {
    code: 'FILE_FAILED',
    operation: 'capture.import',
    hint: 'Check that the file is there and can be read.',
  });
}

function cancelled(): WakuDeskError {
  return new WakuDeskError('CANCELLED', 'the import was cancelled', {
    operation: 'capture.import',
    hint: 'Start it again, into another folder.',
  });
}
