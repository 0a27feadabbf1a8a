/** What a failed test of the app leaves to look at: pictures of its windows, Playwright's trace, and what it printed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { ROOT } from '../cli-process.ts';
import type { Desk } from './launch-desk.ts';

const PICTURE_MS = 5_000;

/** The actions of a test with what was on the page, until {@link keepFailure} asks for them. */
export async function startTrace(app: ElectronApplication): Promise<void> {
  await app.context().tracing.start({ screenshots: true, snapshots: true });
}

/**
 * Into a folder of `test-results`. The trace begins anew then.
 * @param test its full name
 * @returns the folder
 */
export async function keepFailure(desk: Desk, test: string): Promise<string> {
  const { app, pid } = desk;
  const name = `${test.replace(/[^\w]+/g, '-').slice(0, 120)}-${String(pid)}`;
  const folder = join(ROOT, 'test-results', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'stderr.txt'), desk.stderr());
  const { tracing } = app.context();
  // An app that has ended has neither.
  await Promise.allSettled([
    ...app
      .windows()
      .map((page, i) => page.screenshot({ path: join(folder, `window-${i + 1}.png`), timeout: PICTURE_MS })),
    tracing.stopChunk({ path: join(folder, 'trace.zip') }).then(() => tracing.startChunk()),
  ]);
  return folder;
}
