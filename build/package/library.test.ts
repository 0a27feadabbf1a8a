import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { host } from '../../native/build.mjs';
import { libraryOf } from './library.ts';
import { parseRequest, type PackageRequest } from './request.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waku-desk-library-'));
  // Nothing is staged, and none is named.
  vi.stubEnv('XDG_DATA_HOME', folder);
  for (const name of ['WAKU_DESK_LIBWAKU', 'WAKU_DESK_LIBGOWAKU']) vi.stubEnv(name, '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const MACHINES = { x64: 62, arm64: 183 } as const;
type Arch = keyof typeof MACHINES;
const HEADER_BYTES = 64;

/** A shared library of Linux with nothing in it but the glibc that it needs. */
function elf({ arch = 'x64', glibc }: { arch?: Arch; glibc: string }): Buffer {
  const texts = Buffer.from(`\0libc.so.6\0GLIBC_${glibc}\0`);
  const needs = Buffer.alloc(32);
  needs.writeUInt16LE(1, 0);
  needs.writeUInt16LE(1, 2);
  needs.writeUInt32LE(1, 4);
  needs.writeUInt32LE(16, 8);
  needs.writeUInt32LE('\0libc.so.6\0'.length, 24);
  const section = (type: number, offset: number, size: number, link: number): Buffer => {
    const bytes = Buffer.alloc(64);
    bytes.writeUInt32LE(type, 4);
    bytes.writeBigUInt64LE(BigInt(offset), 24);
    bytes.writeBigUInt64LE(BigInt(size), 32);
    bytes.writeUInt32LE(link, 40);
    return bytes;
  };
  const needsAt = HEADER_BYTES + texts.length;
  const sections = [
    section(0, 0, 0, 0),
    section(3, HEADER_BYTES, texts.length, 0),
    section(0x6ffffffe, needsAt, needs.length, 1),
  ];
  const header = Buffer.alloc(HEADER_BYTES);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(header);
  header.writeUInt16LE(3, 16);
  header.writeUInt16LE(MACHINES[arch], 18);
  header.writeBigUInt64LE(BigInt(needsAt + needs.length), 40);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(sections.length, 60);
  return Buffer.concat([header, texts, needs, ...sections]);
}

async function library(content: Buffer, path = join(folder, 'given.so')): Promise<string> {
  await writeFile(path, content);
  return path;
}

function request(args: string): PackageRequest {
  const parsed = parseRequest(args.split(' '), { platform: 'linux', arch: 'x64' });
  if (parsed === null) throw new Error('only help was asked for');
  return parsed;
}

describe('the library of a package', () => {
  it('is the one that was named, under the name of its profile, with the glibc that it needs', async () => {
    const path = await library(elf({ glibc: '2.28' }));
    expect(await libraryOf(request(`--profile nwaku --library ${path}`))).toEqual({
      path,
      name: 'libwaku.so',
      glibc: '2.28',
    });
    vi.stubEnv('WAKU_DESK_LIBGOWAKU', path);
    expect(await libraryOf(request('--profile go-waku'))).toMatchObject({ path, name: 'libgowaku.so' });
  });

  it('is refused where it needs a newer glibc than packages are for, unless any is allowed', async () => {
    const path = await library(elf({ glibc: '2.34' }));
    await expect(libraryOf(request(`--profile nwaku --library ${path}`))).rejects.toMatchObject({
      code: 'LIBRARY_REFUSED',
      message: 'given.so needs glibc 2.34, and packages are for 2.28.',
      hint: expect.stringContaining('--any-glibc') as string,
    });
    expect(await libraryOf(request(`--profile nwaku --any-glibc --library ${path}`))).toMatchObject({
      glibc: '2.34',
    });
  });

  it('is refused where it is for another machine than the package', async () => {
    const path = await library(elf({ arch: 'arm64', glibc: '2.17' }));
    await expect(libraryOf(request(`--profile nwaku --library ${path}`))).rejects.toMatchObject({
      code: 'LIBRARY_REFUSED',
      message: 'given.so is for Linux on arm64; this is Linux on x64.',
    });
    expect(await libraryOf(request(`--profile nwaku --arch arm64 --library ${path}`))).toMatchObject({
      glibc: '2.17',
    });
    await expect(
      libraryOf(request(`--profile nwaku --platform macos --library ${path}`)),
    ).rejects.toMatchObject({ message: 'given.so is for Linux on arm64; this is macOS on x64.' });
  });

  it('that is nowhere is told with what can be done', async () => {
    await expect(libraryOf(request('--profile nwaku --arch arm64'))).rejects.toMatchObject({
      code: 'LIBRARY_MISSING',
      message: 'The profile nwaku needs libwaku for linux-arm64.',
      hint: expect.stringMatching(
        /--library or WAKU_DESK_LIBWAKU.*native add FILE.*--without-library.*nwaku\/releases/,
      ) as string,
    });
  });

  it('that is staged is for packages of this machine alone', async (context) => {
    if (process.platform !== 'linux') context.skip('the staged folder is set by XDG_DATA_HOME here');
    const [own, other] = process.arch === 'x64' ? (['x64', 'arm64'] as const) : (['arm64', 'x64'] as const);
    expect(host).toBe(`linux-${own}`);
    const staged = join(folder, 'waku-desk', 'native');
    await mkdir(staged, { recursive: true });
    const path = await library(elf({ arch: own, glibc: '2.17' }), join(staged, 'libwaku.so'));
    expect(await libraryOf(request(`--profile nwaku --arch ${own}`))).toMatchObject({ path });
    await expect(libraryOf(request(`--profile nwaku --arch ${other}`))).rejects.toMatchObject({
      code: 'LIBRARY_MISSING',
      cause: expect.not.stringContaining(staged) as string,
    });
  });

  it('libgowaku for macOS has to come from a Mac', async (context) => {
    if (process.platform === 'darwin') context.skip('this is one');
    await expect(libraryOf(request('--profile go-waku --platform macos'))).rejects.toMatchObject({
      code: 'LIBRARY_MISSING',
      message: 'libgowaku for darwin-x64 can be built on such a Mac only.',
      hint: expect.stringContaining('--library') as string,
    });
  });
});
