import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RelayLog } from './relay-log.ts';

const MAX_BYTES = 2_000;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waku-desk-relay-log-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const broken = (why: string): void => {
  throw new Error(why);
};

it('appends lines, and begins another file where one would become too long', async () => {
  const path = join(folder, 'long.log');
  await writeFile(path, 'from before\n');
  for (let run = 0; run < 10; run++) {
    const log = new RelayLog(path, { onBroken: broken, maxBytes: MAX_BYTES });
    for (let i = 0; i < 10; i++) log.take(`line ${String(run)}.${String(i)} ${'x'.repeat(40)}`);
    await log.close();
    expect((await stat(path)).size).toBeLessThanOrEqual(MAX_BYTES / 2);
    if (run === 0) expect(await readFile(path, 'utf8')).toContain('from before\nline 0.0 ');
  }
  const [before, now] = [await readFile(`${path}.1`, 'utf8'), await readFile(path, 'utf8')];
  expect(before.length).toBeLessThanOrEqual(MAX_BYTES / 2);
  const lines = (before + now).trimEnd().split('\n');
  const last = (count: number): string[] =>
    Array.from({ length: 100 }, (_none, i) => i)
      .slice(-count)
      .map((i) => `line ${String(Math.floor(i / 10))}.${String(i % 10)} `);
  expect(lines.map((line) => line.replace(/x+$/, ''))).toEqual(last(lines.length));
  expect(lines.length).toBeGreaterThanOrEqual(20);
});

it('counts lines that the disk was too slow for, and says so where they are missing', async () => {
  const path = join(folder, 'slow.log');
  const log = new RelayLog(path, { onBroken: broken });
  const megabyte = 'y'.repeat(1024 * 1024);
  // Nothing is written while this function runs.
  for (let i = 0; i < 30; i++) log.take(megabyte);
  await log.close();
  log.take('behind');
  await log.close();
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const whole = lines.filter((line) => line === megabyte).length;
  expect(whole).toBeLessThan(30);
  expect(lines.slice(whole)).toEqual([
    `${String(30 - whole)} lines of messages were left out here: the disk was too slow`,
    'behind',
  ]);
});

it('says once that the file cannot be written, and goes on without', async () => {
  const said: string[] = [];
  const log = new RelayLog(join(folder, 'nowhere', 'a.log'), { onBroken: (why) => said.push(why) });
  await log.close();
  log.take('two');
  await log.close();
  expect(said).toEqual([expect.stringContaining('ENOENT')]);
});
