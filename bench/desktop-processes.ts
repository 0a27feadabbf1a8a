/** What the processes of a desktop app take, read from Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import type { ElectronApplication } from 'playwright';

export const PROCESS_NAMES = ['main', 'page', 'engine', 'gpu', 'network', 'zygotes'] as const;
type ProcessName = (typeof PROCESS_NAMES)[number];

/** Of each process that there is, and `all` together. */
export type ByProcess = Map<ProcessName | 'all', number>;

interface AppProcess {
  pid: number;
  name: ProcessName;
}

/** Every process of the app; zygotes are those that Chromium makes others from, and tells nothing of. */
export async function processesOf(app: ElectronApplication): Promise<AppProcess[]> {
  const told = await app.evaluate(({ app: electron }) =>
    electron.getAppMetrics().map(({ pid, type, name }) => ({ pid, type, name })),
  );
  const names = new Map(told.map(({ pid, type, name }) => [pid, nameOf(type, name)]));
  const main = told.find(({ type }) => type === 'Browser')?.pid;
  if (main === undefined) throw new Error('the app tells of no main process');
  return familyOf(main).map((pid) => ({ pid, name: names.get(pid) ?? 'zygotes' }));
}

/** MiB; pages that processes share count in parts. */
export function memoryOf(processes: readonly AppProcess[]): ByProcess {
  return byProcess(processes, ({ pid }) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? NaN) / 1_024;
  });
}

/** Counts from now. @returns percent of one core since then */
export function startCpuMeter(processes: readonly AppProcess[]): () => ByProcess {
  const beganMs = performance.now();
  const before = new Map(processes.map(({ pid }) => [pid, threadTimes(pid)]));
  return () => {
    const tookNs = (performance.now() - beganMs) * 1e6;
    return byProcess(processes, ({ pid }) => {
      let ns = 0;
      for (const [thread, time] of threadTimes(pid)) ns += time - (before.get(pid)?.get(thread) ?? 0);
      return (ns / tookNs) * 100;
    });
  };
}

function byProcess(processes: readonly AppProcess[], measure: (process: AppProcess) => number): ByProcess {
  const sums: ByProcess = new Map([['all', 0]]);
  for (const process of processes) {
    const value = measure(process);
    for (const key of [process.name, 'all'] as const) sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return sums;
}

function nameOf(type: string, name = ''): ProcessName {
  if (type === 'Browser') return 'main';
  if (type === 'Tab') return 'page';
  if (type === 'GPU') return 'gpu';
  if (type !== 'Utility')
    throw new Error(`the app has a process of a kind that nobody knows: ${type} ${name}`);
  return name.includes('engine') ? 'engine' : 'network';
}

/** A process and all that come from it. */
function familyOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean),
  );
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}

/** Nanoseconds that each thread has run: the ticks of /proc/pid/stat are too coarse for a process at rest. */
function threadTimes(pid: number): Map<string, number> {
  const times = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`))
    try {
      const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
      times.set(thread, Number(text.split(' ')[0]));
    } catch {
      // It has just ended.
    }
  return times;
}
