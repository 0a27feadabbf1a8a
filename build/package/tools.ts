/**
 * Programs that electron-builder downloads for itself, taken from this machine where its server cannot be reached.
 * On an ordinary machine it downloads its own.
 */
import { access, chmod, copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WakuDeskError } from '../../core/engine/errors.ts';
import type { Architecture, Artifact } from './request.ts';

/** Debian's packages, by the program that is needed. */
const PACKAGES = {
  '7za': 'p7zip-full',
  mksquashfs: 'squashfs-tools',
  'desktop-file-validate': 'desktop-file-utils',
  'dpkg-deb': 'dpkg',
} as const;
type Program = keyof typeof PACKAGES;

const NEEDED: Partial<Record<Artifact, readonly Program[]>> = {
  AppImage: ['mksquashfs', 'desktop-file-validate'],
  deb: ['dpkg-deb'],
  'tar.gz': ['7za'],
  zip: ['7za'],
};

/** Of a compression that is faster and worse, as electron-builder calls it; for tests. */
const LEVEL = 'ELECTRON_BUILDER_COMPRESSION_LEVEL';

/**
 * What electron-builder reads from its environment.
 * @param work a folder for what has to be made
 * @throws WakuDeskError UNSUPPORTED: which Debian packages are missing
 */
export async function ownTools(
  artifacts: readonly Artifact[],
  arch: Architecture,
  appImageRuntime: string | null,
  work: string,
): Promise<Record<string, string>> {
  const needed = new Set(artifacts.flatMap((artifact) => NEEDED[artifact] ?? []));
  const found = new Map<Program, string>();
  for (const program of needed) {
    const path = await onPath(program);
    if (path !== null) found.set(program, path);
  }
  const missing = [...needed].filter((program) => !found.has(program)).map((program) => PACKAGES[program]);
  if (missing.length > 0)
    throw new WakuDeskError('UNSUPPORTED', `electron-builder's tools cannot be downloaded here.`, {
      operation: 'package.tools',
      hint: `Install those of the system: apt-get install ${missing.join(' ')}`,
    });
  const zip = found.get('7za');
  return {
    ...(zip !== undefined && { ELECTRON_BUILDER_7ZIP_PATH: zip }),
    ...(needed.has('dpkg-deb') && { CUSTOM_FPM_PATH: await fpmProgram(work) }),
    ...(needed.has('mksquashfs') &&
      appImageRuntime !== null && {
        APPIMAGE_TOOLS_PATH: await appImageTools(found, arch, appImageRuntime, work),
      }),
  };
}

/** As electron-builder's own archive of tools is laid out. */
async function appImageTools(
  found: ReadonlyMap<Program, string>,
  arch: Architecture,
  runtime: string,
  work: string,
): Promise<string> {
  const folder = join(work, 'appimage-tools');
  await mkdir(join(folder, 'runtimes'), { recursive: true });
  await mkdir(join(folder, 'lib', arch), { recursive: true });
  await copyFile(runtime, join(folder, 'runtimes', `runtime-${arch}`));
  await symlink(found.get('desktop-file-validate') ?? '', join(folder, 'desktop-file-validate'));
  const level = process.env[LEVEL];
  const program = join(folder, 'mksquashfs');
  const flags = level === undefined ? '' : ` -Xcompression-level ${Math.max(1, Number(level))}`;
  await writeFile(program, `#!/bin/sh\nexec ${found.get('mksquashfs') ?? ''} "$@"${flags}\n`);
  await chmod(program, 0o755);
  return folder;
}

/** A program that takes fpm's arguments. */
async function fpmProgram(work: string): Promise<string> {
  const program = join(work, 'fpm');
  const script = join(dirname(fileURLToPath(import.meta.url)), 'deb.ts');
  await rm(program, { force: true });
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  await chmod(program, 0o755);
  return program;
}

async function onPath(program: string): Promise<string | null> {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']) {
    const path = join(folder, program);
    if (folder !== '' && (await exists(path))) return path;
  }
  return null;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
