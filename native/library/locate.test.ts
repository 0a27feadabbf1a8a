import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locateLibrary, type Places } from './locate.ts';

let root: string;
let places: Places;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'waku-desk-locate-'));
  for (const folder of ['staged', 'packaged', 'built', 'installed', 'empty']) await mkdir(join(root, folder));
  for (const folder of ['staged', 'packaged', 'built', 'installed'])
    await writeFile(join(root, folder, 'libwaku.so'), folder);
  await writeFile(join(root, 'mine.so'), 'mine');
  await record(join(root, 'packaged', 'libwaku.so'), 'packaged');
  places = {
    environment: {},
    platform: 'linux',
    stagedFolder: join(root, 'staged'),
    resourcesFolder: join(root, 'packaged'),
    builtFolder: join(root, 'built'),
    installFolders: [join(root, 'installed')],
  };
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

async function record(path: string, content: string): Promise<void> {
  const sha256 = createHash('sha256').update(content).digest('hex');
  await writeFile(`${path}.sha256`, `${sha256}  file\n`);
}

const empty = (): string => join(root, 'empty');

describe('locating the node library', () => {
  it('goes through the places in their order', async () => {
    const environment = { WAKU_DESK_LIBWAKU: join(root, 'mine.so') };
    const sources: unknown[] = [];
    for (const given of [
      { ...places, environment, flag: join(root, 'mine.so') },
      { ...places, environment },
      places,
      { ...places, stagedFolder: empty() },
      { ...places, stagedFolder: empty(), resourcesFolder: empty() },
      { ...places, stagedFolder: empty(), resourcesFolder: empty(), builtFolder: empty() },
    ]) {
      const located = await locateLibrary('libwaku', given);
      sources.push(located.found && located.source);
    }
    expect(sources).toEqual(['flag', 'environment', 'staged', 'packaged', 'built', 'installed']);
  });

  it('takes an absent library as normal and tells where it looked', async () => {
    const none = {
      ...places,
      stagedFolder: empty(),
      resourcesFolder: empty(),
      builtFolder: empty(),
      installFolders: [],
    };
    expect(await locateLibrary('libwaku', none)).toEqual({
      found: false,
      looked: Array<string>(3).fill(join(empty(), 'libwaku.so')),
    });
    expect(await locateLibrary('libgowaku', { ...places, platform: 'win32' })).toMatchObject({
      found: false,
      looked: expect.arrayContaining([join(root, 'staged', 'libgowaku.dll')]) as string[],
    });
  });

  it('never passes over a file that the user named', async () => {
    const flag = join(root, 'missing.so');
    await expect(locateLibrary('libwaku', { ...places, flag })).rejects.toMatchObject({
      code: 'FILE_FAILED',
    });
    const environment = { WAKU_DESK_LIBWAKU: flag };
    await expect(locateLibrary('libwaku', { ...places, environment })).rejects.toMatchObject({
      code: 'FILE_FAILED',
    });
  });

  it('refuses a file that is not the recorded one', async () => {
    const path = join(root, 'recorded.so');
    const sha256 = createHash('sha256').update('right').digest('hex');
    await writeFile(path, 'right');
    expect(await locateLibrary('libwaku', { ...places, flag: path })).toMatchObject({
      sha256,
      isRecorded: false,
    });
    await writeFile(`${path}.sha256`, `${sha256}  recorded.so\n`);
    expect(await locateLibrary('libwaku', { ...places, flag: path })).toMatchObject({ isRecorded: true });
    await writeFile(path, 'wrong');
    await expect(locateLibrary('libwaku', { ...places, flag: path })).rejects.toMatchObject({
      code: 'LIBRARY_REFUSED',
      message: 'recorded.so is not the file that was recorded.',
    });
    await writeFile(`${path}.sha256`, '');
    await expect(locateLibrary('libwaku', { ...places, flag: path })).rejects.toMatchObject({
      code: 'LIBRARY_REFUSED',
    });
  });

  it('takes from a package only what was recorded when it was made', async () => {
    const folder = await mkdtemp(join(root, 'unrecorded-'));
    const path = join(folder, 'libwaku.so');
    await writeFile(path, 'right');
    const packaged = { environment: {}, platform: 'linux', resourcesFolder: folder };
    const refusal = {
      code: 'LIBRARY_REFUSED',
      hint: 'Install the app again: a file of its package was changed.',
    };
    await expect(locateLibrary('libwaku', packaged)).rejects.toMatchObject(refusal);
    await record(path, 'right');
    expect(await locateLibrary('libwaku', packaged)).toMatchObject({ source: 'packaged', isRecorded: true });
    await writeFile(path, 'wrong');
    await expect(locateLibrary('libwaku', packaged)).rejects.toMatchObject(refusal);
  });
});
