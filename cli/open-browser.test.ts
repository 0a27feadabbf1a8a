import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBrowser } from './open-browser.ts';

const URL = 'http://127.0.0.1:1/#token=abc&x="$HOME"';

describe('openBrowser', () => {
  let folder = '';
  let opened: string;
  beforeEach(async (context) => {
    if (process.platform !== 'linux') context.skip('xdg-open is the opener of Linux alone');
    folder = await mkdtemp(join(tmpdir(), 'waku-desk-open-'));
    opened = join(folder, 'opened');
    // In the desktop's place: writes down what it is to open.
    await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > ${opened}\n`);
    await chmod(join(folder, 'xdg-open'), 0o755);
    vi.stubEnv('CI', undefined);
    vi.stubEnv('WAYLAND_DISPLAY', undefined);
    vi.stubEnv('PATH', `${folder}:${process.env.PATH ?? ''}`);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });
  const read = (): Promise<string | null> => readFile(opened, 'utf8').catch(() => null);

  it('opens the address as it is where there is a screen', async () => {
    vi.stubEnv('DISPLAY', ':7');
    openBrowser(URL);
    await expect.poll(read, { timeout: 10_000 }).toBe(URL);
  });

  it('does nothing without a screen, and survives a desktop without a browser', async () => {
    vi.stubEnv('DISPLAY', undefined);
    openBrowser(URL);
    vi.stubEnv('DISPLAY', ':7');
    vi.stubEnv('PATH', '/nowhere');
    openBrowser(URL);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await read()).toBeNull();
  });
});
