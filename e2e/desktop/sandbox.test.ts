/** The system's own sandbox around pages, which root has not: the app is started as an ordinary user here. */
import { chmod, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { expect, it, onTestFinished } from 'vitest';
import { people } from '../../build/package-check/as-user.ts';
import { temporaryFolder } from '../nodes.ts';
import { childrenOf } from '../window/browser-host.ts';
import { PATIENCE } from '../window/desk-window.ts';
import { APP_FOLDER, useDesktop } from './launch-desk.ts';
import { environment } from './screen.ts';

const desktop = useDesktop();

/** All that a process started, and what those did. */
async function descendantsOf(pid: number): Promise<number[]> {
  const children = await childrenOf(pid);
  const below = await Promise.all(children.map(descendantsOf));
  return [...children, ...below.flat()];
}

const textOf = (pid: number, name: string): Promise<string> =>
  readFile(`/proc/${String(pid)}/${name}`, 'utf8').catch(() => '');

it('every page has system calls filtered and namespaces of its own, also one that asks for no sandbox', async (context) => {
  if (process.platform !== 'linux') context.skip('reads what Linux tells of processes');
  const folder = await temporaryFolder();
  const { persons, missing } = await people(folder, desktop.executable);
  const person = persons.find(({ sandboxed }) => sandboxed);
  if (person === undefined) {
    context.skip(missing ?? 'nobody here has a sandbox');
    return;
  }
  const program = join(folder, 'as-user');
  const command = [...person.prefix, desktop.executable].map((word) => `'${word}'`).join(' ');
  await writeFile(program, `#!/bin/sh\nexec ${command} "$@"\n`);
  await chmod(program, 0o755);
  const app = await _electron.launch({
    executablePath: program,
    args: [APP_FOLDER, ...person.flags, `--user-data-dir=${person.home}/data`],
    env: { ...environment(desktop.display), HOME: person.home, XDG_DATA_HOME: person.home },
    cwd: '/',
    chromiumSandbox: true,
    ...PATIENCE,
  });
  onTestFinished(() => app.close());
  await app.firstWindow(PATIENCE);
  const { pid = 0 } = app.process();
  const unwilling = await app.evaluate(async ({ BrowserWindow }) => {
    const webPreferences = { sandbox: false, partition: 'elsewhere' };
    const window = new BrowserWindow({ show: false, webPreferences });
    await window.loadURL('data:text/html,elsewhere');
    return window.webContents.getOSProcessId();
  });
  const pages: number[] = [];
  for (const one of await descendantsOf(pid))
    if ((await textOf(one, 'cmdline')).includes('--type=renderer')) pages.push(one);
  expect(pages).toContain(unwilling);
  expect(pages.length).toBeGreaterThan(1);
  for (const page of pages) {
    const status = await textOf(page, 'status');
    // 2: by a filter.
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(await readlink(`/proc/${String(page)}/ns/user`)).not.toBe(
      await readlink(`/proc/${String(pid)}/ns/user`),
    );
    expect(await readlink(`/proc/${String(page)}/ns/net`)).not.toBe(
      await readlink(`/proc/${String(pid)}/ns/net`),
    );
  }
});
