/** This process, which is the node's as well: Prometheus' usual figures of one. What the system does not tell is left out. */
import { readdirSync, readFileSync } from 'node:fs';
import { counter, gauge, type Family, type Sample } from '../../core/engine/metric-families.ts';

export function processFamilies(): Family[] {
  const { user, system } = process.cpuUsage();
  return [
    counter('process_cpu_seconds', (user + system) / 1e6),
    gauge('process_resident_memory_bytes', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', Date.now() / 1_000 - process.uptime()),
    gauge('process_virtual_memory_bytes', ofSystem(virtualBytes)),
    gauge(
      'process_open_fds',
      ofSystem(() => readdirSync('/proc/self/fd').length),
    ),
    gauge('process_max_fds', ofSystem(maxDescriptors)),
  ];
}

function virtualBytes(): number {
  return Number(/^VmSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1_024;
}

function maxDescriptors(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
}

/** Only Linux has /proc. */
function ofSystem(read: () => number): Sample[] {
  try {
    const value = read();
    return Number.isFinite(value) ? [{ value }] : [];
  } catch {
    return [];
  }
}
