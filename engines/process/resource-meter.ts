/** What this process takes of its machine. */
import type { Resources } from '../../core/engine/crash-report.ts';

/** @returns a measurement; its CPU share is of the time since the one before, or since now */
export function resourceMeter(): () => Resources {
  let before = process.cpuUsage();
  let beforeMs = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const nowMs = performance.now();
    const passedMs = Math.max(1, nowMs - beforeMs);
    before = process.cpuUsage();
    beforeMs = nowMs;
    const cpuPercent = Math.round(((user + system) / 1_000 / passedMs) * 1_000) / 10;
    return { cpuPercent, rssBytes: process.memoryUsage.rss() };
  };
}
