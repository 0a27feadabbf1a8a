/** The node's key: kept, so that the node is the same one tomorrow, for nobody but its owner. */
import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { describeCause, WakuDeskError } from '../../core/engine/errors.ts';
import { readSmallFile, setAside, writeWholeFile } from './whole-file.ts';

export interface KeptKey {
  /** 64 hex digits. */
  key: string;
  /** What to tell the user; null: nothing. */
  problem: string | null;
}

/** A file that holds no key is set aside, and the node is another one. @throws WakuDeskError FILE_FAILED */
export async function keepNodeKey(path: string): Promise<KeptKey> {
  try {
    const text = await readSmallFile(path);
    if (text === null) return { key: await newKey(path), problem: null };
    const key = text.trim();
    if (/^[0-9a-f]{64}$/i.test(key)) {
      // Copied from elsewhere it may be there for everybody to read.
      await chmod(path, 0o600);
      return { key, problem: null };
    }
    const aside = await setAside(path);
    return {
      key: await newKey(path),
      problem: `The file with the node's key holds none, so that the node has a new peer id. It is in ${aside}.`,
    };
  } catch (error) {
    throw new WakuDeskError(
      'FILE_FAILED',
      `The node's key cannot be kept in ${path}: ${describeCause(error)}.`,
      {
        operation: 'desktop.nodeKey',
        hint: 'Make the file readable and its folder writable, or name another one with --user-data-dir.',
        cause: error,
      },
    );
  }
}

async function newKey(path: string): Promise<string> {
  const key = randomBytes(32).toString('hex');
  await writeWholeFile(path, `${key}\n`);
  return key;
}
