/** `npm run dev` through Electron Forge, in a copy of the sources: what is edited there is seen. */
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

interface Development {
  app: ElectronApplication;
  window: DeskWindow;
  /** What Forge and the app printed on standard error until now. */
  stderr: () => string;
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

async function develop(): Promise<Development> {
  const folder = await copyOfSources();
  // Without the set-up: the copy is of what was set up already.
  const command = manifest.scripts.dev.split('&& ').at(-1) ?? '';
  const program = join(folder, 'dev.sh');
  await writeFile(program, `#!/bin/sh\nexec ${command} "$@"\n`);
  await chmod(program, 0o755);
  const { PATH = '', ...others } = environment(desktop.display);
  const app = await _electron.launch({
    executablePath: program,
    args: [`--user-data-dir=${join(folder, 'data')}`, '--engine=js'],
    cwd: folder,
    env: { ...others, PATH: `${join(ROOT, 'node_modules', '.bin')}${delimiter}${PATH}` },
    ...PATIENCE,
  });
  let stderr = '';
  app.process().stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const { pid } = app.process();
  onTestFinished(async () => {
    // Forge and the app, which is not ended with it. The group is Playwright's own.
    const group = -(pid ?? Number.NaN);
    const signal = (name: NodeJS.Signals | 0): boolean => {
      try {
        return process.kill(group, name);
      } catch {
        return false;
      }
    };
    signal('SIGTERM');
    await expect.poll(() => signal(0), PATIENCE).toBe(false);
  });
  const window = new DeskWindow(await app.firstWindow(PATIENCE));
  await window.chip.waitFor(PATIENCE);
  return {
    app,
    window,
    stderr: () => stderr,
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
    const { app, window, edit, stderr } = await develop();
    const { page, messages } = window;
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
  const { edit, stderr } = await develop();
  await expect.poll(stderr, PATIENCE).toContain('page: done');
  await edit(join('electron', 'main.ts'), (text) => `${text}\nconsole.error('edited');\n`);
  await expect.poll(stderr, PATIENCE).toMatch(/main\.ts has changed[^]*edited[^]*page: done/);
});
