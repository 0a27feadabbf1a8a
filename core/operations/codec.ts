/**
 * Messages as bytes for a WebSocket: MessagePack, 64-bit integers as bigint both ways, `undefined` left out.
 * Bytes are looked through before anything is made of them, because a frame may be hostile: a few bytes can claim
 * an array of millions, or nest a million deep.
 */
import { decode, encode } from '@msgpack/msgpack';
import { WakuDeskError } from '../engine/errors.ts';

export interface FrameBounds {
  maxBytes: number;
  /** Arrays and maps within each other. */
  maxDepth: number;
  /** Values in a frame, keys counted too. */
  maxValues: number;
}

/** Of what a client sends. The largest message that a network may have, and what is around it. */
export const CLIENT_FRAME_BOUNDS: Readonly<FrameBounds> = {
  maxBytes: 16 * 1024 * 1024 + 64 * 1024,
  maxDepth: 12,
  maxValues: 20_000,
};

/** Of what a host sends: a page of rows, or a batch. */
export const HOST_FRAME_BOUNDS: Readonly<FrameBounds> = {
  maxBytes: 64 * 1024 * 1024,
  maxDepth: 16,
  maxValues: 2_000_000,
};

export function encodeFrame(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(value, { useBigInt64: true, ignoreUndefined: true });
}

/**
 * Bytes in the value are views of the frame.
 * @throws WakuDeskError BAD_USE for anything that is not one whole value within the bounds
 */
export function decodeFrame(frame: Uint8Array, bounds: FrameBounds): unknown {
  // A plain view: parts of a Buffer would be Buffers.
  const bytes = new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength);
  const problem = problemOf(bytes, bounds);
  if (problem !== null) throw badFrame(problem);
  try {
    return decode(bytes, { useBigInt64: true });
  } catch (error) {
    throw badFrame('it is not MessagePack', error);
  }
}

/** Sizes of a value by its first byte: the bytes of its length field and what is fixed behind it. */
function problemOf(bytes: Uint8Array, { maxBytes, maxDepth, maxValues }: FrameBounds): string | null {
  if (bytes.length > maxBytes) return `it is larger than ${maxBytes} bytes`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** For each open array or map, how many values it still waits for; the frame itself waits for one. */
  const open = [1];
  let at = 0;
  for (let values = 0; open.length > 0; values++) {
    if (values >= maxValues) return `it holds more than ${maxValues} values`;
    if (at >= bytes.length) return 'it ends too early';
    const head = headOf(view, at);
    if (head === null) return 'it ends too early, or is not MessagePack';
    at += head.bytes;
    if (at > bytes.length) return 'it ends too early';
    open.push((open.pop() ?? 0) - 1);
    if (head.children > 0) open.push(head.children);
    if (open.length > maxDepth + 1) return `it nests deeper than ${maxDepth}`;
    while (open.at(-1) === 0) open.pop();
  }
  return at === bytes.length ? null : 'something follows on its value';
}

interface Head {
  /** Of the value without its children. */
  bytes: number;
  /** Values that follow as its parts. */
  children: number;
}

const leaf = (bytes: number): Head => ({ bytes, children: 0 });

/** Fixed sizes by first byte from 0xca on: floats, unsigned and signed integers, fixed extensions. */
const FIXED: Readonly<Record<number, number>> = {
  0xca: 5,
  0xcb: 9,
  0xcc: 2,
  0xcd: 3,
  0xce: 5,
  0xcf: 9,
  0xd0: 2,
  0xd1: 3,
  0xd2: 5,
  0xd3: 9,
  0xd4: 3,
  0xd5: 4,
  0xd6: 6,
  0xd7: 10,
  0xd8: 18,
};

/** Width of the length field, what the length counts, and what stands between. */
const SIZED: Readonly<
  Record<number, readonly [width: 1 | 2 | 4, of: 'bytes' | 'values' | 'pairs', extra: number]>
> = {
  0xc4: [1, 'bytes', 0],
  0xc5: [2, 'bytes', 0],
  0xc6: [4, 'bytes', 0],
  0xc7: [1, 'bytes', 1],
  0xc8: [2, 'bytes', 1],
  0xc9: [4, 'bytes', 1],
  0xd9: [1, 'bytes', 0],
  0xda: [2, 'bytes', 0],
  0xdb: [4, 'bytes', 0],
  0xdc: [2, 'values', 0],
  0xdd: [4, 'values', 0],
  0xde: [2, 'pairs', 0],
  0xdf: [4, 'pairs', 0],
};

/** null when the bytes end within it, or no value begins so. */
function headOf(view: DataView, at: number): Head | null {
  const first = view.getUint8(at);
  if (first <= 0x7f || first >= 0xe0 || first === 0xc0 || first === 0xc2 || first === 0xc3) return leaf(1);
  if (first <= 0x8f) return { bytes: 1, children: 2 * (first & 0x0f) };
  if (first <= 0x9f) return { bytes: 1, children: first & 0x0f };
  if (first <= 0xbf) return leaf(1 + (first & 0x1f));
  const fixed = FIXED[first];
  if (fixed !== undefined) return leaf(fixed);
  const sized = SIZED[first];
  if (sized === undefined || at + 1 + sized[0] > view.byteLength) return null;
  const [width, of, extra] = sized;
  const length = lengthAt(view, at + 1, width);
  const bytes = 1 + width + extra;
  if (of === 'bytes') return leaf(bytes + length);
  return { bytes, children: of === 'pairs' ? 2 * length : length };
}

function lengthAt(view: DataView, at: number, width: 1 | 2 | 4): number {
  if (width === 1) return view.getUint8(at);
  return width === 2 ? view.getUint16(at) : view.getUint32(at);
}

function badFrame(problem: string, cause?: unknown): WakuDeskError {
  const details = {
    operation: 'operations.decode',
    hint: 'Send one MessagePack value of the protocol in each frame.',
  };
  const message = `The frame cannot be read: ${problem}.`;
  return new WakuDeskError('BAD_USE', message, cause === undefined ? details : { ...details, cause });
}
