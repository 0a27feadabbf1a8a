/** Where native files of this program itself lie: of a checkout, of the bundle, of a packaged app. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkRecord, librarySuffix } from './locate.ts';

/** As the folders of built libraries are called. */
const TARGET = `${process.platform}-${process.arch}`;

/** Of the checkout that this runs in: from source or dist/desktop/, or from dist/. A packaged app lies in none. */
const checkout = ['../..', '..']
  .map(fromHere)
  .find((folder) => existsSync(join(folder, 'native', 'build.mjs')));

/** Electron's `process.resourcesPath`; undefined elsewhere. */
export function resourcesFolder(): string | undefined {
  const folder: unknown = Reflect.get(process, 'resourcesPath');
  return typeof folder === 'string' ? folder : undefined;
}

/** Where a checkout builds native libraries; elsewhere the folder does not exist. */
export function builtFolder(): string {
  return join(checkout ?? fromHere('.'), 'native', 'dist', TARGET);
}

/** The bridge, for loadBridge: of the packaged app, as a checkout builds it, or of the bundle. It may be missing. */
export function bridgeFile(): string {
  const name = `waku-desk-bridge${librarySuffix()}`;
  const built = join(builtFolder(), name);
  const places = [
    ...[resourcesFolder()].flatMap((folder) => (folder === undefined ? [] : [join(folder, name)])),
    built,
    join(fromHere(`native/${TARGET}`), name),
  ];
  return places.find((path) => existsSync(path)) ?? built;
}

/** The same, to be loaded. @throws WakuDeskError LIBRARY_REFUSED: the package's has changed since it was made */
export async function checkedBridgeFile(): Promise<string> {
  const path = bridgeFile();
  const resources = resourcesFolder();
  if (resources !== undefined && path.startsWith(join(resources, '/'))) await checkRecord(path, true);
  return path;
}

/** Whether what is missing can be built: the sources are here. */
export function isCheckout(): boolean {
  return checkout !== undefined;
}

function fromHere(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
