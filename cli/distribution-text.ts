/** Measured times as words. */
import type { Distribution } from '../sim/traffic/distribution.ts';

/** `p50 0.81 ms, p95 1.2 ms, p99 2 ms, max 3.4 ms`, and how many values where they are a sample. */
export function timesText(times: Distribution | null): string {
  if (times === null) return 'none';
  const { p50, p95, p99, max } = times;
  const parts = Object.entries({ p50, p95, p99, max }).map(([name, ms]) => `${name} ${msText(ms)}`);
  return (
    parts.join(', ') + (times.exact ? '' : ` (of a random sample of ${times.count.toLocaleString('en')})`)
  );
}

/** Three digits that count. */
export function msText(ms: number): string {
  return `${Number(ms.toPrecision(3)).toLocaleString('en')} ms`;
}
