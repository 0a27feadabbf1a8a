/**
 * `electron-forge package`: the application as `npm run package` makes it, in a folder for who develops it: without its
 * library, and with this machine's bridge. Its files are those of ../app-files.mjs, its fuses those of fuses.ts.
 */
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ForgeConfig, ForgeHookMap } from '@electron-forge/shared-types';
import electronManifest from 'electron/package.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };
import { ARCHIVED } from '../app-files.mjs';
import type { PackagedElectron } from './electron.ts';
import { setFuses } from './fuses.ts';
import { APPLICATION } from './places.ts';
import { planPackage } from './plan.ts';
import { parseRequest } from './request.ts';

const REQUEST = ['--profile', 'go-waku', '--without-library', '--any-glibc'];

export const PACKAGER: NonNullable<ForgeConfig['packagerConfig']> = {
  name: 'Waku Desk',
  executableName: 'waku-desk',
  asar: true,
  // A hook copies what goes in; Forge wants to read the manifest.
  ignore: (path) => path !== '' && path !== '/package.json',
  prune: false,
};

export function packageHooks(): ForgeHookMap {
  let electron: PackagedElectron | null = null;
  let work: string | null = null;
  return {
    // The checkout's own names no program.
    readPackageJson: (_config, read) => Promise.resolve({ main: 'main.js', ...read }),
    async prePackage({ packagerConfig }) {
      const request = parseRequest(REQUEST);
      if (request === null) throw new Error('nothing is asked for');
      const folder = await mkdtemp(join(tmpdir(), 'waku-desk-forge-'));
      work = folder;
      const plan = await planPackage(request, manifest.version, folder, (text) => {
        process.stderr.write(`package: ${text}\n`);
      });
      electron = plan.electron;
      const beside = await readdir(plan.resources);
      packagerConfig.extraResource = beside.map((name) => join(plan.resources, name));
      if (electron.kind === 'testelectron')
        packagerConfig.electronZipDir = await emptyArchive(folder, request.target);
    },
    async packageAfterExtract(_config, folder) {
      if (electron?.kind === 'testelectron')
        await cp(electron.folder, folder, { recursive: true, verbatimSymlinks: true });
    },
    async packageAfterCopy(_config, folder) {
      await rm(join(folder, 'package.json'));
      for (const name of ARCHIVED.map((pattern) => pattern.replace(/\/\*\*$/, '')))
        await cp(join(APPLICATION, name), join(folder, name), { recursive: true });
    },
    async postPackage(_config, { outputPaths, platform, arch }) {
      const name = platform === 'darwin' ? 'Waku Desk.app' : 'waku-desk';
      for (const folder of outputPaths)
        await setFuses(join(folder, name), {
          testHooks: false,
          resetSignature: platform === 'darwin' && arch === 'arm64',
        });
      if (work !== null) await rm(work, { recursive: true });
    },
  };
}

/** Forge takes archives only: Electron for tests is a folder, which is copied after this was unpacked. */
async function emptyArchive(folder: string, target: string): Promise<string> {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  await writeFile(join(folder, `electron-v${electronManifest.version}-${target}.zip`), end);
  return folder;
}
