/** Reads the lines of a segment into an index: after a crash, and wherever an index is missing. */
import type { FileHandle } from 'node:fs/promises';
import { readLines, type RawLine } from './line-reader.ts';
import { parseLine } from './lines.ts';
import type { SegmentIndex } from './segment-index.ts';

/**
 * Goes on from `index.segmentBytes` to the end of the file. Damaged lines are counted and skipped; the messages
 * after them keep their numbers.
 * @returns bytes of a line at the end without a line feed: it was never wholly written
 */
export async function readSegment(file: FileHandle, index: SegmentIndex): Promise<{ tornBytes: number }> {
  for await (const lines of readLines(file, index.segmentBytes)) {
    for (const line of lines) {
      if (!line.complete) return { tornBytes: line.length };
      if (!addLine(index, line)) index.damagedLines++;
      index.segmentBytes = line.offset + line.length;
    }
  }
  return { tornBytes: 0 };
}

function addLine(index: SegmentIndex, { bytes, offset, length }: RawLine): boolean {
  const text = bytes === null ? '' : bytes.toString('utf8');
  const line = parseLine(text);
  switch (line.kind) {
    case 'message':
      return index.addRead(line.record, offset, length);
    case 'state':
      index.addState(line.record);
      return index.noteMissing(line.record.seq, offset + length);
    case 'gap':
      index.gaps.push(line.record);
      return true;
    case 'segment':
      index.setHead(line.head);
      return true;
    case 'bad':
      noteDamagedMessage(index, text, offset + length);
      return false;
  }
}

/** The number of a message whose line is damaged behind it. */
function noteDamagedMessage(index: SegmentIndex, text: string, end: number): void {
  const seq = Number(MESSAGE_START.exec(text)?.[1] ?? 0);
  if (seq >= index.nextSeq) index.noteMissing(seq, end);
}

const MESSAGE_START = /^\{"kind":"message","seq":(\d{1,15}),/;
