/** Whether a library's file is for this machine, in words for people. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { describeCause, WakuDeskError } from '../../core/engine/errors.ts';
import { compareVersions } from './elf-versions.ts';
import { readLibraryFile, type LibraryFile } from './library-file.ts';

export interface Machine {
  system: string;
  architecture: string;
  /** null where it is not known, and on other systems. */
  glibc: string | null;
}

const SYSTEMS: Record<string, string> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

export async function thisMachine(): Promise<Machine> {
  return { system: process.platform, architecture: process.arch, glibc: await ownGlibc() };
}

/**
 * @param other than this machine
 * @throws WakuDeskError LIBRARY_REFUSED: it is no library, or not one for this machine; FILE_FAILED
 */
export async function checkFit(path: string, other?: Machine): Promise<LibraryFile> {
  const machine = other ?? (await thisMachine());
  const file = await readOrFail(path);
  const reason =
    file === null ? `${basename(path)} ${await whatItIs(path)}.` : misfit(basename(path), file, machine);
  if (reason === null && file !== null) return file;
  throw new WakuDeskError('LIBRARY_REFUSED', reason ?? '', {
    operation: 'native.check',
    hint: `Get the one for ${systemName(machine)} and add it with 'waku-desk native add FILE'.`,
  });
}

export function systemName({ system, architecture }: Pick<Machine, 'system' | 'architecture'>): string {
  return `${SYSTEMS[system] ?? system} on ${architecture}`;
}

function misfit(name: string, file: LibraryFile, machine: Machine): string | null {
  const { system, architectures, glibc } = file;
  if (system !== machine.system || !architectures.includes(machine.architecture)) {
    const made = systemName({ system, architecture: architectures.join(' and ') });
    return `${name} is for ${made}; this is ${systemName(machine)}.`;
  }
  if (!file.isLibrary) return `${name} is a program or an object file, not a shared library.`;
  if (glibc !== null && machine.glibc !== null && compareVersions(machine.glibc, glibc) < 0)
    return `${name} needs glibc ${glibc}; this system has ${machine.glibc}.`;
  return null;
}

async function readOrFail(path: string): Promise<LibraryFile | null> {
  try {
    return await readLibraryFile(path);
  } catch (error) {
    throw new WakuDeskError('FILE_FAILED', `${path} cannot be read.`, {
      operation: 'native.check',
      hint: `Check the path and its permissions (${describeCause(error)}).`,
      cause: error,
    });
  }
}

/** Of files that stand in a library's place most often. */
async function whatItIs(path: string): Promise<string> {
  const text = (await readFile(path)).toString('latin1', 0, 64).trimStart().toLowerCase();
  if (text === '') return 'is empty';
  if (text.startsWith('version https://git-lfs')) return 'is a pointer of Git LFS, not the file itself';
  if (text.startsWith('<!doctype') || text.startsWith('<html')) return 'is a web page, not a library';
  if (text.startsWith('!<arch>') || text.startsWith('\x1f\x8b'))
    return 'is a package or an archive, not a library';
  return 'is no shared library of Linux, macOS or Windows';
}

/** null where it is not known: what the loader says has to do then. */
async function ownGlibc(): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  try {
    const { stdout } = await promisify(execFile)('getconf', ['GNU_LIBC_VERSION']);
    return /^glibc (\d+(?:\.\d+)+)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}
