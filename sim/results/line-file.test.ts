import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { LineFile } from './line-file.ts';

it('lines are in the file in their order, the head first', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-lines-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = await LineFile.create(join(folder, 'lines'), 'head');
  for (let i = 0; i < 1_000; i++) {
    file.write(`line ${i}`);
    if (i % 100 === 0) await file.flushed();
  }
  await file.close();
  const lines = (await readFile(file.path, 'utf8')).split('\n');
  expect(lines).toEqual(['head', ...Array.from({ length: 1_000 }, (_none, i) => `line ${i}`), '']);
  expect(file).toMatchObject({ lost: 0, failure: null });
});

it('a full disk costs lines, which are counted, and holds up nobody', async (context) => {
  if (!existsSync('/dev/full')) context.skip('this system has no /dev/full');
  const file = await LineFile.create('/dev/full');
  file.write('a');
  file.write('b');
  await file.flushed();
  file.write('c');
  await file.close();
  expect(file.lost).toBe(3);
  expect(file.failure).toContain('ENOSPC');
});

it('a queue that the disk does not empty takes no more than its bound', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-lines-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = await LineFile.create(join(folder, 'lines'));
  // All in one turn: nothing is written meanwhile.
  const line = 'x'.repeat(1024 * 1024);
  for (let i = 0; i < 40; i++) file.write(line);
  await file.close();
  expect(file).toMatchObject({ lost: 8, failure: 'the disk is too slow' });
});
