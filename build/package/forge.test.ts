/** What Electron Forge packages, held against the lists that electron-builder's packages are held against. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { BuildError, findCompiler } from '../../native/build.mjs';
import { findElectron } from '../electron/find-electron.mjs';
import { checkPackage } from '../package-check/check.ts';
import { ROOT } from './places.ts';

it(
  'electron-forge package has the files and the fuses of every package',
  { timeout: 240_000 },
  async (context) => {
    if (process.platform === 'win32') context.skip('packages are for Linux and macOS');
    const electron = await findElectron();
    if ('missing' in electron) return context.skip(electron.missing);
    const compiler = await findCompiler().catch((error: unknown) => error);
    if (compiler instanceof BuildError) context.skip(compiler.message);
    const folder = await mkdtemp(join(tmpdir(), 'waku-desk-forge-test-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const tools = join(ROOT, 'node_modules', '.bin');
    await promisify(execFile)(join(tools, 'electron-forge'), ['package'], {
      cwd: ROOT,
      env: {
        ...process.env,
        PATH: `${tools}${delimiter}${process.env.PATH ?? ''}`,
        // A folder below the usual one, or any other.
        ELECTRON_FORGE_BUILD_IDENTIFIER: folder,
      },
    });
    const [made = ''] = await readdir(folder);
    const rows = await checkPackage(join(folder, made), { install: false, runs: false, work: folder });
    // Its name is Forge's.
    expect(rows.filter(({ result, what }) => result === 'failed' && what !== 'name')).toEqual([]);
    expect(rows.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['app.asar', 'other files', 'fuse RunAsNode', 'native files']),
    );
  },
);
