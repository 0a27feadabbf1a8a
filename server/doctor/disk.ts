/** The folder of this user's captures and libraries. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describeCause } from '../../core/engine/errors.ts';
import type { Finding } from '../../core/operations/doctor-values.ts';
import { dataFolder } from '../../native/library/data-folder.ts';
import { bad, good, notice } from './finding.ts';

const MIB = 1 << 20;
/** Too little for a capture to be of use. */
const BAD_MIB = 64;
/** What a capture may grow to by default. */
const ENOUGH_MIB = 2_048;

export async function dataFinding(folder = dataFolder()): Promise<Finding> {
  const subject = 'Data folder';
  try {
    await mkdir(folder, { recursive: true });
    const trial = await mkdtemp(join(folder, '.doctor-'));
    try {
      await writeFile(join(trial, 'trial'), 'a line\n');
    } finally {
      await rm(trial, { recursive: true, force: true });
    }
  } catch (error) {
    return bad('data', subject, `${folder} cannot be written, so nothing can be captured or staged.`, {
      hint: `Check its permissions and the disk, or set XDG_DATA_HOME (${describeCause(error)}).`,
      details: { folder },
    });
  }
  return spaceFinding(folder, await freeMib(folder));
}

export function spaceFinding(folder: string, freeMiB: number | null): Finding {
  const subject = 'Data folder';
  const details = { folder, freeMiB };
  if (freeMiB === null) return good('data', subject, `${folder} can be written.`, { details });
  const free = `${freeMiB.toLocaleString('en')} MiB free`;
  if (freeMiB >= ENOUGH_MIB) return good('data', subject, `${folder} can be written; ${free}.`, { details });
  const make = freeMiB < BAD_MIB ? bad : notice;
  return make('data', subject, `${folder} can be written, but the disk has only ${free}.`, {
    hint: 'Free some space, or bound captures with --capture-max-size.',
    details,
  });
}

/** null on a Node that cannot tell. */
async function freeMib(folder: string): Promise<number | null> {
  // Electron 22's Node has no statfs.
  if (!('statfs' in fs)) return null;
  // eslint-disable-next-line n/no-unsupported-features/node-builtins
  const { bavail, bsize } = await fs.statfs(folder);
  return Math.floor((bavail * bsize) / MIB);
}
