import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../build.mjs';
import { prepare } from '../ffi/fixture-session.ts';
import { compareVersions } from './elf-versions.ts';
import { checkFit } from './fit.ts';
import { readLibraryFile } from './library-file.ts';

const MACHINE = { system: 'linux', architecture: 'x64', glibc: '2.36' };
let folder: string;
let unprepared: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waku-desk-file-'));
  unprepared = await prepare();
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** 128 bytes with numbers at places. */
function header(...fields: [at: number, bytes: number[]][]): Buffer {
  const bytes = Buffer.alloc(128);
  for (const [at, values] of fields) Buffer.from(values).copy(bytes, at);
  return bytes;
}

const MACH_ARM = header([0, [0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1]], [12, [6]]);
const ELF_ARM = header([0, [0x7f, 0x45, 0x4c, 0x46, 2, 1]], [16, [3, 0, 183]]);
const PE = header([0, [0x4d, 0x5a]], [0x3c, [64]], [64, [0x50, 0x45, 0, 0, 0x64, 0x86]], [87, [0x20]]);

describe('the file of a library', () => {
  it('tells for which system and machine it is', async () => {
    expect(await readLibraryFile(await file('a.dylib', MACH_ARM))).toMatchObject({
      system: 'darwin',
      architectures: ['arm64'],
      isLibrary: true,
    });
    expect(await readLibraryFile(await file('a.so', ELF_ARM))).toMatchObject({
      system: 'linux',
      architectures: ['arm64'],
      isLibrary: true,
    });
    expect(await readLibraryFile(await file('a.dll', PE))).toMatchObject({
      system: 'win32',
      architectures: ['x64'],
      isLibrary: true,
    });
    const universal = Buffer.concat([
      header([0, [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 1]], [8 + 11, [128]]),
      MACH_ARM,
    ]);
    expect(await readLibraryFile(await file('fat.dylib', universal))).toMatchObject({
      architectures: ['arm64'],
    });
  });

  it('is read for the glibc that it needs', async (context) => {
    if (unprepared !== undefined || process.platform !== 'linux') context.skip(unprepared ?? 'not Linux');
    const { glibc, architectures } = (await readLibraryFile(fixturePath('b'))) ?? {};
    expect(glibc).toMatch(/^2\.\d+/);
    expect(architectures).toEqual([process.arch]);
  });

  it('is refused in words where it does not fit', async (context) => {
    const reasons = [
      [await file('mac.dylib', MACH_ARM), 'mac.dylib is for macOS on arm64; this is Linux on x64.'],
      [await file('arm.so', ELF_ARM), 'arm.so is for Linux on arm64; this is Linux on x64.'],
      [await file('w.dll', PE), 'w.dll is for Windows on x64; this is Linux on x64.'],
      [await file('empty.so', ''), 'empty.so is empty.'],
      [await file('p.so', '<!DOCTYPE html><p>Not found'), 'p.so is a web page, not a library.'],
      [await file('t.so', 'x'.repeat(100)), 't.so is no shared library of Linux, macOS or Windows.'],
      [
        await file('l.so', 'version https://git-lfs.github.com/spec/v1'),
        'l.so is a pointer of Git LFS, not the file itself.',
      ],
    ] as const;
    for (const [path, message] of reasons)
      await expect(checkFit(path, MACHINE)).rejects.toMatchObject({ code: 'LIBRARY_REFUSED', message });
    await expect(checkFit(join(folder, 'missing.so'), MACHINE)).rejects.toMatchObject({
      code: 'FILE_FAILED',
    });
    if (unprepared !== undefined || process.platform !== 'linux') context.skip(unprepared ?? 'not Linux');
    await expect(
      checkFit(fixturePath('b'), { ...MACHINE, architecture: process.arch, glibc: '2.1' }),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/needs glibc 2\.\d+; this system has 2\.1/) as string,
    });
    expect(await checkFit(fixturePath('b'))).toMatchObject({ system: 'linux' });
  });

  it('is read without harm when it is cut or its numbers are wild', async (context) => {
    if (unprepared !== undefined || process.platform !== 'linux') context.skip(unprepared ?? 'not Linux');
    const { readFile } = await import('node:fs/promises');
    const whole = await readFile(fixturePath('b'));
    for (let size = 0; size < whole.length; size += 509)
      await readLibraryFile(await file('cut.so', whole.subarray(0, size)));
    for (let at = 16; at < 64; at++) {
      const wild = Buffer.from(whole);
      wild[at] = 0xff;
      expect(await readLibraryFile(await file('wild.so', wild))).toMatchObject({ system: 'linux' });
    }
  });
});

it('compares versions by their numbers', () => {
  expect(['2.4', '2.34', '2.17', '2.2.5'].sort(compareVersions)).toEqual(['2.2.5', '2.4', '2.17', '2.34']);
});
