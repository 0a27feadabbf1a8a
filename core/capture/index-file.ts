/**
 * A segment's index on disk, `messages-….index`: written once beside a segment that is complete, never changed,
 * and made again from the segment when it is missing or does not fit.
 *
 *     magic 8 bytes | header length u32 | SHA-256 of the header, 32 bytes | header: JSON | body
 *     body: rows, 96 bytes each | states, 24 bytes each | texts: a JSON array
 */
import { createHash } from 'node:crypto';
import { open, rename, type FileHandle } from 'node:fs/promises';
import * as z from 'zod';
import { gapSchema, int64Schema } from './lines.ts';
import { ROW_BYTES, RowBlock } from './rows.ts';
import { SegmentIndex, type SegmentTotals } from './segment-index.ts';
import { STATE_BYTES, StateTable } from './states.ts';
import { Strings } from './strings.ts';

const MAGIC = Buffer.from('wakuidx1', 'latin1');
const PRELUDE_BYTES = 44;
const MAX_HEADER_BYTES = 64 * 1024 * 1024;
const TAIL_BYTES = 4096;

/** What tells whether an index belongs to a segment as it is now. */
export interface SegmentIdentity {
  captureId: string;
  firstSeq: number;
  segmentBytes: number;
  /** SHA-256 of the segment's last 4 KiB, hex. */
  tailHash: string;
}

export interface IndexHeader extends SegmentTotals, SegmentIdentity {
  textBytes: number;
  bodyHash: string;
}

const count = z.int().min(0);
const headerSchema = z.object({
  captureId: z.string(),
  firstSeq: z.int().positive(),
  tailHash: z.string(),
  ordinal: z.int().positive(),
  createdNs: int64Schema,
  segmentBytes: count,
  rows: count,
  messages: count,
  damagedLines: count,
  states: count,
  statesFrom: count.nullable().transform((from) => from ?? Infinity),
  statesTo: count,
  gaps: z.array(gapSchema),
  textBytes: count,
  bodyHash: z.string(),
});

/** The identity of a segment file of `segmentBytes` bytes. */
export async function identify(
  segment: FileHandle,
  captureId: string,
  firstSeq: number,
  segmentBytes: number,
): Promise<SegmentIdentity> {
  const tail = Buffer.alloc(Math.min(TAIL_BYTES, segmentBytes));
  await segment.read(tail, 0, tail.length, segmentBytes - tail.length);
  return { captureId, firstSeq, segmentBytes, tailHash: sha256([tail]).toString('hex') };
}

/** The file's bytes, in parts. */
export function encodeIndex(index: SegmentIndex, identity: SegmentIdentity): Buffer[] {
  const texts = Buffer.from(JSON.stringify(index.strings.list()), 'utf8');
  const body = [index.rows.used(), index.states.used(), texts];
  const header: IndexHeader = {
    ...index.totals(),
    ...identity,
    textBytes: texts.length,
    bodyHash: sha256(body).toString('hex'),
  };
  const headerBytes = Buffer.from(JSON.stringify(header, bigintAsText), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(headerBytes.length);
  return [MAGIC, length, sha256([headerBytes]), headerBytes, ...body];
}

/** Writes the index beside its name and then renames it, so that it is there as a whole or not at all. */
export async function writeIndex(path: string, parts: readonly Buffer[]): Promise<number> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w');
  let position = 0;
  try {
    for (const part of parts) {
      await file.writeFile(part);
      position += part.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  return position;
}

/** The header alone, or null when the file is missing, damaged, or belongs to something else. */
export async function readHeader(path: string, identity: SegmentIdentity): Promise<IndexHeader | null> {
  return withFile(path, async (file) => (await headerOf(file, identity))?.header ?? null);
}

/** The whole index, or null as {@link readHeader}. */
export async function readIndex(path: string, identity: SegmentIdentity): Promise<SegmentIndex | null> {
  return withFile(path, async (file) => {
    const found = await headerOf(file, identity);
    if (found === null) return null;
    const body = Buffer.allocUnsafeSlow(found.bodyBytes);
    const { bytesRead } = await file.read(body, 0, body.length, found.bodyOffset);
    return bytesRead === body.length ? decodeBody(found.header, body) : null;
  });
}

/** An index out of {@link encodeIndex}'s bytes; null when they are damaged. */
export function decodeIndex(bytes: Buffer): SegmentIndex | null {
  const headerBytes = bytes.readUInt32LE(8);
  const header = parseHeader(bytes.subarray(12, 44), bytes.subarray(44, 44 + headerBytes));
  return header && decodeBody(header, bytes.subarray(44 + headerBytes));
}

async function headerOf(file: FileHandle, identity: SegmentIdentity) {
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  const { bytesRead } = await file.read(prelude, 0, PRELUDE_BYTES, 0);
  const headerLength = prelude.readUInt32LE(8);
  const isOurs = bytesRead === PRELUDE_BYTES && MAGIC.equals(prelude.subarray(0, 8));
  if (!isOurs || headerLength > MAX_HEADER_BYTES) return null;
  const { size } = await file.stat();
  if (PRELUDE_BYTES + headerLength > size) return null;
  const bytes = Buffer.alloc(headerLength);
  await file.read(bytes, 0, headerLength, PRELUDE_BYTES);
  const header = parseHeader(prelude.subarray(12), bytes);
  if (header === null) return null;
  const bodyOffset = PRELUDE_BYTES + headerLength;
  const bodyBytes = header.rows * ROW_BYTES + header.states * STATE_BYTES + header.textBytes;
  const fits =
    size === bodyOffset + bodyBytes &&
    header.captureId === identity.captureId &&
    header.firstSeq === identity.firstSeq &&
    header.segmentBytes === identity.segmentBytes &&
    header.tailHash === identity.tailHash;
  return fits ? { header, bodyOffset, bodyBytes } : null;
}

function parseHeader(hash: Buffer, bytes: Buffer): IndexHeader | null {
  if (!sha256([bytes]).equals(hash)) return null;
  const parsed = headerSchema.safeParse(JSON.parse(bytes.toString('utf8')));
  return parsed.success ? parsed.data : null;
}

function decodeBody(header: IndexHeader, body: Buffer): SegmentIndex | null {
  if (sha256([body]).toString('hex') !== header.bodyHash) return null;
  const statesAt = header.rows * ROW_BYTES;
  const textsAt = statesAt + header.states * STATE_BYTES;
  const texts = z.array(z.string().nullable()).safeParse(JSON.parse(body.toString('utf8', textsAt)));
  if (!texts.success) return null;
  const index = new SegmentIndex(header.firstSeq, header.ordinal, header.createdNs, {
    rows: new RowBlock(body.subarray(0, statesAt), header.rows),
    states: new StateTable(body.subarray(statesAt, textsAt)),
    strings: Strings.from(texts.data),
  });
  index.segmentBytes = header.segmentBytes;
  index.messages = header.messages;
  index.damagedLines = header.damagedLines;
  index.gaps = header.gaps;
  return index;
}

/** null when the file cannot be opened or read: an index is made again then, so the reason does not matter. */
async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T | null>): Promise<T | null> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r');
    return await use(file);
  } catch {
    return null;
  } finally {
    await file?.close();
  }
}

function sha256(parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const bigintAsText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;
