/**
 * What belongs into the desktop application: the one list that dist/desktop is made by, that packaging takes and that a
 * finished package is held against. Paths are relative to dist/desktop; `**` is everything below.
 */

/** Bundled for Node, by the name of the file that comes out. Each finds the others beside itself. */
export const PROCESSES = {
  'main.js': 'electron/main.ts',
  'scan-worker.js': 'core/capture/scan-worker.ts',
  'node-process.js': 'engines/process/main.ts',
  'orphan-guard.js': 'engines/process/orphan-guard.ts',
  'probe-process.js': 'native/probe/process.ts',
};

/** Bundled for the sandbox of the window. */
export const PRELOAD = { 'preload.js': 'electron/preload.ts' };

/** What is taken of node_modules as it is: koffi's loader; its binary is a package for each target. */
export const KOFFI_FILES = [
  'package.json',
  'LICENSE.txt',
  'index.cjs',
  'src/koffi/index.cjs',
  'src/koffi/src/static.cjs',
  'src/koffi/src/trampolines.cjs',
];

/** Goes into the archive of the app. */
export const ARCHIVED = [
  'package.json',
  ...Object.keys(PROCESSES),
  ...Object.keys(PRELOAD),
  'icon.png',
  'LICENSES.txt',
  'ui/**',
  ...KOFFI_FILES.map((file) => `node_modules/koffi/${file}`),
];

/** Beside the archive, written by packaging: which build this is, see electron/build-file.ts. */
export const BUILD_FILE = 'build.json';
