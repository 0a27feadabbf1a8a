/** Makes a new capture out of an NDJSON file: an export, or segments joined with cat. */
import { open, type FileHandle } from 'node:fs/promises';
import { asWakuDeskError, WakuDeskError } from '../engine/errors.ts';
import { messageHashText } from '../waku/hash.ts';
import type { Capture, CaptureOptions } from './capture.ts';
import { readLines, type RawLine } from './line-reader.ts';
import { MAX_LINE_BYTES, parseLine } from './lines.ts';
import { appendAll, createCapture } from './new-capture.ts';
import type { MessageRecord, NewGap, StateRecord } from './records.ts';
import { Renumbering } from './renumbering.ts';

export interface ImportOptions extends Pick<CaptureOptions, 'maxBytes' | 'segmentBytes'> {
  /** 32 MiB by default, and at most. */
  maxLineBytes?: number;
  signal?: AbortSignal;
  /** Called after each portion. */
  onProgress?: (progress: { bytes: number; totalBytes: number; messages: number }) => void;
}

/**
 * - LINE_TOO_LONG, NOT_JSON, NOT_A_RECORD: the line cannot be read
 * - HASH_MISMATCH: the message does not have the hash that the line claims
 * - STATE_WITHOUT_MESSAGE: a state of a message that is not in the file before it
 */
export type BadLineCode =
  'LINE_TOO_LONG' | 'NOT_JSON' | 'NOT_A_RECORD' | 'HASH_MISMATCH' | 'STATE_WITHOUT_MESSAGE';

export interface BadLine {
  /** 1 for the first line of the file. */
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
 * @throws WakuDeskError CAPTURE_INVALID: the folder has something in it; FILE_FAILED: the file cannot be read;
 *   CAPTURE_WRITE_FAILED: the disk is full; CANCELLED. What was imported until then stays.
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
    const capture = await createCapture(dir, {
      ...(maxBytes === undefined ? {} : { maxBytes }),
      ...(segmentBytes === undefined ? {} : { segmentBytes }),
    });
    try {
      return await new Import(capture, options).run(file);
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
  private readonly capture: Capture;
  private readonly options: ImportOptions;

  constructor(capture: Capture, options: ImportOptions) {
    this.capture = capture;
    this.options = options;
  }

  async run(file: FileHandle): Promise<ImportReport> {
    const { size } = await file.stat();
    const maxLineBytes = Math.min(this.options.maxLineBytes ?? MAX_LINE_BYTES, MAX_LINE_BYTES);
    for await (const lines of readLines(file, 0, maxLineBytes)) {
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
    await this.flush();
    return this.report;
  }

  private async take({ bytes }: RawLine): Promise<void> {
    if (bytes === null) {
      this.bad('LINE_TOO_LONG', 'the line is too long');
      return;
    }
    const text = bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trim();
    if (text === '') return;
    const line = parseLine(text);
    if (line.kind === 'bad') this.bad(line.code, line.problem);
    else if (line.kind === 'message') this.takeMessage(line.record);
    else if (line.kind === 'state') this.takeState(line.record);
    else if (line.kind === 'gap') await this.takeGap(line.record);
    if (this.messages.length + this.states.length >= FLUSH_RECORDS || this.waitingBytes >= FLUSH_BYTES)
      await this.flush();
  }

  private takeMessage(record: MessageRecord): void {
    if (messageHashText(record.pubsubTopic, record.message) !== record.hash) {
      this.bad('HASH_MISMATCH', 'the hash is not that of the message');
      return;
    }
    this.report.messages++;
    this.numbers.add(record.seq, this.report.messages);
    this.messages.push(record);
  }

  private takeState(state: StateRecord): void {
    const seq = this.numbers.of(state.seq);
    if (seq === null) {
      this.bad('STATE_WITHOUT_MESSAGE', `message ${String(state.seq)} is not in the file before this state`);
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

  private bad(code: BadLineCode, problem: string): void {
    this.report.badCount++;
    if (this.report.badLines.length < MAX_BAD_LINES)
      this.report.badLines.push({ line: this.line, code, problem });
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
