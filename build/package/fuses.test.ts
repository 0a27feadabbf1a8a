import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findElectron } from '../electron/find-electron.mjs';
import { FUSE_NAMES, readFuses, setFuses, wantedFuses } from './fuses.ts';

it(
  'sets every fuse that an Electron has, and leaves out those it has not',
  { timeout: 120_000 },
  async (context) => {
    const electron = await findElectron();
    if ('missing' in electron) return context.skip(electron.missing);
    if (process.platform === 'darwin') context.skip('the fuses of a Mac are in a folder of 200 MB');
    const folder = await mkdtemp(join(tmpdir(), 'waku-desk-fuses-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const program = join(folder, 'electron');
    await copyFile(electron.executable, program);
    const before = await readFuses(program);
    expect(before.RunAsNode).toBe('on');

    for (const testHooks of [true, false]) {
      await setFuses(program, { testHooks, resetSignature: false });
      const wanted = wantedFuses(testHooks);
      expect(await readFuses(program)).toEqual(
        Object.fromEntries(
          FUSE_NAMES.map((name) => [
            name,
            before[name] === 'absent' ? 'absent' : wanted[name] ? 'on' : 'off',
          ]),
        ),
      );
    }
  },
);

it('lets nobody into a release: neither scripts nor debuggers, nor other files', () => {
  expect(wantedFuses(false)).toEqual({
    RunAsNode: false,
    EnableCookieEncryption: true,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
    GrantFileProtocolExtraPrivileges: false,
  });
});
