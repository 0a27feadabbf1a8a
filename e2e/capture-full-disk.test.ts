/** A disk that fills up while a node captures, and has room again later. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { numbers, readCaptureFiles } from './capture-files.ts';
import { runCli } from './cli-process.ts';
import { including } from './matchers.ts';
import { publish, startNode } from './nodes.ts';
import { smallDisk } from './small-disk.ts';

it('a full disk: the node goes on, shows and counts what is not captured, and captures again later', async (context) => {
  const disk = smallDisk(context);
  const filler = join(disk, 'filler');
  const folder = join(disk, 'capture');
  await writeFile(filler, Buffer.alloc(512 * 1024));
  const { cli, address } = await startNode([`--capture=${folder}`]);

  // 60 lines of 14 KB are more than the half MiB that is left.
  const input = 'x'.repeat(10 * 1024);
  const first = await publish(address, { payload: '-', input, flags: ['--repeat=60', '--rate=200'] });
  expect(first.exit.code, first.stderr).toBe(0);
  const duringFull = await cli.waitForCount('message', 60);
  const captured = duringFull.filter(({ seq }) => seq !== null);
  const lost = duringFull.length - captured.length;
  expect(captured.map(({ seq }) => seq)).toEqual(numbers(1, captured.length));
  expect(captured.length).toBeGreaterThan(10);
  expect(lost).toBeGreaterThan(10);

  await rm(filler);
  await publish(address, { payload: 'room again', flags: ['--repeat=5'] });
  const all = await cli.waitForCount('message', 65);
  expect(all.slice(60).map(({ seq }) => seq)).toEqual(numbers(captured.length + 1, captured.length + 5));
  expect(await cli.terminate()).toMatchObject({ code: 0 });
  expect(cli.lines('stopped')).toEqual([
    expect.objectContaining({ received: 65, notCaptured: lost, dropped: 0 }),
  ]);

  const { messages, gaps, tornBytes } = await readCaptureFiles(folder);
  expect(messages.map(({ seq, hash }) => ({ seq, hash }))).toEqual(
    all.flatMap(({ seq, hash }) => (seq === null ? [] : [{ seq, hash }])),
  );
  expect(gaps.map(({ reason }) => reason)).toEqual(gaps.map(() => 'disk'));
  expect(gaps.reduce((sum, gap) => sum + (gap.lost ?? 0), 0)).toBe(lost);
  expect(gaps.at(-1)?.detail).toContain('ENOSPC');
  expect(tornBytes).toBe(0);
});

it('a disk that stays full: the node ends cleanly all the same, and tells how much is missing', async (context) => {
  const disk = smallDisk(context);
  const folder = join(disk, 'capture');
  const { cli, address } = await startNode([`--capture=${folder}`]);
  await publish(address, {
    payload: '-',
    input: 'x'.repeat(50 * 1024),
    flags: ['--repeat=40', '--rate=100'],
  });
  const messages = await cli.waitForCount('message', 40);
  const lost = messages.filter(({ seq }) => seq === null).length;
  expect(lost).toBeGreaterThan(10);
  expect(await cli.terminate()).toMatchObject({ code: 0 });
  expect(cli.lines('stopped')).toEqual([expect.objectContaining({ received: 40, notCaptured: lost })]);
  expect(cli.stderr).not.toMatch(/uncaught|defect/);

  // What is there can be opened again, and goes on when there is room.
  const { cli: next, address: there } = await startNode([`--capture=${folder}`]);
  await publish(there, { payload: 'small' });
  await next.waitForCount('message', 1);
  expect(await next.terminate()).toMatchObject({ code: 0 });
  expect((await readCaptureFiles(folder)).messages.map(({ seq }) => seq).slice(0, 40 - lost)).toEqual(
    numbers(1, 40 - lost),
  );
});

it('a disk that is full from the start: the node does not start, and says so with exit code 6', async (context) => {
  const disk = smallDisk(context);
  // As much as there is.
  await writeFile(join(disk, 'filler'), Buffer.alloc(1024 * 1024)).catch(() => undefined);
  const cli = await runCli(['node', '--json', `--capture=${join(disk, 'capture')}`]);
  expect(cli.exit.code, cli.stderr).toBe(6);
  expect(cli.error()).toMatchObject({ code: 'CAPTURE_WRITE_FAILED', hint: including('space') });
  expect(cli.error().cause).toContain('ENOSPC');
});
