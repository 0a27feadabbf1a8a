/** The writer lock: a file that exists while a process writes a capture. */
import { randomUUID } from 'node:crypto';
import { open, readFile, unlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { WakuDeskError } from '../engine/errors.ts';
import { isAlive, startMarker } from './process-marker.ts';
import { codeOf } from './system-error.ts';

/** How long a lock file may be without its content, which is written right after it is made. */
const EMPTY_GRACE_MS = 1000;
const EMPTY_POLL_MS = 50;

const holderSchema = z.object({
  pid: z.int().positive(),
  /** When the process started, in the system's own terms; null where the system does not tell. */
  started: z.string().nullable(),
  /** Names this very lock. */
  token: z.string().max(100),
});
type Holder = z.infer<typeof holderSchema>;

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock `path`, also from a process that has died.
 *
 * Who removes a dead process's lock must be alone in doing so, or it could remove the lock of whoever came
 * first. So the removal has a lock of its own, named after the dead lock's token, and looks again once it has it.
 * @throws WakuDeskError CAPTURE_LOCKED: a live process holds it
 */
export async function acquireLock(path: string): Promise<Lock> {
  for (;;) {
    const token = randomUUID();
    if (await create(path, token)) return { release: () => release(path, token) };
    const holder = await readHolder(path);
    if (holder === 'gone') continue;
    if (holder !== 'unreadable' && (await isAlive(holder.pid, holder.started)))
      throw locked(path, holder.pid);
    const dead = tokenOf(holder);
    const guard = await acquireLock(`${path}.${dead.slice(0, 8)}`);
    try {
      if (tokenOf(await readHolder(path)) === dead) await unlink(path);
    } finally {
      await guard.release();
    }
  }
}

function tokenOf(holder: Holder | 'gone' | 'unreadable'): string {
  return typeof holder === 'string' ? holder : holder.token;
}

async function create(path: string, token: string): Promise<boolean> {
  const content: Holder = { pid: process.pid, started: await startMarker(process.pid), token };
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(`${JSON.stringify(content)}\n`);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  // Stopped for long between the two steps, this process may have been taken for dead.
  return tokenOf(await readHolder(path)) === token;
}

async function release(path: string, token: string): Promise<void> {
  if (tokenOf(await readHolder(path)) === token) await unlink(path);
}

async function readHolder(path: string): Promise<Holder | 'gone' | 'unreadable'> {
  const deadline = Date.now() + EMPTY_GRACE_MS;
  for (;;) {
    try {
      const parsed = holderSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
      if (parsed.success) return parsed.data;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return 'gone';
      if (!(error instanceof SyntaxError)) throw error;
    }
    if (Date.now() >= deadline) return 'unreadable';
    await delay(EMPTY_POLL_MS);
  }
}

function locked(path: string, pid: number): WakuDeskError {
  return new WakuDeskError('CAPTURE_LOCKED', `process ${String(pid)} is writing this capture`, {
    operation: 'capture.open',
    hint: `Close that program, choose another folder, or open it read-only. The lock is ${path}.`,
  });
}
