// Builds go-waku's own node, cmd/waku, once per machine and version: the end-to-end tests' independent peer.
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashInputs, inspectGo, lastLines, runGo } from '../../build/go-toolchain.mjs';

const moduleDir = import.meta.dirname;
const cacheDir = resolve(moduleDir, '../../.cache/cmd-waku');
const commandPackage = 'github.com/waku-org/go-waku/cmd/waku';
const buildArgs = ['-mod=readonly', '-trimpath', '-tags', 'gowaku_no_rln', '-ldflags', '-s -w'];
const binaryName = process.platform === 'win32' ? 'waku.exe' : 'waku';

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
  const toolchain = await inspectGo(moduleDir, 'cmd/waku');
  if ('skipped' in toolchain) return toolchain;
  const inputs = ['go.mod', 'go.sum'].map((name) => join(moduleDir, name));
  const targetDir = join(cacheDir, await hashInputs([toolchain.version, ...buildArgs], inputs));
  const path = join(targetDir, binaryName);
  if (await exists(path)) return { path };

  await mkdir(targetDir, { recursive: true });
  const temporaryDir = await mkdtemp(join(targetDir, 'building-'));
  try {
    const built = join(temporaryDir, binaryName);
    const args = ['build', ...buildArgs, '-o', built, commandPackage];
    await runGo(moduleDir, args).catch((/** @type {unknown} */ error) => {
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

/** @param {string} path */
async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const build = await buildCmdWaku();
  process.stdout.write(`${'path' in build ? build.path : `skipped: ${build.skipped}`}\n`);
}
