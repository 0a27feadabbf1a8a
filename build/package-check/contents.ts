/** What is in an artifact, against the list of what belongs there. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- stable in the project's own Node
import { join, matchesGlob, sep } from 'node:path';
import * as asar from '@electron/asar';
import { ARCHIVED, BUILD_FILE } from '../app-files.mjs';
import { ROOT } from '../package/places.ts';
import type { OpenArtifact } from './artifact.ts';
import { type Row, unless } from './row.ts';

/** Ours, in the folder of resources. */
const RESOURCES = [
  'app.asar',
  BUILD_FILE,
  'lib{waku,gowaku}.{so,dylib}{,.sha256}',
  'waku-desk-bridge.{so,dylib}{,.sha256}',
  'koffi/*/koffi.node',
  // electron-builder's, for Ubuntu 24.04.
  'apparmor-profile',
];

/** Electron's own on Linux, from 22 to today's. */
const ELECTRON = [
  'waku-desk',
  'chrome-sandbox',
  'chrome_crashpad_handler',
  '*.pak',
  'locales/*.pak',
  'icudtl.dat',
  'lib{EGL,GLESv2,ffmpeg,vk_swiftshader}.so',
  'libvulkan.so.1',
  'snapshot_blob.bin',
  'v8_context_snapshot.bin',
  'vk_swiftshader_icd.json',
  'LICENSE.electron.txt',
  'LICENSES.chromium.html',
];
/** On macOS, in Contents. */
const ELECTRON_MAC = [
  'Info.plist',
  'PkgInfo',
  'MacOS/Waku Desk',
  'Frameworks/**',
  'Resources/*.lproj/**',
  'Resources/*.lproj',
  'Resources/icon.icns',
  'Resources/LICENSE*',
  '_CodeSignature/**',
];
/** Around it, in an AppImage and a Debian package. */
const AROUND = [
  'AppRun',
  '.DirIcon',
  'waku-desk.{desktop,png}',
  'usr/lib/**',
  'usr/share/applications/waku-desk.desktop',
  'usr/share/icons/hicolor/*/apps/waku-desk.png',
  'usr/share/doc/waku-desk/*',
];

/** Every file of a folder, relative to it, links as well. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** The files of app.asar, relative to it. */
export function archivedFiles(resources: string): Map<string, Buffer> {
  const archive = join(resources, 'app.asar');
  return new Map(
    asar
      .listPackage(archive, { isPack: false })
      .map((path) => path.replace(/^[/\\]/, ''))
      .filter((path) => !('files' in asar.statFile(archive, path)))
      .map((path) => [path, asar.extractFile(archive, path)]),
  );
}

export async function contentRows(artifact: OpenArtifact): Promise<Row[]> {
  const archived = archivedFiles(artifact.resources);
  const names = [...archived.keys()];
  const strange = names.filter((name) => !ARCHIVED.some((pattern) => matchesGlob(name, pattern)));
  const lacking = ARCHIVED.filter((pattern) => !names.some((name) => matchesGlob(name, pattern)));
  return [
    unless(
      'app.asar',
      [
        ...strange.map((name) => `${name} does not belong there`),
        ...lacking.map((name) => `${name} is missing`),
      ],
      `${names.length} files, all of the list`,
    ),
    unless('other files', await strangers(artifact), 'only what belongs there'),
    unless(
      'source maps',
      [...archived].filter(([name, content]) => isMap(name, content)).map(([name]) => name),
      'none',
    ),
    unless('paths of the building machine', await machinePaths(artifact, archived), 'none'),
  ];
}

async function strangers({ application, root, system }: OpenArtifact): Promise<string[]> {
  const inside = application.slice(root.length + 1);
  const own =
    system === 'macos' ? [...ELECTRON_MAC, ...under('Resources')] : [...ELECTRON, ...under('resources')];
  return (await filesIn(root)).filter((name) => {
    const isInside = inside === '' || name.startsWith(inside + sep);
    if (
      isInside &&
      own.some((pattern) => matchesGlob(name.slice(inside === '' ? 0 : inside.length + 1), pattern))
    )
      return false;
    return !AROUND.some((pattern) => matchesGlob(name, pattern));
  });
}

function under(folder: string): string[] {
  return RESOURCES.map((pattern) => `${folder}/${pattern}`);
}

function isMap(name: string, content: Buffer): boolean {
  return name.endsWith('.map') || (/\.[cm]?js$/.test(name) && content.includes('//# sourceMappingURL='));
}

/** In what we build: others' binaries tell of their builders' machines. */
async function machinePaths(
  artifact: OpenArtifact,
  archived: ReadonlyMap<string, Buffer>,
): Promise<string[]> {
  const ours = (await filesIn(artifact.resources)).filter((name) =>
    /^(lib|waku-desk-bridge|build)/.test(name),
  );
  const files = new Map(archived);
  for (const name of ours) files.set(name, await readFile(join(artifact.resources, name)));
  const paths = [ROOT, homedir() + sep, '/home/', '/Users/'];
  return [...files].flatMap(([name, content]) =>
    paths.filter((path) => content.includes(path)).map((path) => `${path} in ${name}`),
  );
}

/** The size of everything that it unpacks to. */
export async function unpackedBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await filesIn(folder))
    bytes += await stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    );
  return bytes;
}
