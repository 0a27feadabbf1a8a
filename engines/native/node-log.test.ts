/** In a process of its own: the output of this one belongs to its tests. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../native/ffi/fixture-session.ts';

const run = promisify(execFile);
const missing = await prepare();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waku-desk-node-log-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the child tells on the output that it had before. */
async function inChild(log: string, lines: number, pauseMs: number): Promise<unknown> {
  const program = fileURLToPath(new URL('fixture-printer.ts', import.meta.url));
  const { stdout } = await run(process.execPath, [program, log, String(lines), String(pauseMs)]);
  return JSON.parse(stdout);
}

describe('node.log', () => {
  it('gets what the process prints, and tells every line once and in order', async (context) => {
    if (missing !== undefined) context.skip(missing);
    const log = join(folder, 'plain.log');
    expect(await inChild(log, 5_000, 0)).toEqual({ heard: 5_000, inOrder: true, moved: true });
    expect((await readFile(log, 'utf8')).split('\n')).toHaveLength(5_001);
  });

  it('loses no line where the bridge begins a new file', { timeout: 60_000 }, async (context) => {
    if (missing !== undefined) context.skip(missing);
    const log = join(folder, 'long.log');
    // 80 MB, over the half at which a file is full; looked at once a second.
    expect(await inChild(log, 80, 40)).toEqual({ heard: 80, inOrder: true, moved: true });
    expect((await readFile(`${log}.1`)).length).toBeGreaterThan(32 * 1024 * 1024);
  });
});
