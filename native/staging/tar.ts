/** The files of a tar stream (ustar, with the long names of pax and GNU). Nothing is ever written by its names. */
import { damaged, type ByteReader } from './byte-reader.ts';

export interface TarFile {
  path: string;
  sizeBytes: number;
  /** Its content, once, before the next file is asked for. */
  content(): AsyncGenerator<Buffer>;
}

const BLOCK = 512;
/** Of what only describes the next entry. */
const MOST_DESCRIPTION_BYTES = 1 << 20;
const MOST_ENTRIES = 100_000;

/** Regular files only: no links, folders, devices. @throws WakuDeskError FILE_FAILED */
export async function* tarFiles(reader: ByteReader): AsyncGenerator<TarFile> {
  let longPath: string | null = null;
  for (let entries = 0; entries < MOST_ENTRIES; entries++) {
    const header = await reader.read(BLOCK);
    // Archives end with blocks of zeros, or just end.
    if (header.byteLength < BLOCK || header.every((byte) => byte === 0)) return;
    checkSum(header);
    const sizeBytes = octal(header, 124, 12);
    const end = reader.position + Math.ceil(sizeBytes / BLOCK) * BLOCK;
    const type = text(header, 156, 1);
    if (type === 'x' || type === 'L') {
      if (sizeBytes > MOST_DESCRIPTION_BYTES) throw damaged('a name in it is too long');
      const description = await reader.read(sizeBytes);
      longPath = type === 'L' ? text(description, 0, sizeBytes) : (paxPath(description) ?? longPath);
    } else {
      const path = longPath ?? shortPath(header);
      longPath = null;
      if (type === '0' || type === '') yield { path, sizeBytes, content: () => reader.pieces(sizeBytes) };
    }
    await reader.skip(end - reader.position);
  }
  throw damaged(`it has more than ${MOST_ENTRIES} entries`);
}

function shortPath(header: Buffer): string {
  const isUstar = text(header, 257, 5) === 'ustar';
  const prefix = isUstar ? text(header, 345, 155) : '';
  return prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`;
}

/** Records of `<length> <key>=<value>\n`. */
function paxPath(description: Buffer): string | null {
  let path: string | null = null;
  for (let at = 0; at < description.byteLength;) {
    const length = Number.parseInt(description.toString('latin1', at, at + 10), 10);
    if (!(length > 0)) throw damaged('the description of a file in it is wrong');
    const record = description.toString('utf8', at, at + length - 1);
    path = /^\d+ path=(.*)$/s.exec(record)?.[1] ?? path;
    at += length;
  }
  return path;
}

function checkSum(header: Buffer): void {
  const FIELD = { start: 148, end: 156, space: 32 };
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= FIELD.start && at < FIELD.end ? FIELD.space : byte;
  if (octal(header, FIELD.start, 8) !== sum) throw damaged('a check sum in it is wrong');
}

function octal(header: Buffer, at: number, size: number): number {
  const digits = text(header, at, size).trim();
  if (!/^[0-7]+$/.test(digits)) throw damaged('a number in it is wrong or too large');
  return Number.parseInt(digits, 8);
}

function text(bytes: Buffer, at: number, size: number): string {
  const field = bytes.subarray(at, at + size);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? field.byteLength : end);
}
