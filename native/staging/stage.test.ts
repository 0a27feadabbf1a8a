import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi, type TestContext } from 'vitest';
import { fixturePath } from '../build.mjs';
import { prepare } from '../ffi/fixture-session.ts';
import { librarySuffix, locateLibrary } from '../library/locate.ts';
import { stageLibrary, unstageLibrary } from './stage.ts';
import { tarOf } from './fixture-tar.ts';

const run = promisify(execFile);
const NAME = `libwaku${librarySuffix()}`;

let root: string;
let folder: string;
let unprepared: string | undefined;

beforeAll(async () => {
  unprepared = await prepare();
  root = await mkdtemp(join(tmpdir(), 'waku-desk-staging-'));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'staged-'));
});

function needFixture(context: TestContext): void {
  if (unprepared !== undefined) context.skip(unprepared);
}

/** A folder as a release package installs it, with the fixture as its library. */
async function tree(generation: 'a' | 'b' | 'c' | 'd'): Promise<string> {
  const at = await mkdtemp(join(root, 'tree-'));
  await mkdir(join(at, 'usr/local/lib'), { recursive: true });
  await mkdir(join(at, 'usr/local/include'), { recursive: true });
  await copyFile(fixturePath(generation), join(at, 'usr/local/lib', NAME));
  await writeFile(join(at, 'usr/local/include/libwaku.h'), '/* a header */\n');
  return at;
}

async function deb(generation: 'a' | 'b' | 'c' | 'd', compression: 'gzip' | 'xz' | 'zstd'): Promise<string> {
  const at = await tree(generation);
  await mkdir(join(at, 'DEBIAN'));
  const control =
    'Package: libwaku\nVersion: 0.37.1\nArchitecture: all\nMaintainer: a fixture\nDescription: a fixture\n';
  await writeFile(join(at, 'DEBIAN/control'), control);
  const path = join(root, `libwaku-${generation}-${compression}.deb`);
  await run('dpkg-deb', [`-Z${compression}`, '--root-owner-group', '--build', at, path]);
  return path;
}

async function hasDpkg(): Promise<boolean> {
  return run('dpkg-deb', ['--version']).then(
    () => true,
    () => false,
  );
}

async function archive(name: string, content: Buffer): Promise<string> {
  const path = join(root, name);
  await writeFile(path, content);
  return path;
}

describe('staging a library (the fixture)', () => {
  it('takes a library file, records its check sum, and is found', async (context) => {
    needFixture(context);
    const staged = await stageLibrary(fixturePath('b'), { kind: 'libwaku', folder });
    const sha256 = createHash('sha256')
      .update(await readFile(fixturePath('b')))
      .digest('hex');
    expect(staged).toMatchObject({
      kind: 'libwaku',
      path: join(folder, NAME),
      sha256,
      generation: 'B',
      version: expect.stringContaining('fixture') as string,
      replaced: false,
    });
    const places = { environment: {}, platform: process.platform, stagedFolder: folder };
    expect(await locateLibrary('libwaku', places)).toMatchObject({
      source: 'staged',
      isRecorded: true,
      sha256,
    });
    expect(await stageLibrary(fixturePath('c'), { kind: 'libwaku', folder })).toMatchObject({
      generation: 'C',
      replaced: true,
    });
    expect((await readdir(folder)).sort()).toEqual([NAME, `${NAME}.sha256`]);
    expect(await locateLibrary('libwaku', places)).toMatchObject({ isRecorded: true });
    expect(await unstageLibrary('libwaku', folder)).toBe(true);
    expect(await unstageLibrary('libwaku', folder)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it(
    'takes the library out of Debian packages of every compression',
    { timeout: 60_000 },
    async (context) => {
      needFixture(context);
      if (!(await hasDpkg())) context.skip('dpkg-deb, which builds the packages, is not here');
      for (const compression of ['gzip', 'xz', 'zstd'] as const)
        expect(await stageLibrary(await deb('b', compression), { folder })).toMatchObject({
          kind: 'libwaku',
          path: join(folder, NAME),
          generation: 'B',
        });
    },
  );

  it('reads them without dpkg-deb, and says which program it lacks', { timeout: 60_000 }, async (context) => {
    needFixture(context);
    if (!(await hasDpkg())) context.skip('dpkg-deb, which builds the packages, is not here');
    const gzip = await deb('b', 'gzip');
    const xz = await deb('b', 'xz');
    vi.stubEnv('PATH', root);
    try {
      expect(await stageLibrary(gzip, { folder })).toMatchObject({ generation: 'B' });
      await expect(stageLibrary(xz, { folder })).rejects.toMatchObject({
        code: 'FILE_FAILED',
        message: 'The package cannot be read: data.tar.xz needs dpkg-deb or xz, and neither is installed.',
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('takes it out of archives that tar made', async (context) => {
    needFixture(context);
    const path = join(root, 'libwaku-0.37.1.tar.gz');
    await run('tar', ['-czf', path, '-C', await tree('c'), '.']);
    expect(await stageLibrary(path, { folder })).toMatchObject({ kind: 'libwaku', generation: 'C' });
  });

  it('refuses what is not spoken or not for here, and stages nothing', async (context) => {
    needFixture(context);
    for (const generation of ['a', 'd'] as const)
      await expect(stageLibrary(fixturePath(generation), { kind: 'libwaku', folder })).rejects.toMatchObject({
        code: 'LIBRARY_REFUSED',
        message: expect.stringMatching(/v0\.35\.0 to v0\.37\.4/) as string,
      });
    await expect(stageLibrary(fixturePath('b'), { folder })).rejects.toMatchObject({ code: 'BAD_USE' });
    await expect(stageLibrary(join(root, 'none.deb'), { folder })).rejects.toMatchObject({
      code: 'FILE_FAILED',
    });
    const mac = Buffer.alloc(128);
    Buffer.from([0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1, 0, 0, 0, 0, 6]).copy(mac);
    const tar = tarOf([{ path: 'lib/libwaku.dylib', content: mac }]);
    if (process.platform !== 'darwin')
      await expect(
        stageLibrary(await archive('mac.tar.gz', gzipSync(tar)), { folder }),
      ).rejects.toMatchObject({
        code: 'LIBRARY_REFUSED',
        message: expect.stringContaining('is for macOS') as string,
      });
    expect(await readdir(folder)).toEqual([]);
  });

  it('ends when it is cancelled', async () => {
    await expect(
      stageLibrary(fixturePath('b'), { kind: 'libwaku', folder, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('hostile packages', () => {
  const refused = async (name: string, content: Buffer, message: RegExp): Promise<void> => {
    await expect(stageLibrary(await archive(name, content), { folder })).rejects.toMatchObject({
      message: expect.stringMatching(message) as string,
    });
    expect(await readdir(folder)).toEqual([]);
  };

  it('write nowhere but into the folder', async (context) => {
    needFixture(context);
    const content = await readFile(fixturePath('b'));
    const tar = tarOf([
      { path: '../../outside.txt', content: Buffer.from('x') },
      { path: `../../../${NAME}`, content },
    ]);
    expect(await stageLibrary(await archive('up.tar.gz', gzipSync(tar)), { folder })).toMatchObject({
      path: join(folder, NAME),
    });
    expect((await readdir(root)).filter((name) => name === 'outside.txt' || name === NAME)).toEqual([]);
  });

  it('get no link followed', async () => {
    const at = await mkdtemp(join(root, 'links-'));
    await symlink('/etc/passwd', join(at, NAME));
    const path = join(root, 'links.tar.gz');
    await run('tar', ['-czf', path, '-C', at, '.']);
    await expect(stageLibrary(path, { folder })).rejects.toMatchObject({
      message: expect.stringContaining('links do not count') as string,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('are refused when they are cut, wrong, or hold more than one', async () => {
    const one = tarOf([{ path: NAME, content: Buffer.alloc(100_000, 1) }]);
    const wrong = Buffer.from(one);
    wrong[0] = 1;
    const two = tarOf([
      { path: `a/${NAME}`, content: Buffer.from('x') },
      { path: `b/${NAME}`, content: Buffer.from('x') },
    ]);
    await refused('cut.tar.gz', gzipSync(one).subarray(0, 60), /not compressed as it says/);
    await refused('short.tar.gz', gzipSync(one.subarray(0, 50_000)), /middle of a file/);
    await refused('wrong.tar.gz', gzipSync(wrong), /check sum/);
    await refused('two.tar.gz', gzipSync(two), /more than one library/);
    await refused('none.tar.gz', gzipSync(tarOf([])), /no libwaku or libgowaku library file/);
    await refused('ar.deb', Buffer.from('!<arch>\nnonsense'), /no Debian package|cannot be unpacked/);
  });

  it('that unpack without end are given up', { timeout: 60_000 }, async () => {
    const bomb = gzipSync(
      Buffer.concat([
        tarOf([{ path: 'zeros', content: Buffer.alloc(0), sizeBytes: 2 ** 32 }]).subarray(0, 512),
        Buffer.alloc(64 << 20),
      ]),
    );
    // Members of gzip may follow on each other: the same zeros again and again.
    const zeros = gzipSync(Buffer.alloc(64 << 20));
    await refused(
      'bomb.tar.gz',
      Buffer.concat([bomb, ...Array<Buffer>(16).fill(zeros)]),
      /more than 1024 MiB/,
    );
  });
});
