/** Starts the thread that ends this process when its harness is gone. */
import { Worker } from 'node:worker_threads';

/** It needs little. */
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 };

export function guardAgainstOrphanage(harnessPid: number): void {
  const name = import.meta.url.endsWith('.ts') ? './orphan-guard.ts' : './orphan-guard.js';
  const worker = new Worker(new URL(name, import.meta.url), {
    argv: [harnessPid],
    resourceLimits: LIMITS,
  });
  worker.unref();
}
