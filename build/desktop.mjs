/**
 * Builds dist/desktop, the folder that Electron starts and packaging takes: main process and preload script, workers and
 * child processes, the window, the native bridge and koffi of this machine. app-files.mjs lists what belongs into it.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- runs on the project's own Node
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { KOFFI_FILES, PRELOAD, PROCESSES } from './app-files.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const DESKTOP_FOLDER = join(root, 'dist', 'desktop');

/** @type {import('esbuild').BuildOptions & { metafile: true }} */
const COMMON = {
  absWorkingDir: root,
  outdir: DESKTOP_FOLDER,
  bundle: true,
  // Electron 22 has no other main process, and no sandbox another preload script.
  format: 'cjs',
  platform: 'node',
  external: ['electron', 'koffi'],
  target: 'node16.17',
  // Electron 22 imports nothing out of an archive; require() does.
  supported: { 'dynamic-import': false },
  metafile: true,
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
};

/** @returns {Promise<string[]>} the sources that went in */
export async function bundleProcesses() {
  const processes = await build({
    ...COMMON,
    entryPoints: entryPoints(PROCESSES),
    // CommonJS has no such address, and by it the code finds what lies beside it.
    banner: { js: "const __moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': '__moduleUrl' },
  });
  const preload = await build({ ...COMMON, entryPoints: entryPoints(PRELOAD) });
  return [processes, preload].flatMap(({ metafile }) => Object.keys(metafile.inputs));
}

/** What is not bundled. @param {{ ui: string, native: string, licenses: string }} parts folders, and a text */
export async function copyParts({ ui, native, licenses }) {
  const { version, description, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifest = { name: 'waku-desk', productName: 'Waku Desk', version, description, license };
  mkdirSync(DESKTOP_FOLDER, { recursive: true });
  writeFileSync(
    join(DESKTOP_FOLDER, 'package.json'),
    `${JSON.stringify({ ...manifest, main: 'main.js' }, null, 2)}\n`,
  );
  writeFileSync(join(DESKTOP_FOLDER, 'LICENSES.txt'), licenses);
  copyFileSync(join(root, 'build', 'icons', 'linux', '512x512.png'), join(DESKTOP_FOLDER, 'icon.png'));
  await replaceFolder(ui, 'ui');
  await replaceFolder(native, 'native');
  await copyKoffi();
}

/** Optional, as it is everywhere: without it only the embedded engine runs. */
async function copyKoffi() {
  rmSync(join(DESKTOP_FOLDER, 'node_modules'), { recursive: true, force: true });
  const modules = join(root, 'node_modules');
  const binary = `@koromix/koffi-${process.platform}-${process.arch}`;
  if (!existsSync(join(modules, binary))) return;
  for (const file of KOFFI_FILES)
    await cp(join(modules, 'koffi', file), join(DESKTOP_FOLDER, 'node_modules', 'koffi', file));
  await cp(join(modules, binary), join(DESKTOP_FOLDER, 'node_modules', binary), { recursive: true });
}

/** @param {string} from @param {string} name */
async function replaceFolder(from, name) {
  const to = join(DESKTOP_FOLDER, name);
  rmSync(to, { recursive: true, force: true });
  if (existsSync(from)) await cp(from, to, { recursive: true });
}

/** @param {Record<string, string>} entries */
function entryPoints(entries) {
  return Object.entries(entries).map(([out, source]) => ({ in: source, out: out.replace(/\.js$/, '') }));
}
