/** The files that get what node libraries print, one for each process, and how they end. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { asWakuDeskError } from '../../core/engine/errors.ts';
import { dataFolder } from '../../native/library/data-folder.ts';
import { fileStamp, keepNewest } from './keep-newest.ts';

const KEPT_LOGS = 20;
/** A log is bounded by beginning another and keeping the one before. */
export const BEFORE = '.1';
const TAIL_BYTES = 16 * 1024;

let made = 0;

/** A place for the log of a new process; the oldest logs go. @throws WakuDeskError FILE_FAILED */
export async function newNodeLog(kind: EngineKind): Promise<string> {
  const folder = join(dataFolder(), 'logs');
  try {
    await keepNewest(folder, KEPT_LOGS - 1, [BEFORE]);
  } catch (error) {
    throw asWakuDeskError(error, {
      code: 'FILE_FAILED',
      operation: 'engine.load',
      message: `The folder for logs of nodes cannot be used: ${folder}.`,
      hint: 'Make it writable, or name another data folder with XDG_DATA_HOME.',
    });
  }
  return join(folder, `${fileStamp(Date.now())}-${kind}-${process.pid}-${++made}.log`);
}

/** The last lines of a log, oldest first; none where it cannot be read. */
export function lastLines(file: string, count: number): string[] {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
      const lines = bytes.toString('utf8').split('\n');
      // The first is a part of one.
      if (size > bytes.length) lines.shift();
      return lines.filter((line) => line.trim() !== '').slice(-count);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return [];
  }
}
