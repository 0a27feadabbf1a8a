/** Staging: a library that fits is put where engines find it, whole or not at all, with its check sum recorded. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { asWakuDeskError, describeCause, WakuDeskError } from '../../core/engine/errors.ts';
import { stagedFolder } from '../library/data-folder.ts';
import { librarySuffix, sha256Of, type LibraryKind } from '../library/locate.ts';
import { checkFit } from '../probe/fit.ts';
import { probeLibrary, type Probe } from '../probe/probe.ts';
import { takeLibrary } from './take-library.ts';

export interface Staged {
  kind: LibraryKind;
  path: string;
  sizeBytes: number;
  sha256: string;
  generation: 'B' | 'C';
  /** null: it did not tell. */
  version: string | null;
  /** Functions of its generation that it lacks. */
  missing: string[];
  /** There was one before. */
  replaced: boolean;
}

export interface StageOptions {
  /** Where the name does not tell it. */
  kind?: LibraryKind | undefined;
  /** Another than the user's. */
  folder?: string;
  signal?: AbortSignal;
}

/**
 * @param source a library file, a .deb or a .tar.gz
 * @throws WakuDeskError FILE_FAILED, BAD_USE, CANCELLED; LIBRARY_REFUSED for another machine's or a release that is
 *   not spoken; ENGINE_FAILED where the bridge is missing, which tells. Nothing is staged then.
 */
export async function stageLibrary(source: string, options: StageOptions = {}): Promise<Staged> {
  const folder = options.folder ?? stagedFolder();
  try {
    await mkdir(folder, { recursive: true });
    const work = await mkdtemp(join(folder, '.adding-'));
    try {
      return await stage(resolve(source), work, folder, options);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  } catch (error) {
    throw failure(error, options.signal);
  }
}

/** The staged library and its record are removed; false: there was none. @throws WakuDeskError FILE_FAILED */
export async function unstageLibrary(kind: LibraryKind, folder = stagedFolder()): Promise<boolean> {
  const path = stagedPath(kind, folder);
  try {
    const wasThere = existsSync(path);
    await rm(path, { force: true });
    await rm(`${path}.sha256`, { force: true });
    return wasThere;
  } catch (error) {
    throw failure(error, undefined);
  }
}

async function stage(
  source: string,
  work: string,
  folder: string,
  { kind: wanted, signal }: StageOptions,
): Promise<Staged> {
  const { kind, path: taken } = await takeLibrary(source, work, { kind: wanted, signal });
  await checkFit(taken);
  const { generation, version, missing } = usable(
    basename(taken),
    await probeLibrary(taken, signal === undefined ? {} : { signal }),
  );
  const sha256 = await sha256Of(taken);
  const path = stagedPath(kind, folder);
  const replaced = existsSync(path);
  const record = `${taken}.sha256`;
  await writeFile(record, `${sha256}  ${basename(path)}\n`);
  // In this order a library is never beside the record of another one.
  await rm(`${path}.sha256`, { force: true });
  await rename(taken, path);
  await rename(record, `${path}.sha256`);
  const { size: sizeBytes } = await stat(path);
  return { kind, path, sizeBytes, sha256, generation, version, missing, replaced };
}

function stagedPath(kind: LibraryKind, folder: string): string {
  return join(folder, `${kind}${librarySuffix()}`);
}

function usable(name: string, probe: Probe): Extract<Probe, { outcome: 'usable' }> {
  const refuse = (message: string, hint: string, cause?: string): WakuDeskError =>
    new WakuDeskError('LIBRARY_REFUSED', message, {
      operation: 'native.add',
      hint,
      ...(cause !== undefined && cause !== '' && { cause }),
    });
  switch (probe.outcome) {
    case 'usable':
      return probe;
    case 'untried':
      throw WakuDeskError.fromData(probe.error);
    case 'refused':
      throw refuse(probe.reason, 'Nothing was staged. Get a release from v0.35.0 to v0.38.1.');
    case 'broken':
      throw refuse(
        `${name} was tried: ${probe.reason}`,
        'Nothing was staged. Get it again, or another release.',
        probe.lastLine,
      );
  }
}

function failure(error: unknown, signal: AbortSignal | undefined): WakuDeskError {
  if (signal?.aborted === true)
    return new WakuDeskError('CANCELLED', 'Staging was cancelled.', {
      operation: 'native.add',
      hint: 'Nothing was staged; begin again.',
    });
  return asWakuDeskError(error, {
    code: 'FILE_FAILED',
    operation: 'native.add',
    message: `A file cannot be read or written: ${describeCause(error)}.`,
    hint: 'Check the path, its permissions, and the space on the disk.',
  });
}
