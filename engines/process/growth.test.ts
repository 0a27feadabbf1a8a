/** A node that is restarted again and again in one process leaves nothing behind. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, type TestContext } from 'vitest';
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { buildBridge } from '../../native/build.mjs';
import { locateNodeLibrary } from '../../native/library/node-library.ts';
import type { Holding } from './fixture-restarts.ts';

const run = promisify(execFile);
const TIMES = 60;
/** Until caches are full and threads are there. */
const WARM_UP = 10;
/** libgowaku left a database with its goroutines behind once, 1 MiB each time. */
const GROWTH_BYTES = 24 * 1024 * 1024;
const RUN_MS = 180_000;

describe('50 restarts in one process', () => {
  it(
    'of the embedded engine leave no thread, descriptor or memory behind',
    { timeout: RUN_MS },
    async (context) => {
      await expectNoGrowth(context, 'js');
    },
  );

  it('of go-waku leave no thread, descriptor or memory behind', { timeout: RUN_MS }, async (context) => {
    const { found } = await locateNodeLibrary('libgowaku');
    if (!found) context.skip('libgowaku is not built here: it needs Go (npm run native:go-waku)');
    await buildBridge();
    await expectNoGrowth(context, 'go-waku');
  });
});

async function expectNoGrowth(context: TestContext, kind: EngineKind): Promise<void> {
  if (process.platform !== 'linux') context.skip('what a process holds is read from /proc: Linux only');
  const holdings = await restart(kind);
  expect(holdings).toHaveLength(TIMES);
  const [before, after] = [holdings.slice(WARM_UP - 5, WARM_UP), holdings.slice(-5)];
  const most = (which: keyof Holding, list: Holding[]): number =>
    Math.max(...list.map((item) => item[which]));
  // A runtime may start a thread for a call that takes long.
  expect(most('threads', after)).toBeLessThanOrEqual(most('threads', before) + 3);
  expect(most('descriptors', after)).toBeLessThanOrEqual(most('descriptors', before) + 3);
  expect(most('rssBytes', after) - most('rssBytes', before)).toBeLessThan(GROWTH_BYTES);
}

async function restart(kind: EngineKind): Promise<Holding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-growth-'));
  try {
    const fixture = join(import.meta.dirname, 'fixture-restarts.ts');
    const args = ['--expose-gc', '--no-warnings', fixture, kind, String(TIMES), join(folder, 'node.log')];
    const { stdout } = await run(process.execPath, args, { timeout: RUN_MS });
    return JSON.parse(stdout) as Holding[];
  } finally {
    await rm(folder, { recursive: true });
  }
}
