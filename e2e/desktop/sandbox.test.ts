/** The system's own sandbox around the page, which root has not: the app is started as an ordinary user here. */
import { spawn } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { people } from '../../build/package-check/as-user.ts';
import { temporaryFolder } from '../nodes.ts';
import { PATIENCE } from '../window/desk-window.ts';
import { childrenOf } from '../window/browser-host.ts';
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

it('the process of the page has system calls filtered and namespaces of its own', async (context) => {
  if (process.platform !== 'linux') context.skip('reads what Linux tells of processes');
  const { persons, missing } = await people(await temporaryFolder(), desktop.executable);
  const person = persons.find(({ sandboxed }) => sandboxed);
  if (person === undefined) {
    context.skip(missing ?? 'nobody here has a sandbox');
    return;
  }
  const flags = [APP_FOLDER, ...person.flags, `--user-data-dir=${person.home}/data`];
  const line = [...person.prefix, desktop.executable, ...flags];
  const app = spawn(line[0] ?? '', line.slice(1), {
    env: { ...environment(desktop.display), HOME: person.home, XDG_DATA_HOME: person.home },
    cwd: '/',
  });
  onTestFinished(() => void app.kill('SIGKILL'));
  let stderr = '';
  app.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await expect.poll(() => stderr, PATIENCE).toContain('node: done');
  const pid = app.pid ?? 0;
  const pages: number[] = [];
  for (const one of await descendantsOf(pid))
    if ((await textOf(one, 'cmdline')).includes('--type=renderer')) pages.push(one);
  expect(pages.length).toBeGreaterThan(0);
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
