import { expect, it } from 'vitest';
import { colours, readPicture } from './picture.ts';

/** A dump as Xvfb writes it. */
function dump(width: number, height: number, colourOf: (x: number, y: number) => number): Buffer {
  const HEADER_BYTES = 100;
  const buffer = Buffer.alloc(HEADER_BYTES + width * height * 4);
  const fields = { 0: HEADER_BYTES, 1: 7, 4: width, 5: height, 7: 0, 11: 32, 12: width * 4, 19: 0 };
  for (const [index, value] of Object.entries(fields)) buffer.writeUInt32BE(value, Number(index) * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      buffer.writeUInt32LE(colourOf(x, y), HEADER_BYTES + (y * width + x) * 4);
  return buffer;
}

it('a blank part of a screen has one colour, however lively the rest is', () => {
  const picture = readPicture(dump(40, 20, (x, y) => (x < 20 ? 0xffffff : 0x100 * x + y)));
  expect(picture.pixel(39, 19)).toBe(0x100 * 39 + 19);
  expect(colours(picture, { left: 0, top: 0, width: 20, height: 20 })).toEqual({ count: 1, largestShare: 1 });
  expect(colours(picture, { left: 20, top: 0, width: 20, height: 20 })).toEqual({
    count: 100,
    largestShare: 0.01,
  });
});

it('a window that reaches beyond the screen is looked at as far as it is on it', () => {
  const picture = readPicture(dump(10, 10, () => 0xff0000));
  expect(colours(picture, { left: -5, top: 8, width: 100, height: 100 })).toEqual({
    count: 1,
    largestShare: 1,
  });
});

it('another kind of file is refused', () => {
  expect(() => readPicture(Buffer.alloc(100))).toThrow('cannot be read');
});
