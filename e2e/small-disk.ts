/** A disk that is soon full. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';

/** A file system of 1 MiB in memory, or the test is skipped. */
export function smallDisk(context: TestContext): string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return context.skip('a small disk is a tmpfs, which only root on Linux can mount');
  const folder = mkdtempSync(join(tmpdir(), 'waku-desk-disk-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    return context.skip(`no tmpfs can be mounted here: ${String(error)}`);
  }
  // Hooks run last first: this one before the folder is removed.
  onTestFinished(() => {
    // Lazily, so that a node that is still being killed does not keep it.
    execFileSync('umount', ['-l', folder]);
  });
  return folder;
}
