import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Capture } from './capture.ts';
import { acquireLock } from './lock.ts';
import { messageOf, startWriter, tempFolder } from './testing.ts';

// Processes that load their modules from source start slowly on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

it('lets one process write, names it to the second, and goes when its holder closes', async () => {
  const dir = tempFolder();
  const capture = await Capture.open(dir);
  await expect(Capture.open(dir)).rejects.toMatchObject({
    code: 'CAPTURE_LOCKED',
    message: `process ${String(process.pid)} is writing this capture`,
  });
  const other = startWriter(dir);
  const [said] = (await once(other.stdout ?? other, 'data')) as [Buffer];
  expect(said.toString()).toBe('CAPTURE_LOCKED\n');
  await capture.close();
  await (await Capture.open(dir)).close();
});

it('is respected by this process while another one lives, and taken over once that was killed', async () => {
  const dir = tempFolder();
  const other = startWriter(dir);
  await once(other.stdout ?? other, 'data');
  await expect(Capture.open(dir)).rejects.toMatchObject({
    code: 'CAPTURE_LOCKED',
    message: `process ${String(other.pid)} is writing this capture`,
  });
  const closed = once(other, 'close');
  other.kill('SIGKILL');
  await closed;
  const capture = await Capture.open(dir);
  const next = capture.stats().nextSeq;
  expect(await capture.append({ messages: [messageOf(1)] })).toEqual([next]);
  await capture.close();
  expect(readdirSync(dir).filter((name) => name.includes('lock'))).toEqual([]);
});

it.runIf(process.platform === 'linux').each([
  [
    'a process that has this pid but started at another time',
    { pid: process.pid, started: 'boot/1', token: 'a' },
  ],
  ['a process that is gone', { pid: 2 ** 22 + 1, started: null, token: 'a' }],
])('is taken over from %s', async (_who, holder) => {
  const path = join(tempFolder(), 'writer.lock');
  writeFileSync(path, JSON.stringify(holder));
  const lock = await acquireLock(path);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
  await lock.release();
});

it('is taken over when a power cut left it empty', async () => {
  const path = join(tempFolder(), 'writer.lock');
  writeFileSync(path, '');
  await (await acquireLock(path)).release();
});

it('goes to one only when many want to take it over at the same time', async () => {
  for (let round = 0; round < 20; round++) {
    const path = join(tempFolder(), 'writer.lock');
    writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, started: null, token: 'dead' }));
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => acquireLock(path)));
    const refusals = all.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refusals).toHaveLength(7);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'CAPTURE_LOCKED' });
    for (const one of all) if (one.status === 'fulfilled') await one.value.release();
  }
});

it('of another holder is not removed by a release', async () => {
  const path = join(tempFolder(), 'writer.lock');
  const lock = await acquireLock(path);
  const other = JSON.stringify({ pid: process.pid, started: null, token: 'other' });
  writeFileSync(path, other);
  await lock.release();
  expect(readFileSync(path, 'utf8')).toBe(other);
});
