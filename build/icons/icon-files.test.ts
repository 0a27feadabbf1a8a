import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { icnsOf, icoOf } from './icon-files.ts';

const pictures = [16, 64, 256, 512].map((size) => ({ size, png: Buffer.from(`png ${size}`) }));

it('an icns file is a list of types with their lengths', () => {
  const icns = icnsOf(pictures);
  expect(icns.toString('latin1', 0, 4)).toBe('icns');
  expect(icns.readUInt32BE(4)).toBe(icns.length);
  const types: string[] = [];
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
    types.push(icns.toString('latin1', at, at + 4));
  expect(types).toEqual(['icp4', 'icp6', 'ic12', 'ic08', 'ic13', 'ic09', 'ic14']);
});

it('an ico file has no picture larger than 256', () => {
  const ico = icoOf(pictures);
  expect(ico.readUInt16LE(4)).toBe(3);
  const last = 6 + 2 * 16;
  expect([ico.readUInt8(last), ico.readUInt32LE(last + 8)]).toEqual([0, 'png 256'.length]);
  expect(ico.subarray(ico.readUInt32LE(last + 12)).toString()).toBe('png 256');
});

it('the committed icons have every size that systems ask for', () => {
  const folder = import.meta.dirname;
  for (const size of [16, 32, 48, 64, 128, 256, 512]) {
    const png = readFileSync(join(folder, 'linux', `${size}x${size}.png`));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
  }
  expect(readFileSync(join(folder, 'icon.icns')).includes('ic10')).toBe(true);
  expect(readFileSync(join(folder, 'icon.ico')).readUInt16LE(4)).toBe(6);
});
