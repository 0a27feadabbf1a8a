/** Tells a process from a later one that got the same pid. */
import { readFile } from 'node:fs/promises';
import { codeOf } from './system-error.ts';

/** Boot and start time of a process as text, or null where there is no /proc, or no such process. */
export async function startMarker(pid: number): Promise<string | null> {
  const found = await readStat(pid);
  return found?.started ?? null;
}

/**
 * Whether the process that had this pid and start marker still runs. Without a marker a live process with the
 * pid counts as the same one; a zombie is dead.
 */
export async function isAlive(pid: number, started: string | null): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM' && (await sameStart(pid, started));
  }
  return sameStart(pid, started);
}

async function sameStart(pid: number, started: string | null): Promise<boolean> {
  const found = await readStat(pid);
  if (found === null) return true;
  return !found.dead && (started === null || found.started === started);
}

async function readStat(pid: number): Promise<{ started: string; dead: boolean } | null> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${String(pid)}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The name, in brackets, may hold anything; state is the first field after it, start time the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', ticks] = [fields[0], fields[19]];
    return ticks === undefined ? null : { started: `${boot.trim()}/${ticks}`, dead: /[ZX]/.test(state) };
  } catch {
    return null;
  }
}
