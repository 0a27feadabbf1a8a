// Builds toxiproxy-server once per machine and version: what links with faults lead through in simulations.
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLines, runGo } from '../../build/go-toolchain.mjs';

const VERSION = 'v2.12.0';
const PACKAGE = `github.com/Shopify/toxiproxy/v2/cmd/server@${VERSION}`;
const suffix = process.platform === 'win32' ? '.exe' : '';
const folder = resolve(import.meta.dirname, '../../.cache/toxiproxy', VERSION);
const path = join(folder, `toxiproxy-server${suffix}`);

/** @typedef {{ path: string } | { skipped: string }} ToxiproxyBuild */

/** Built on the first call (a minute), then taken from `.cache`. @returns {Promise<ToxiproxyBuild>} */
export async function buildToxiproxy() {
  if (await exists()) return { path };
  await mkdir(folder, { recursive: true });
  const temporaryDir = await mkdtemp(join(folder, 'building-'));
  try {
    await runGo(folder, ['install', PACKAGE], { GOBIN: temporaryDir, GOFLAGS: '-mod=mod -trimpath' });
    await rename(join(temporaryDir, `server${suffix}`), path);
    return { path };
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT')
      return { skipped: 'toxiproxy-server is built with Go, and there is no go on the PATH.' };
    throw new Error(`go could not build toxiproxy-server:\n${lastLines(error)}`, { cause: error });
  } finally {
    await rm(temporaryDir, { recursive: true, force: true });
  }
}

function exists() {
  return access(path).then(
    () => true,
    () => false,
  );
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const build = await buildToxiproxy();
  process.stdout.write(`${'path' in build ? build.path : `skipped: ${build.skipped}`}\n`);
}
