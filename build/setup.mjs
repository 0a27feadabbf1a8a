/**
 * Makes a checkout ready to run: dependencies, the native bridge where there is a C compiler, then the bundle; each
 * only when it is older than its sources.
 * Run by whatever Node is installed (20.20 or newer), before anything of node_modules is there.
 *
 * node build/setup.mjs [--test] [--no-bundle]
 *   --test       also installs the Debian packages that the tests need, where this is Debian and the user root
 *   --no-bundle  dependencies only
 *
 * Prints to standard error only: standard output belongs to the program that comes after.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dependenciesStamp = join(root, 'node_modules', '.waku-desk-lock');
const bundleStamp = join(root, 'dist', '.stamp');
const builtLibraries = join(root, 'native', 'dist');
const lockFolder = join(root, '.cache', 'setup.lock');

const SOURCES = [
  'core',
  'engines',
  'native',
  'server',
  'sim',
  'checks',
  'flags',
  'cli',
  'electron',
  'renderer',
  'build',
  'package.json',
  'package-lock.json',
];
const OLDEST_NODE = [20, 20];
const LOCK_WAIT_MS = 10 * 60_000;
const LOCK_POLL_MS = 200;

/** Debian packages that the tests use, by the program that shows they are there. */
const TEST_PACKAGES = {
  mount: 'mount',
  ip: 'iproute2',
  chromium: 'chromium',
  Xvfb: 'xvfb',
  xauth: 'xauth',
  xdotool: 'xdotool',
  xwininfo: 'x11-utils',
  mksquashfs: 'squashfs-tools',
  'desktop-file-validate': 'desktop-file-utils',
};

/** @param {string} text */
function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

/** @param {string} text @returns {never} */
function fail(text) {
  say(text);
  process.exit(6);
}

/** Runs a program with its output on standard error. @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error !== undefined) fail(`cannot run ${command}: ${error.message}`);
  if (status !== 0) fail(`'${command} ${args.join(' ')}' failed with exit code ${String(status)}`);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function dependenciesAreFresh() {
  return existsSync(dependenciesStamp) && readFileSync(dependenciesStamp, 'utf8') === lockHash();
}

/** @param {string} path @param {number} sinceMs @returns {boolean} */
function changedSince(path, sinceMs) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || path === builtLibraries) return false;
  if (!stat.isDirectory()) return stat.mtimeMs > sinceMs && !path.endsWith('.test.ts');
  return readdirSync(path).some((name) => changedSince(join(path, name), sinceMs));
}

function bundleIsFresh() {
  const stat = statSync(bundleStamp, { throwIfNoEntry: false });
  return stat !== undefined && !SOURCES.some((name) => changedSince(join(root, name), stat.mtimeMs));
}

/** One set-up at a time: a second one waits and then finds everything done. @param {() => void} work */
function underLock(work) {
  mkdirSync(dirname(lockFolder), { recursive: true });
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      mkdirSync(lockFolder);
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    if (!lockHolderLives()) {
      rmSync(lockFolder, { recursive: true, force: true });
      continue;
    }
    if (Date.now() > deadline)
      fail(`another set-up has been running for minutes; if not, delete ${lockFolder}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
  try {
    writeFileSync(join(lockFolder, 'pid'), String(process.pid));
    work();
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}

/** A holder that has not written its number yet is given a moment. */
function lockHolderLives() {
  try {
    const pid = Number(readFileSync(join(lockFolder, 'pid'), 'utf8'));
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'EPERM') return true;
    const stat = statSync(lockFolder, { throwIfNoEntry: false });
    return code === 'ENOENT' && stat !== undefined && Date.now() - stat.mtimeMs < 5_000;
  }
}

function installDependencies() {
  if (dependenciesAreFresh()) return;
  say('installing dependencies (npm ci)');
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(dependenciesStamp, lockHash());
}

/** Without it only the embedded engine runs, which the doctor tells, with what to do. */
function buildBridge() {
  spawnSync(process.execPath, [join(root, 'native', 'build.mjs')], { cwd: root, stdio: 'ignore' });
}

function makeBundle() {
  if (bundleIsFresh()) return;
  say('building');
  buildBridge();
  run(process.execPath, [join(root, 'build', 'bundle.mjs')]);
  writeFileSync(bundleStamp, '');
}

function installTestPackages() {
  const missing = Object.entries(TEST_PACKAGES).filter(([program]) => !onPath(program));
  if (missing.length === 0) return;
  const packages = missing.map(([, name]) => name);
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    say(`not Debian as root: tests that need ${packages.join(', ')} will be skipped and say so`);
    return;
  }
  say(`installing ${packages.join(', ')} (apt)`);
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/** @param {string} program */
function onPath(program) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, program)));
}

const options = new Set(process.argv.slice(2));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
  fail(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}`);

const wantsBundle = !options.has('--no-bundle');
if (!dependenciesAreFresh() || (wantsBundle && !bundleIsFresh()))
  underLock(() => {
    installDependencies();
    if (wantsBundle) makeBundle();
  });
if (options.has('--test')) installTestPackages();
