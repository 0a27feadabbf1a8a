/** `npm run dev` through Electron Forge, in a copy of the sources: what is edited there is seen. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, delimiter, join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import { expect, it, onTestFinished } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { ROOT } from '../cli-process.ts';
import { temporaryFolder } from '../nodes.ts';
import { DeskWindow, PATIENCE, see } from '../window/desk-window.ts';
import { useDesktop } from './launch-desk.ts';
import { environment } from './screen.ts';

const desktop = useDesktop();

const COPIED = ['build', 'core', 'electron', 'engines', 'flags', 'native', 'renderer', 'server'];
const FILES = ['forge.config.ts', 'package.json', 'tsconfig.json', join('dist', 'desktop')];
const LINKED = ['node_modules', join('.cache', 'electron')];

interface Sources {
  /** How `npm run dev` is started in them. */
  start: { command: string; args: string[]; cwd: string; env: Record<string, string> };
  edit: (file: string, change: (text: string) => string) => Promise<void>;
}

async function copyOfSources(): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of COPIED)
    await cp(join(ROOT, name), join(folder, name), {
      recursive: true,
      // Libraries that were built weigh a hundred times what the sources do.
      filter: (path) => basename(path) !== 'dist',
    });
  for (const name of FILES) await cp(join(ROOT, name), join(folder, name), { recursive: true });
  await mkdir(join(folder, '.cache'));
  for (const name of LINKED) await symlink(join(ROOT, name), join(folder, name));
  return folder;
}

async function prepare(): Promise<Sources> {
  const folder = await copyOfSources();
  // Without the set-up: the copy is of what was set up already.
  const started = manifest.scripts.dev.split('&& ').at(-1) ?? '';
  const command = join(folder, 'dev.sh');
  await writeFile(command, `#!/bin/sh\nexec ${started} "$@"\n`);
  await chmod(command, 0o755);
  const { PATH = '', ...others } = environment(desktop.display);
  return {
    start: {
      command,
      args: [`--user-data-dir=${join(folder, 'data')}`, '--engine=js'],
      cwd: folder,
      env: { ...others, PATH: `${join(ROOT, 'node_modules', '.bin')}${delimiter}${PATH}` },
    },
    async edit(file, change) {
      const path = join(folder, file);
      const before = await readFile(path, 'utf8');
      const after = change(before);
      expect(after).not.toBe(before);
      // At once, as careful editors do: a watcher never reads half of it.
      const edited = join(folder, 'edited');
      await writeFile(edited, after);
      await rename(edited, path);
    },
  };
}

/**
 * Ends Forge with the test, and the app, which does not end with it.
 * @param forge the first of a group of processes
 * @returns what both printed on standard error until now
 */
function follow(forge: ChildProcess): () => string {
  let stderr = '';
  forge.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const group = -(forge.pid ?? Number.NaN);
  const signal = (name: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(group, name);
    } catch {
      return false;
    }
  };
  onTestFinished(async () => {
    signal('SIGTERM');
    await expect.poll(() => signal(0), PATIENCE).toBe(false);
  });
  return () => stderr;
}

/** No other server of this machine than that of the page's sources. */
async function expectNothingElseReached(app: ElectronApplication, stderr: () => string): Promise<void> {
  let connections = 0;
  const server = createServer((_request, response) => response.end());
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  const failed = await app.evaluate(async ({ BrowserWindow }, url) => {
    const window = new BrowserWindow({ show: false });
    try {
      return await window.loadURL(url).then(() => 'loaded', String);
    } finally {
      window.destroy();
    }
  }, address);
  expect(failed).toContain('ERR_BLOCKED_BY_CLIENT');
  await expect.poll(stderr, PATIENCE).toContain(`refused: request to ${address}`);
  expect(connections).toBe(0);
}

it(
  'an edit of the page is seen at once, and what was typed stays; no other server is reached',
  { timeout: 120_000 },
  async () => {
    const { start, edit } = await prepare();
    const { command: executablePath, ...options } = start;
    const app = await _electron.launch({ executablePath, ...options, ...PATIENCE });
    const stderr = follow(app.process());
    const page = await app.firstWindow(PATIENCE);
    const { chip, messages } = new DeskWindow(page);
    await chip.waitFor(PATIENCE);
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(message.text());
    });
    await messages.filter.fill('content:/typed/');
    await page.evaluate("document.body.dataset.was = 'here'");

    await edit(join('renderer', 'tokens.css'), (text) => `${text}\nbody { outline-color: rgb(1, 2, 3); }\n`);
    await see(page.locator('body')).toHaveCSS('outline-color', 'rgb(1, 2, 3)');

    await edit(join('renderer', 'app', 'nav.tsx'), (text) =>
      text.replace('aria-label="Views"', 'aria-label="Edited"'),
    );
    await see(page.getByRole('navigation', { name: 'Edited' })).toBeVisible();
    await see(messages.filter).toHaveValue('content:/typed/');
    await see(page.locator('body')).toHaveAttribute('data-was', 'here');
    expect(wrong).toEqual([]);
    expect(stderr()).not.toContain('the application starts again');
    await expectNothingElseReached(app, stderr);
  },
);

it('an edit of the main process starts the app again', { timeout: 120_000 }, async () => {
  const { start, edit } = await prepare();
  // Nobody drives it: an app waits at its end for a debugger that is attached.
  const stderr = follow(spawn(start.command, start.args, { ...start, detached: true }));
  await expect.poll(stderr, PATIENCE).toContain('page: done');
  await edit(join('electron', 'main.ts'), (text) => `${text}\nconsole.error('edited');\n`);
  await expect.poll(stderr, PATIENCE).toMatch(/main\.ts has changed[^]*edited[^]*page: done/);
});
