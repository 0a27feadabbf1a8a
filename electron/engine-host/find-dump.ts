/** What a crash of the app leaves: a minidump, which crashpad writes. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where crashpad keeps them: on their way to a server, sent, and as they are written. */
const FOLDERS = ['pending', 'completed', 'new', 'reports', '.'];

/** @returns the newest dump since then (Unix ms); null: there is none */
export async function findDump(folder: string, sinceMs: number): Promise<string | null> {
  let newest: { file: string; atMs: number } | null = null;
  for (const inside of FOLDERS)
    for (const name of await readdir(join(folder, inside)).catch(() => [])) {
      if (!name.endsWith('.dmp')) continue;
      const file = join(folder, inside, name);
      const { mtimeMs } = await stat(file);
      if (mtimeMs >= sinceMs && mtimeMs > (newest?.atMs ?? 0)) newest = { file, atMs: mtimeMs };
    }
  return newest?.file ?? null;
}
