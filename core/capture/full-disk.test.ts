import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, type TestContext } from 'vitest';
import { Capture } from './capture.ts';
import { messageOf, messagesOf, segmentsIn, tempFolder } from './testing.ts';

/** A disk of 256 KiB; skips the test where there is no way to have one. */
function smallDisk(context: TestContext): string {
  const dir = tempFolder();
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', dir], { encoding: 'utf8' });
  if (mount.status !== 0)
    context.skip(
      `needs root on Linux to mount a small tmpfs: ${mount.error?.message ?? mount.stderr.trim()}`,
    );
  onTestFinished(() => {
    spawnSync('umount', ['-l', dir]);
  });
  return dir;
}

const payload = new Uint8Array(1000);

it('full, is a result: whole lines count, the torn one is cut off, and a gap tells of the rest', async (context) => {
  const disk = smallDisk(context);
  const dir = join(disk, 'capture');
  const ballast = join(disk, 'ballast');
  writeFileSync(ballast, Buffer.alloc(100 * 1024));
  const capture = await Capture.open(dir, { maxBytes: 1024 ** 2, syncIntervalMs: 10 });

  const seqs = await capture.append({ messages: messagesOf(1, 300, { payload }) });
  const captured = seqs.filter((seq) => seq !== null).length;
  expect(captured).toBeGreaterThan(50);
  expect(seqs).toEqual(seqs.map((_, i) => (i < captured ? i + 1 : null)));
  expect(statfsSync(disk).bfree).toBeLessThan(2);
  expect(capture.stats()).toMatchObject({
    messages: captured,
    notCaptured: 300 - captured,
    lastError: { code: 'CAPTURE_WRITE_FAILED' },
  });
  expect((await capture.page(1, 999)).length).toBe(captured);
  expect(await capture.append({ messages: messagesOf(301, 310, { payload }) })).toEqual(
    new Array<null>(10).fill(null),
  );
  // A reader sees whole lines only.
  expect((await Capture.openReadOnly(dir)).stats()).toMatchObject({ messages: captured, damagedLines: 0 });

  rmSync(ballast);
  expect(await capture.append({ messages: [messageOf(311)] })).toEqual([captured + 1]);
  const lost = 310 - captured;
  const gaps = [{ reason: 'disk', lost, afterSeq: captured }];
  expect(capture.gaps()).toMatchObject(gaps);
  expect(capture.gaps()[0]?.detail).toContain('ENOSPC');
  expect(capture.stats()).toMatchObject({ notCaptured: lost, syncErrors: 0 });
  await capture.close();

  const again = await Capture.open(dir, { maxBytes: 1024 ** 2 });
  expect(again.stats()).toMatchObject({ messages: captured + 1, damagedLines: 0, tornBytes: 0, gaps: 1 });
  expect(again.gaps()).toMatchObject(gaps);
  await again.close();
});

it('full at closing, keeps what was captured, and opens again', async (context) => {
  const dir = smallDisk(context);
  const capture = await Capture.open(dir, { maxBytes: 1024 ** 2, segmentBytes: 64 * 1024 });
  let captured = 0;
  for (let i = 0; i < 40; i++) {
    const seqs = await capture.append({ messages: messagesOf(i * 10, i * 10 + 9, { payload }) });
    captured += seqs.filter((seq) => seq !== null).length;
  }
  expect(captured).toBeLessThan(400);
  await capture.close();
  expect(segmentsIn(dir).length).toBeGreaterThan(1);
  const again = await Capture.open(dir, { maxBytes: 1024 ** 2 });
  expect(again.stats()).toMatchObject({ messages: captured, damagedLines: 0 });
  expect((await again.page(1, 999)).length).toBe(captured);
  await again.close();
});

it('full from the start, is an error that says so', async (context) => {
  const dir = smallDisk(context);
  writeFileSync(join(dir, 'ballast'), Buffer.alloc(256 * 1024 - 4096));
  await expect(Capture.open(join(dir, 'capture'))).rejects.toMatchObject({ code: 'CAPTURE_WRITE_FAILED' });
});
