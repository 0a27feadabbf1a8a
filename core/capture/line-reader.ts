/** Lines of a file, read in big chunks and with a bound on their length. */
import type { FileHandle } from 'node:fs/promises';
import { MAX_LINE_BYTES } from './lines.ts';

const CHUNK_BYTES = 1024 * 1024;
const NOTHING = Buffer.alloc(0);

export interface RawLine {
  /** Byte offset of the line in the file. */
  offset: number;
  /** Length in bytes with the line feed, where it has one. */
  length: number;
  /** The bytes without the line feed, valid until the next line is asked for; null: longer than the bound. */
  bytes: Buffer | null;
  /** Whether a line feed ends it. Only the last line of a file can lack it. */
  complete: boolean;
}

/** From byte `from` to the end that the file has when it is reached. Memory stays below two lines' bound. */
export async function* readLines(
  file: FileHandle,
  from = 0,
  maxLineBytes = MAX_LINE_BYTES,
): AsyncGenerator<RawLine[]> {
  let position = from;
  let lineStart = from;
  /** The line so far, from `lineStart`; null while the rest of a line beyond the bound is skipped. */
  let pending: Buffer | null = NOTHING;
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const lines: RawLine[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.subarray(0, bytesRead).indexOf(10, start);
      if (end < 0) break;
      const bytes = joinLine(pending, chunk.subarray(start, end), maxLineBytes);
      const lineEnd = position - bytesRead + end + 1;
      lines.push({ offset: lineStart, length: lineEnd - lineStart, bytes, complete: true });
      lineStart = lineEnd;
      start = end + 1;
      pending = NOTHING;
    }
    const rest = chunk.subarray(start, bytesRead);
    // The chunk is overwritten by the next read.
    if (rest.length > 0) pending = copyOf(joinLine(pending, rest, maxLineBytes));
    if (lines.length > 0) yield lines;
  }
  if (position > lineStart)
    yield [{ offset: lineStart, length: position - lineStart, bytes: pending, complete: false }];
}

/** null: longer than the bound, here or before. */
function joinLine(start: Buffer | null, more: Buffer, maxBytes: number): Buffer | null {
  if (start === null || start.length + more.length > maxBytes) return null;
  return start.length === 0 ? more : Buffer.concat([start, more]);
}

function copyOf(bytes: Buffer | null): Buffer | null {
  return bytes && Buffer.from(bytes);
}
