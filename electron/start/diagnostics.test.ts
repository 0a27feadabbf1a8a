import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Diagnostics } from './diagnostics.ts';

const fresh = (): Diagnostics => new Diagnostics(() => undefined);

it('a step is told with how long it took, also one that fails or takes its time', async () => {
  const diagnostics = fresh();
  expect(diagnostics.step('one', () => 1)).toBe(1);
  expect(await diagnostics.step('two', () => Promise.resolve(2))).toBe(2);
  expect(() =>
    diagnostics.step('three', () => {
      throw new Error('no\nway');
    }),
  ).toThrow('no');
  await expect(diagnostics.step('four', () => Promise.reject(new Error('late')))).rejects.toThrow('late');
  const lines = diagnostics.text.trimEnd().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/^\d+\.\d{3} 1 one: done, \d+ ms$/),
    expect.stringMatching(/2 two: done/),
    expect.stringMatching(/3 three: failed \(no way\)/),
    expect.stringMatching(/4 four: failed \(late\)/),
  ]);
});

it('the log of this run and of the one before are kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-log-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'logs', 'desktop.log');
  for (const run of ['first', 'second']) {
    const diagnostics = fresh();
    diagnostics.note(`${run} before`);
    diagnostics.writeTo(file);
    diagnostics.note(`${run} after`);
  }
  expect(await readFile(file, 'utf8')).toMatch(/second before\n.*second after\n$/);
  expect(await readFile(`${file}.1`, 'utf8')).toMatch(/first before\n.*first after\n$/);
});

it('what is beyond the bound is counted', () => {
  const diagnostics = fresh();
  for (let n = 0; n < 2_010; n++) diagnostics.note('again');
  expect(diagnostics.text).toContain('… 10 lines were left out');
});

it('a log that cannot be written costs the file only', () => {
  const diagnostics = fresh();
  diagnostics.writeTo('/dev/null/desktop.log');
  expect(diagnostics.text).toContain('the log cannot be written');
});
