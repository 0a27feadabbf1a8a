/**
 * Builds dist/: the command line with its worker and its child processes, the window in ui/, the native bridges that
 * were built, the licences of what is inside, and the desktop application (desktop.mjs). Everything but koffi is in there, so the package installs without
 * other dependencies and starts in a third of the time.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { build as buildPage } from 'vite';
import { bundleProcesses, copyParts } from './desktop.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: {
    'waku-desk': 'cli/main.ts',
    'scan-worker': 'core/capture/scan-worker.ts',
    'node-process': 'engines/process/main.ts',
    'probe-process': 'native/probe/process.ts',
    'pool-process': 'sim/nodes/pool-process.ts',
    'orphan-guard': 'engines/process/orphan-guard.ts',
  },
  outdir: dist,
  // libp2p once, for both processes; and commands load only what they use.
  splitting: true,
  // Flat: a chunk finds the worker and the child process beside itself.
  chunkNames: 'chunk-[hash]',
  bundle: true,
  platform: 'node',
  // A binary for each system; imported where a native engine is used, and optional.
  external: ['koffi'],
  // Syntax only; what the runtime lacks is lint's and engines/js/runtime.ts's matter.
  target: 'node16.17',
  format: 'esm',
  metafile: true,
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  // CommonJS packages inside the bundle call require() for Node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
});

copyBridges();
copyScenarios();

const page = await buildPage({ configFile: join(root, 'renderer', 'vite.config.ts'), logLevel: 'warn' });
const pageModules = [page]
  .flat()
  .flatMap((result) =>
    'output' in result ? result.output.flatMap((part) => ('moduleIds' in part ? part.moduleIds : [])) : [],
  );

removeOldChunks(Object.keys(metafile.outputs));
const pageInputs = pageModules.map((path) => relative(root, path));
writeFileSync(join(dist, 'LICENSES.txt'), licenses([...Object.keys(metafile.inputs), ...pageInputs]));
await copyParts({
  ui: join(dist, 'ui'),
  native: join(dist, 'native'),
  licenses: licenses([...(await bundleProcesses()), ...pageInputs]),
});

/** Those that were built: for this machine by build/setup.mjs, for others by a release. */
function copyBridges() {
  rmSync(join(dist, 'native'), { recursive: true, force: true });
  const built = join(root, 'native', 'dist');
  for (const target of existsSync(built) ? readdirSync(built) : [])
    for (const name of readdirSync(join(built, target)).filter((file) =>
      /^waku-desk-bridge\.(so|dylib|dll)$/.test(file),
    )) {
      mkdirSync(join(dist, 'native', target), { recursive: true });
      copyFileSync(join(built, target, name), join(dist, 'native', target, name));
    }
}

function copyScenarios() {
  const to = join(dist, 'scenarios');
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const from = join(root, 'sim', 'scenarios');
  for (const name of readdirSync(from)) copyFileSync(join(from, name), join(to, name));
}

/** Their names change with their content. @param {string[]} outputs */
function removeOldChunks(outputs) {
  const current = new Set(outputs.map((path) => basename(path)));
  for (const name of readdirSync(dist))
    if (name.startsWith('chunk-') && !current.has(name)) rmSync(join(dist, name));
}

/** Name, version and licence text of every package in the bundle. @param {string[]} inputs */
function licenses(inputs) {
  const folders = new Set(
    inputs.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  return [...folders].sort().map(licenseOf).join('\n\n');
}

/** @param {string} folder */
function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const files = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENSE-MIT', 'license', 'LICENCE'];
  const texts = files.flatMap((file) => readIfThere(join(root, folder, file)));
  return [`${name} ${version} (${license})`, ...texts.slice(0, 1)].join('\n');
}

/** @param {string} path @returns {string[]} */
function readIfThere(path) {
  try {
    return [readFileSync(path, 'utf8').trim()];
  } catch {
    return [];
  }
}
