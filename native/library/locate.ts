/** Finding the node library, and making sure that it is the one that was recorded. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { WakuDeskError } from '../../core/engine/errors.ts';

export const LIBRARY_KINDS = ['libwaku', 'libgowaku'] as const;
export type LibraryKind = (typeof LIBRARY_KINDS)[number];

const NAME = /^lib(go)?waku[\w.-]*?\.(so|dylib|dll)(\.\d+)*$/;

/** What a file's name tells; undefined where it tells none. */
export function kindOfName(path: string): LibraryKind | undefined {
  const match = NAME.exec(basename(path));
  if (match === null) return undefined;
  return match[1] === undefined ? 'libwaku' : 'libgowaku';
}

/** Where it was found. */
export type LibrarySource = 'flag' | 'environment' | 'staged' | 'packaged' | 'built' | 'installed';

export interface Places {
  /** What the user named on the command line or in the settings. */
  flag?: string;
  environment: Readonly<Record<string, string | undefined>>;
  platform: string;
  /** A folder that a build step fills. */
  stagedFolder?: string;
  /** Electron's process.resourcesPath. */
  resourcesFolder?: string;
  /** Where this checkout builds the library, if it is one that we build. */
  builtFolder?: string;
  /** Where release packages install to; by default those of this platform. */
  installFolders?: readonly string[];
}

export type Located =
  | { found: true; path: string; source: LibrarySource; sha256: string; isRecorded: boolean }
  /** Nobody named one and none is there: a normal state. `looked`: the files that were looked for. */
  | { found: false; looked: string[] };

const VARIABLES: Record<LibraryKind, string> = {
  libwaku: 'WAKU_DESK_LIBWAKU',
  libgowaku: 'WAKU_DESK_LIBGOWAKU',
};
/** How the files of native libraries end, where it is not `.so`. */
const SUFFIXES: Record<string, string> = { darwin: '.dylib', win32: '.dll' };

export function librarySuffix(platform: string = process.platform): string {
  return SUFFIXES[platform] ?? '.so';
}

/** nwaku's .deb and its macOS archive unpack there; for Windows there is no package. */
const INSTALL_FOLDERS: Record<string, readonly string[]> = {
  linux: ['/usr/local/lib', '/usr/lib'],
  darwin: ['/usr/local/lib'],
};

/**
 * Looks in the places in their order: flag, environment, staged, packaged, built, installed. A file named by the user counts
 * or fails; it is never passed over. A hash is recorded as `<file>.sha256` beside the file, in sha256sum's form.
 * @throws WakuDeskError FILE_FAILED: the named file cannot be read; LIBRARY_REFUSED: the file is not the recorded one
 */
export async function locateLibrary(kind: LibraryKind, places: Places): Promise<Located> {
  const named = namedByUser(kind, places);
  if (named !== undefined) return check(named.path, named.source);
  const candidates = standardPlaces(kind, places);
  for (const { path, source } of candidates) if (await exists(path)) return check(path, source);
  return { found: false, looked: candidates.map(({ path }) => path) };
}

interface Candidate {
  path: string;
  source: LibrarySource;
}

function namedByUser(kind: LibraryKind, places: Places): Candidate | undefined {
  if (places.flag !== undefined && places.flag !== '') return { path: absolute(places.flag), source: 'flag' };
  const path = places.environment[VARIABLES[kind]];
  return path === undefined || path === '' ? undefined : { path: absolute(path), source: 'environment' };
}

/** The loader would search its own path for a bare name. */
function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(path);
}

function standardPlaces(kind: LibraryKind, places: Places): Candidate[] {
  const name = `${kind}${librarySuffix(places.platform)}`;
  const installed = places.installFolders ?? INSTALL_FOLDERS[places.platform] ?? [];
  const folders: [LibrarySource, string | undefined][] = [
    ['staged', places.stagedFolder],
    ['packaged', places.resourcesFolder],
    ['built', places.builtFolder],
    ...installed.map((folder): [LibrarySource, string] => ['installed', folder]),
  ];
  return folders.flatMap(([source, folder]) =>
    folder === undefined ? [] : [{ path: join(folder, name), source }],
  );
}

async function check(path: string, source: LibrarySource): Promise<Located> {
  return { found: true, path, source, ...(await checkRecord(path, source === 'packaged')) };
}

/**
 * Holds a file against the hash that is recorded beside it.
 * @param mustBeRecorded of a package, which records all its native files
 * @throws WakuDeskError LIBRARY_REFUSED, FILE_FAILED
 */
export async function checkRecord(
  path: string,
  mustBeRecorded: boolean,
): Promise<{ sha256: string; isRecorded: boolean }> {
  const sha256 = await sha256Of(path);
  const recorded = await recordedHash(path);
  const isRecorded = recorded !== undefined;
  if (recorded === sha256 || (!isRecorded && !mustBeRecorded)) return { sha256, isRecorded };
  throw new WakuDeskError('LIBRARY_REFUSED', `${basename(path)} is not the file that was recorded.`, {
    operation: 'native.locate',
    hint: mustBeRecorded
      ? 'Install the app again: a file of its package was changed.'
      : `Get it again, or remove ${path}.sha256 if the change was meant.`,
    cause: `sha256 ${sha256}, recorded ${recorded ?? 'nothing'}`,
  });
}

/** In hex. @throws WakuDeskError FILE_FAILED */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch (error) {
    throw new WakuDeskError('FILE_FAILED', `${path} cannot be read.`, {
      operation: 'native.locate',
      hint: 'Name a library file that exists, or leave it out to search the usual places.',
      cause: error,
    });
  }
  return hash.digest('hex');
}

/** The first word of `<file>.sha256`; what is no hash matches nothing. */
async function recordedHash(path: string): Promise<string | undefined> {
  try {
    const text = await readFile(`${path}.sha256`, 'utf8');
    return (text.trim().split(/\s+/)[0] ?? '').toLowerCase();
  } catch {
    return undefined;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
