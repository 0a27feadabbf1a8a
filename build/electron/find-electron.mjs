// An Electron that runs on this machine: the one that package.json pins, or an older one for tests from PyPI.
import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { lastLine, run } from './run-program.mjs';
import { TEST_ELECTRON, testElectron } from './test-electron.mjs';

/** Where Electron's own releases come from, unless a mirror is set. */
const RELEASE_SERVER = 'github.com';
const REACHABLE_MS = 5_000;

/** @typedef {{ executable: string, folder: string, version: string, kind: 'release' | 'testelectron' }} Electron */

/**
 * The Electron for this machine, downloaded if need be; `ELECTRON_OVERRIDE_DIST_PATH` names a folder with another.
 * @param {{ say?: (text: string) => void }} [options]
 * @returns {Promise<Electron | { missing: string }>} missing: why there is none, as a sentence
 */
export async function findElectron({ say = () => undefined } = {}) {
  const overridden = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (overridden !== undefined && overridden !== '') return inFolder(overridden, 'release');
  const released = await releasedElectron(say);
  if ('executable' in released) return released;
  const tested = await testElectron(`${process.platform}-${process.arch}`, say);
  return 'folder' in tested
    ? inFolder(tested.folder, 'testelectron')
    : { missing: `${released.missing} ${tested.missing}` };
}

/** @param {(text: string) => void} say @returns {Promise<Electron | { missing: string }>} */
async function releasedElectron(say) {
  const require = createRequire(import.meta.url);
  const packageFolder = dirname(require.resolve('electron/package.json'));
  const folder = join(packageFolder, 'dist');
  const executable = join(folder, executableName(process.platform));
  if (await exists(executable)) return inFolder(folder, 'release');
  if (!(await canDownload()))
    return { missing: `Electron's download server, ${RELEASE_SERVER}, cannot be reached.` };
  say('downloading Electron');
  const { code, output } = await run(process.execPath, [join(packageFolder, 'install.js')]);
  if (code === 0 && (await exists(executable))) return inFolder(folder, 'release');
  return { missing: `Electron could not be downloaded: ${lastLine(output)}.` };
}

/** @param {string} folder @param {Electron['kind']} kind @returns {Promise<Electron>} */
async function inFolder(folder, kind) {
  const version =
    kind === 'testelectron'
      ? TEST_ELECTRON.version
      : (await readFile(join(folder, 'version'), 'utf8')).trim().replace(/^v/, '');
  return { executable: join(folder, executableName(process.platform)), folder, version, kind };
}

/** @param {NodeJS.Platform} platform */
function executableName(platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/** Whether Electron's releases can be had here, from their server or the mirror that is set. */
export async function canDownload() {
  return process.env.ELECTRON_MIRROR !== undefined || (await reaches(RELEASE_SERVER));
}

/** @param {string} host @returns {Promise<boolean>} */
function reaches(host) {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 443, timeout: REACHABLE_MS });
    /** @param {boolean} reached */
    const settle = (reached) => {
      socket.destroy();
      resolve(reached);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('timeout', () => {
      settle(false);
    });
    socket.once('error', () => {
      settle(false);
    });
  });
}

/** @param {string} path */
function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
