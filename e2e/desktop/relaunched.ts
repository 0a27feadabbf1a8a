/** The app that an app started in its place: nobody drives that one, so it is reached through Chromium's debugger. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { expect, onTestFinished } from 'vitest';
import { DeskWindow, PATIENCE } from '../window/desk-window.ts';
import type { Desk } from './launch-desk.ts';

/** The flag with which an app has to be launched for that; Chromium writes its port into the app's folder. */
export const REACHABLE = '--remote-debugging-port=0';

export interface Relaunched {
  pid: number;
  window: DeskWindow;
  /** As the system ends it. Resolves when the process is gone. */
  end(): Promise<void>;
}

/** @param act makes the app start again; ends with the running test */
export async function relaunchedBy({ app, folder }: Desk, act: () => Promise<void>): Promise<Relaunched> {
  const port = async (): Promise<string> => {
    const file = await readFile(join(folder, 'DevToolsActivePort'), 'utf8').catch(() => '');
    return file.split('\n')[0] ?? '';
  };
  const before = await port();
  const ended = once(app.process(), 'exit');
  await act();
  expect((await ended)[0]).toBe(0);
  await expect.poll(port, PATIENCE).not.toBe(before);
  const pid = await pidOf(folder);
  const end = async (): Promise<void> => {
    if (isThere(pid)) process.kill(pid, 'SIGTERM');
    await expect.poll(() => isThere(pid), PATIENCE).toBe(false);
  };
  onTestFinished(end);
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${await port()}`, {
    ...PATIENCE,
    // Electron has no downloads that a debugger could lead elsewhere.
    noDefaults: true,
  });
  const [page] = browser.contexts()[0]?.pages() ?? [];
  if (page === undefined) throw new Error('the app that was started again shows no page');
  return { pid, window: new DeskWindow(page), end };
}

/** Of the app, by the mark of the node in it. */
async function pidOf(folder: string): Promise<number> {
  const read = async (): Promise<number> => {
    const mark = await readFile(join(folder, 'running.json'), 'utf8').catch(() => '{}');
    return (JSON.parse(mark) as { pid?: number }).pid ?? 0;
  };
  await expect.poll(read, PATIENCE).not.toBe(0);
  return read();
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
