// Builds go-waku's own node, cmd/waku, once per machine and version: the end-to-end tests' independent peer.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const moduleDir = import.meta.dirname;
const cacheDir = resolve(moduleDir, '../../.cache/cmd-waku');
const commandPackage = 'github.com/waku-org/go-waku/cmd/waku';
const buildArgs = ['-mod=readonly', '-trimpath', '-tags', 'gowaku_no_rln', '-ldflags', '-s -w'];
const binaryName = process.platform === 'win32' ? 'waku.exe' : 'waku';
const run = promisify(execFile);

/** @typedef {{ path: string } | { skipped: string }} CmdWakuBuild */

/** @type {Promise<CmdWakuBuild> | undefined} */
let building;

/**
 * The path of the cmd/waku binary, built on the first call (minutes) and taken from `.cache` afterwards, or a
 * sentence saying why this machine cannot build it. Callers in several processes may build at the same time;
 * each sees a whole binary or none.
 * @returns {Promise<CmdWakuBuild>}
 * @throws {Error} with the last lines of go's output when the build fails.
 */
export async function buildCmdWaku() {
  building ??= findOrBuild();
  try {
    return await building;
  } catch (error) {
    building = undefined;
    throw error;
  }
}

/** @returns {Promise<CmdWakuBuild>} */
async function findOrBuild() {
  const toolchain = await inspectToolchain();
  if ('skipped' in toolchain) return toolchain;
  const targetDir = join(cacheDir, await inputsHash(toolchain.version));
  const path = join(targetDir, binaryName);
  if (await exists(path)) return { path };

  await mkdir(targetDir, { recursive: true });
  const temporaryDir = await mkdtemp(join(targetDir, 'building-'));
  try {
    const built = join(temporaryDir, binaryName);
    await go(['build', ...buildArgs, '-o', built, commandPackage]).catch((/** @type {unknown} */ error) => {
      throw new Error(`go could not build ${commandPackage}:\n${lastLines(error)}`, { cause: error });
    });
    await rename(built, path).catch(async (/** @type {unknown} */ error) => {
      // Windows refuses to replace a running program: then another process has built the same one.
      if (!(await exists(path))) throw error;
    });
  } finally {
    await rm(temporaryDir, { recursive: true, force: true });
  }
  return { path };
}

/** @returns {Promise<{ version: string } | { skipped: string }>} */
async function inspectToolchain() {
  const required = /^go (\d+)\.(\d+)/m.exec(await readFile(join(moduleDir, 'go.mod'), 'utf8'));
  if (required === null) throw new Error('e2e/cmd-waku/go.mod has no go line.');
  const [requiredMajor, requiredMinor] = [Number(required[1]), Number(required[2])];
  const needed = `cmd/waku needs Go ${requiredMajor}.${requiredMinor} or newer`;

  let version;
  let cgo;
  try {
    version = (await go(['version'])).trim();
    cgo = (await go(['env', 'CGO_ENABLED'])).trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { skipped: `${needed}, and there is no go on the PATH.` };
    return { skipped: `${needed}, and go does not run here: ${lastLines(error)}` };
  }
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(version) ?? [];
  if (major !== undefined) {
    const isOld =
      Number(major) < requiredMajor || (Number(major) === requiredMajor && Number(minor) < requiredMinor);
    if (isOld) return { skipped: `${needed}, and this is ${version}.` };
  }
  if (cgo !== '1')
    return { skipped: 'cmd/waku needs a C compiler, and go finds none here (CGO_ENABLED is 0).' };
  return { version };
}

/** @param {string} goVersion */
async function inputsHash(goVersion) {
  const hash = createHash('sha256').update(goVersion);
  for (const name of ['go.mod', 'go.sum', 'build.mjs']) hash.update(await readFile(join(moduleDir, name)));
  return hash.digest('hex').slice(0, 16);
}

/** @param {string[]} args */
async function go(args) {
  // A go.work further up would not know this module.
  const env = { ...process.env, GOWORK: 'off' };
  const { stdout } = await run('go', args, { cwd: moduleDir, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** @param {string} path */
async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** @param {unknown} error */
function errorCode(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** @param {unknown} error */
function lastLines(error) {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return (stderr === '' ? String(error) : stderr).split('\n').slice(-20).join('\n');
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const build = await buildCmdWaku();
  process.stdout.write(`${'path' in build ? build.path : `skipped: ${build.skipped}`}\n`);
}
