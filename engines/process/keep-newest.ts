/** Folders of dated files that may not grow for ever. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The moment as the beginning of a file's name: names sort by it. */
export function fileStamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[:.]/g, '-');
}

/**
 * Makes the folder where it is missing, and removes all but the newest `count` of its files that begin with a stamp.
 * @param companions further endings that such a file may have and that go with it
 */
export async function keepNewest(folder: string, count: number, companions: string[] = []): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => /^\d{4}-\d{2}-\d{2}T/.test(name)).sort();
  const files = names.filter((name) => !companions.some((ending) => name.endsWith(ending)));
  for (const name of files.slice(0, Math.max(0, files.length - count)))
    for (const ending of ['', ...companions]) await rm(join(folder, name + ending), { force: true });
}
