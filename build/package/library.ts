/** The node library of a package: found, and checked to be one that the package's users can load. */
import { basename } from 'node:path';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { LIBRARY_OF } from '../../native/library/node-library.ts';
import { librarySuffix, locateLibrary, type LibraryKind, type Located } from '../../native/library/locate.ts';
import { stagedFolder } from '../../native/library/data-folder.ts';
import { compareVersions } from '../../native/probe/elf-versions.ts';
import { checkFit } from '../../native/probe/fit.ts';
import { bridgePath, BuildError, buildBridge, host } from '../../native/build.mjs';
import { buildGoWaku, GLIBC } from '../../native/go-waku/build.mjs';
import { PLATFORM_OF, type PackageRequest } from './request.ts';

/** A native file as it goes into a package. */
export interface NativeFile {
  path: string;
  /** In the folder of resources. */
  name: string;
  /** The oldest that has all it needs; null where it needs none. */
  glibc: string | null;
}

/**
 * The library of the profile.
 * @throws WakuDeskError LIBRARY_MISSING, with what to put where; LIBRARY_REFUSED: for another system, or for newer ones
 *   than packages are for
 */
export async function libraryOf(request: PackageRequest): Promise<NativeFile> {
  const kind = LIBRARY_OF[request.profile];
  const path = await findLibrary(kind, request);
  return checkNative(path, `${kind}${librarySuffix(PLATFORM_OF[request.system])}`, request);
}

/**
 * The bridge between koffi and the library.
 * @throws WakuDeskError LIBRARY_MISSING: it cannot be built here
 */
export async function bridgeOf(request: PackageRequest): Promise<NativeFile> {
  const { target, anyGlibc } = request;
  const path = await buildBridge(usesOwnCompiler(request) ? undefined : target).catch((error: unknown) => {
    if (!(error instanceof BuildError)) throw error;
    throw new WakuDeskError('LIBRARY_MISSING', `The bridge for ${target} cannot be built here.`, {
      operation: 'package.bridge',
      hint: `${error.message}${target === host && !anyGlibc ? ' Or use --any-glibc, for this machine alone.' : ''}`,
      cause: error,
    });
  });
  return checkNative(path, basename(bridgePath(target)), request);
}

/** A Mac's own compiler makes what all Macs run. */
function usesOwnCompiler({ target, anyGlibc }: PackageRequest): boolean {
  return target === host && (anyGlibc || process.platform === 'darwin');
}

async function findLibrary(kind: LibraryKind, request: PackageRequest): Promise<string> {
  const located = await locateLibrary(kind, {
    ...(request.library !== undefined && { flag: request.library }),
    environment: process.env,
    platform: PLATFORM_OF[request.system],
    installFolders: [],
    // What is staged is for this machine.
    ...(kind === 'libwaku' && request.target === host && { stagedFolder: stagedFolder() }),
  });
  if (located.found) return located.path;
  return kind === 'libgowaku' ? buildLibgowaku(request) : missing(kind, request, located);
}

async function buildLibgowaku(request: PackageRequest): Promise<string> {
  const { target } = request;
  if (request.system === 'macos' && !usesOwnCompiler(request))
    throw new WakuDeskError('LIBRARY_MISSING', `libgowaku for ${target} can be built on such a Mac only.`, {
      operation: 'package.library',
      hint: "Run 'npm run native:go-waku' there and name the file with --library, or use --without-library.",
    });
  const built = await buildGoWaku(
    usesOwnCompiler(request) ? {} : { target: target as 'linux-x64' | 'linux-arm64' },
  );
  if ('path' in built) return built.path;
  throw new WakuDeskError('LIBRARY_MISSING', 'libgowaku cannot be built here.', {
    operation: 'package.library',
    hint: `${built.skipped} Or name a file with --library, or use --without-library.`,
  });
}

function missing(
  kind: LibraryKind,
  { profile, target }: PackageRequest,
  located: Located & { found: false },
): never {
  throw new WakuDeskError('LIBRARY_MISSING', `The profile ${profile} needs ${kind} for ${target}.`, {
    operation: 'package.library',
    hint:
      "Name it with --library or WAKU_DESK_LIBWAKU, stage it with 'waku-desk native add FILE', or use " +
      '--without-library: such a build asks its user for it. Packages are at https://github.com/waku-org/nwaku/releases.',
    cause: `looked for ${located.looked.join(', ') || 'a named file'}`,
  });
}

/** @throws WakuDeskError LIBRARY_REFUSED */
async function checkNative(path: string, name: string, request: PackageRequest): Promise<NativeFile> {
  const machine = { system: PLATFORM_OF[request.system], architecture: request.arch, glibc: null };
  const { glibc } = await checkFit(path, machine);
  if (glibc !== null && !request.anyGlibc && compareVersions(glibc, GLIBC) > 0)
    throw new WakuDeskError(
      'LIBRARY_REFUSED',
      `${basename(path)} needs glibc ${glibc}, and packages are for ${GLIBC}.`,
      {
        operation: 'package.library',
        hint: 'Build it against the older one, or use --any-glibc: the package says so in its name and is no release.',
      },
    );
  return { path, name, glibc };
}
