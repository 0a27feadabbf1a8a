/** A capture's files as anybody can read them, without the program's own reader. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface CapturedMessage {
  seq: number;
  dir: 'in' | 'out';
  hash: string;
  pubsubTopic: string;
  contentTopic: string;
  timestampNs: string;
  payload: string;
}

export interface CapturedGap {
  reason: string;
  lost: number | null;
  afterSeq: number;
  detail: string;
}

export interface CaptureFiles {
  messages: CapturedMessage[];
  gaps: CapturedGap[];
  /** Names of the files with messages, oldest first. */
  segments: string[];
  /** What stands behind the last line feed of the last segment. */
  tornBytes: number;
  /** All files together. */
  totalBytes: number;
}

export async function readCaptureFiles(folder: string): Promise<CaptureFiles> {
  const names = (await readdir(folder)).sort();
  const segments = names.filter((name) => name.endsWith('.ndjson'));
  const texts = await Promise.all(segments.map((name) => readFile(join(folder, name), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n').slice(0, -1));
  const records = lines.map((line) => JSON.parse(line) as { kind: string });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return {
    messages: records.filter(({ kind }) => kind === 'message') as unknown as CapturedMessage[],
    gaps: records.filter(({ kind }) => kind === 'gap') as unknown as CapturedGap[],
    segments,
    tornBytes: Buffer.byteLength(texts.at(-1)?.split('\n').at(-1) ?? ''),
    totalBytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** The whole numbers from `first` to `last`. */
export function numbers(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_none, i) => first + i);
}
