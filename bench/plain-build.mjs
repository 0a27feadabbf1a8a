// Builds the plain Go program that our binding is compared with, native/go-waku/cmd/plain: the module of libgowaku, so
// the versions are the same without being written twice.
import { access, mkdir, readdir, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { hashInputs, inspectGo, lastLines, runGo } from '../build/go-toolchain.mjs';
import { TAGS } from '../native/go-waku/build.mjs';

const moduleDir = resolve(import.meta.dirname, '../native/go-waku');
const sourceDir = join(moduleDir, 'cmd', 'plain');
const cacheDir = resolve(import.meta.dirname, '../.cache/plain-go-waku');
const FLAGS = ['-mod=readonly', '-trimpath', ...TAGS, '-ldflags', '-s -w'];

/**
 * The program, built unless it is in `.cache`, or a sentence saying why this machine cannot build it.
 * @returns {Promise<{ path: string } | { skipped: string }>}
 * @throws {Error} with the last lines of go's output when the build fails
 */
export async function buildPlainGoWaku() {
  const toolchain = await inspectGo(moduleDir, 'the plain go-waku program');
  if ('skipped' in toolchain) return toolchain;
  if (process.platform === 'win32') return { skipped: 'its clock is not made for Windows.' };
  const sources = (await readdir(sourceDir)).sort().map((name) => join(sourceDir, name));
  const inputs = [...sources, join(moduleDir, 'go.mod'), join(moduleDir, 'go.sum')];
  const path = join(cacheDir, await hashInputs([toolchain.version, ...FLAGS], inputs));
  if (await exists(path)) return { path };
  await mkdir(cacheDir, { recursive: true });
  const built = `${path}.building-${process.pid}`;
  await runGo(moduleDir, ['build', ...FLAGS, '-o', built, './cmd/plain']).catch(
    (/** @type {unknown} */ error) => {
      throw new Error(`go could not build the plain go-waku program:\n${lastLines(error)}`, { cause: error });
    },
  );
  await rename(built, path);
  return { path };
}

/** @param {string} path */
function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
