/** Everything that a package is made of, found and checked before electron-builder begins. */
import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ARCHIVED, BUILD_FILE } from '../app-files.mjs';
import { artifactBase, type Build, type Label } from './artifact-name.ts';
import { electronFor, type PackagedElectron } from './electron.ts';
import { koffiBinary, koffiPlace } from './koffi.ts';
import { bridgeOf, libraryOf, type NativeFile } from './library.ts';
import { APPLICATION } from './places.ts';
import type { PackageRequest } from './request.ts';
import { canSign } from './signing.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';

export interface Plan {
  request: PackageRequest;
  build: Build;
  /** Artifacts are called so. */
  base: string;
  electron: PackagedElectron;
  /** A folder with what lies beside app.asar. */
  resources: string;
}

/**
 * @param work a folder for what has to be made
 * @throws WakuDeskError as `libraryOf`, `bridgeOf`, `koffiBinary` and `electronFor`; UNSUPPORTED: no release can be made
 */
export async function planPackage(
  request: PackageRequest,
  version: string,
  work: string,
  say: (text: string) => void,
): Promise<Plan> {
  await checkApplication();
  const library = request.withoutLibrary ? null : await libraryOf(request);
  const bridge = await bridgeOf(request);
  const koffi = await koffiBinary(request.target);
  const electron = await electronFor(request.target, say);
  const labels: Label[] = [
    ...(electron.kind === 'testelectron' ? ['testelectron' as const] : []),
    ...(request.system === 'macos' && !canSign() ? ['unsigned' as const] : []),
    ...(request.anyGlibc ? ['any-glibc' as const] : []),
    ...(library === null ? ['without-library' as const] : []),
    ...(request.testHooks ? ['test-hooks' as const] : []),
  ];
  if (request.release && labels.length > 0) throw noRelease(labels);
  const { profile, system, arch } = request;
  const build = { version, profile, system, arch, labels };
  const resources = join(work, 'resources');
  await layOut(resources, build, request.testHooks, [bridge, ...(library === null ? [] : [library])]);
  await mkdir(dirname(join(resources, koffiPlace(request.target))), { recursive: true });
  await copyFile(koffi, join(resources, koffiPlace(request.target)));
  return { request, build, base: artifactBase(build), electron, resources };
}

/** Whatever the list names has to be there: electron-builder passes over what is not. */
async function checkApplication(): Promise<void> {
  for (const name of ARCHIVED.filter((pattern) => !pattern.includes('*')))
    await access(join(APPLICATION, name)).catch((error: unknown) => {
      throw new WakuDeskError('FILE_FAILED', `dist/desktop has no ${name}.`, {
        operation: 'package.plan',
        hint: "Run 'npm ci' and 'npm run bundle', then again.",
        cause: error,
      });
    });
}

/** Each native file has its checksum beside it, which is checked before it is loaded. */
async function layOut(
  folder: string,
  build: Build,
  testHooks: boolean,
  files: readonly NativeFile[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path, name } of files) {
    await copyFile(path, join(folder, name));
    const sha256 = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
    await writeFile(join(folder, `${name}.sha256`), `${sha256}  ${name}\n`);
  }
  await writeFile(join(folder, BUILD_FILE), `${JSON.stringify({ ...build, testHooks }, null, 2)}\n`);
}

const WHY: Record<Label, string> = {
  testelectron: 'the Electron of a release cannot be downloaded here',
  unsigned: 'there is no certificate to sign it with (CSC_LINK)',
  'any-glibc': '--any-glibc was given',
  'without-library': '--without-library was given',
  'test-hooks': '--test-hooks was given',
};

function noRelease(labels: readonly Label[]): WakuDeskError {
  return new WakuDeskError(
    'UNSUPPORTED',
    `This is no release: ${labels.map((label) => WHY[label]).join(', ')}.`,
    {
      operation: 'package.plan',
      hint: 'Leave --release out for a package to try: its name says what it is.',
    },
  );
}
