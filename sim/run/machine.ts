/** What a run was made on. */
import { cpus, loadavg, release, totalmem, type } from 'node:os';

export interface Machine {
  cpu: string;
  cores: number;
  memoryBytes: number;
  system: string;
  /** Load average of the last minute. */
  loadBefore: number;
  loadAfter: number;
}

export function machineNow(): Machine {
  const cores = cpus();
  const [load = 0] = loadavg();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown CPU',
    cores: cores.length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    loadBefore: load,
    loadAfter: load,
  };
}
