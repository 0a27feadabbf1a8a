import { describe, expect, it } from 'vitest';
import { CLIENT_FRAME_BOUNDS, decodeFrame, encodeFrame, HOST_FRAME_BOUNDS } from './codec.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const turn = (value: unknown): unknown => decodeFrame(encodeFrame(value), HOST_FRAME_BOUNDS);

describe('a value', () => {
  it.each<[string, unknown]>([
    ['nothing', null],
    ['the largest 64-bit integers', [2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n, 0n]],
    [
      'numbers of every kind',
      [0, -1, 127, 128, 65_536, 2 ** 32, -(2 ** 40), Number.MAX_SAFE_INTEGER, 0.1, -1e300, Infinity],
    ],
    [
      'texts of every length',
      ['', 'é', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(256), '😀'.repeat(40_000)],
    ],
    ['bytes of every length', [bytes(), bytes(0, 255), new Uint8Array(256), new Uint8Array(70_000).fill(7)]],
    [
      'lists and maps of every length',
      [
        [],
        {},
        Array.from({ length: 20 }, () => 0),
        Array.from({ length: 70_000 }, () => true),
        Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`k${String(i)}`, i])),
      ],
    ],
    ['maps in lists in maps', { a: [{ b: [{ c: null }] }] }],
  ])('comes back as it was: %s', (_what, value) => {
    expect(turn(value)).toEqual(value);
  });

  it('without what is undefined', () => {
    expect(turn({ a: undefined, b: 1 })).toEqual({ b: 1 });
  });

  it('has plain bytes, also out of a Buffer', () => {
    const value = decodeFrame(Buffer.from(encodeFrame(bytes(1, 2))), HOST_FRAME_BOUNDS);
    expect(Object.getPrototypeOf(value)).toBe(Uint8Array.prototype);
  });
});

describe('a frame is refused', () => {
  const refused = (frame: Uint8Array, bounds = CLIENT_FRAME_BOUNDS) => {
    expect(() => decodeFrame(frame, bounds)).toThrow(expect.objectContaining({ code: 'BAD_USE' }));
  };

  it('wherever it is cut off', () => {
    const frame = encodeFrame({
      kind: 'call',
      id: 70_000,
      big: 2n ** 60n,
      name: 'x'.repeat(300),
      list: [1.5, bytes(1, 2, 3)],
    });
    for (let length = 0; length < frame.length; length++) refused(frame.slice(0, length));
    refused(bytes(...frame, 0xc0));
  });

  it('beyond a bound, exactly', () => {
    const bounds = { maxBytes: 10, maxDepth: 2, maxValues: 5 };
    expect(decodeFrame(bytes(0x91, 0x91, 0x00), bounds)).toEqual([[0]]);
    refused(bytes(0x91, 0x91, 0x91, 0x00), bounds);
    expect(decodeFrame(bytes(0x94, 0, 0, 0, 0), bounds)).toEqual([0, 0, 0, 0]);
    refused(bytes(0x95, 0, 0, 0, 0, 0), { ...bounds, maxValues: 5 });
    refused(new Uint8Array(11).fill(0xc0), bounds);
  });

  it('of a client beyond 20,000 values, the list itself among them', () => {
    const frameOf = (length: number): Uint8Array => encodeFrame(Array.from({ length }, () => 0));
    expect(decodeFrame(frameOf(19_999), CLIENT_FRAME_BOUNDS)).toHaveLength(19_999);
    refused(frameOf(20_000));
  });

  it.each<[string, Uint8Array]>([
    ['claims more than it has', bytes(0xdf, 0xff, 0xff, 0xff, 0xff)],
    ['claims bytes that are not there', bytes(0xc6, 0x7f, 0xff, 0xff, 0xff, 0)],
    ['uses the code that nobody has', bytes(0xc1)],
    ['has a list as a key', bytes(0x81, 0x90, 0x00)],
    ['would change every object', bytes(0x81, 0xa9, ...Buffer.from('__proto__'), 0x80)],
    ['has text that is cut in a character', bytes(0xa2, 0xf0)],
  ])('that %s', (_what, frame) => {
    refused(frame);
  });

  it('whatever bytes it is made of, with BAD_USE and nothing else', () => {
    let seed = 42;
    const random = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 16;
    for (let round = 0; round < 20_000; round++) {
      const frame = Uint8Array.from({ length: random() % 24 }, () => random() & 0xff);
      try {
        decodeFrame(frame, CLIENT_FRAME_BOUNDS);
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_USE' });
      }
    }
  });
});
