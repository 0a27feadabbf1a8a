/** Text of the form's fields as values. Each throws an Error whose message stands under its field. */
import { base64, base64nopad } from '@scure/base';
import { hexToBytes } from '@noble/hashes/utils.js';
import { MAX_META_BYTES } from '../../../core/waku/limits.ts';
import type { PublishForm } from '../../store/state.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

const utf8 = new TextEncoder();

export function readPayload({ encoding, payload, file }: PublishForm): Bytes {
  switch (encoding) {
    case 'text':
      return utf8.encode(payload);
    case 'hex':
      return readHex(payload);
    case 'base64':
      return readBase64(payload);
    case 'file':
      if (file === null) throw new Error('Choose a file.');
      return file.bytes;
  }
}

export function readMeta({ metaEncoding, meta }: PublishForm): Bytes {
  const bytes = metaEncoding === 'hex' ? readHex(meta) : utf8.encode(meta);
  if (bytes.length > MAX_META_BYTES)
    throw new Error(`Meta has ${bytes.length} bytes; ${MAX_META_BYTES} are the most.`);
  return bytes;
}

function readHex(text: string): Bytes {
  const digits = text.replace(/\s+/g, '').replace(/^0x/i, '');
  if (/[^0-9a-f]/i.test(digits)) throw new Error('Hex has the digits 0 to 9 and a to f only.');
  if (digits.length % 2 === 1) throw new Error('Hex needs two digits for each byte; one is missing.');
  return new Uint8Array(hexToBytes(digits));
}

function readBase64(text: string): Bytes {
  const letters = text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  try {
    return new Uint8Array((letters.endsWith('=') ? base64 : base64nopad).decode(letters));
  } catch {
    throw new Error('This is not base64.');
  }
}

export function readVersion(text: string): number {
  const version = Number(text);
  if (!/^\d+$/.test(text.trim()) || version > 4_294_967_295)
    throw new Error('A whole number from 0 to 4,294,967,295.');
  return version;
}

export function readTimestamp({ clock, timestampNs }: PublishForm): bigint | null {
  if (clock === 'now') return null;
  if (!/^-?\d{1,20}$/.test(timestampNs.trim())) throw new Error('Unix time in nanoseconds, a whole number.');
  return BigInt(timestampNs.trim());
}

export function readNumber(text: string, least: number, most: number, whole: boolean): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most) || (whole && !Number.isInteger(value)))
    throw new Error(
      `${whole ? 'A whole number' : 'A number'} from ${least} to ${most.toLocaleString('en-US')}.`,
    );
  return value;
}
