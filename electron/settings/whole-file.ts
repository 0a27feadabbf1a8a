/** Small files that are there whole or not at all, for their owner alone. */
import { open, readFile, rename, stat } from 'node:fs/promises';

/** Nothing of ours comes near it; something else would fill memory. */
const MAX_BYTES = 1024 * 1024;

/** null where there is none. @throws what the system says; RangeError for a file that is none of ours */
export async function readSmallFile(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new RangeError(`it has ${size} bytes`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** @throws what the system says: the file before is as it was then */
export async function writeWholeFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Out of the way and kept for whoever wants to look at it. @returns where it is now */
export async function setAside(path: string): Promise<string> {
  const aside = `${path}.broken`;
  await rename(path, aside);
  return aside;
}
