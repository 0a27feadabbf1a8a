/**
 * Bundles the command line into dist/: one file, its worker, and the licences of what is inside. Everything
 * is in the bundle, so the package installs without dependencies and starts in a third of the time.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { 'waku-desk': 'cli/main.ts', 'scan-worker': 'core/capture/scan-worker.ts' },
  outdir: dist,
  bundle: true,
  platform: 'node',
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

writeFileSync(join(dist, 'LICENSES.txt'), licenses(Object.keys(metafile.inputs)));

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
