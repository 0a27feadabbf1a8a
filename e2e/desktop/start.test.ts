/** How the app starts, starts again, and ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PAGE_SERVER, pageServerAddress } from '../../electron/security/page-server.ts';
import { fixturePath } from '../../native/build.mjs';
import { prepare } from '../../native/ffi/fixture-session.ts';
import { readCaptureFiles } from '../capture-files.ts';
import { startCli } from '../cli-process.ts';
import { publishArgs, startNode, temporaryFolder } from '../nodes.ts';
import { childrenOf } from '../window/browser-host.ts';
import { PATIENCE, see, type DeskWindow } from '../window/desk-window.ts';
import { libraryFolder } from '../window/library-folder.ts';
import { chooseFiles } from './dialogs.ts';
import { APP_FOLDER, quit, useDesktop, type Desk } from './launch-desk.ts';
import { environment, ROOT_FLAGS, xdotool } from './screen.ts';

const desktop = useDesktop();

/** A start without anybody who drives it. */
function startPlain(flags: readonly string[], folder: string) {
  const args = [APP_FOLDER, ...ROOT_FLAGS, `--user-data-dir=${folder}`, ...flags];
  const child = spawn(desktop.executable, args, { env: environment(desktop.display) });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { ended, stderr: () => stderr };
}

/** Of the node, as the window shows it. */
async function addressOf(window: DeskWindow): Promise<string> {
  await window.goTo('Node');
  const identity = window.node.section('Identity');
  await see(identity).toContainText('/tcp/');
  const items = await identity.getByRole('listitem').allTextContents();
  await window.goTo('Messages');
  return items.find((item) => item.includes('/tcp/')) ?? '';
}

const peerIdOf = async ({ window }: Desk): Promise<string> =>
  (await addressOf(window)).split('/p2p/')[1] ?? '';

describe('a second start', () => {
  it('brings the first to the front with the peers it was given, and ends', async () => {
    const node = await startNode();
    const { window, folder, app } = await desktop.launch();
    await window.expectChip('no peers');
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    const second = startPlain(
      [`--connect=${node.address}`, '--connect=/ip4/127.0.0.1/tcp/1/nonsense'],
      folder,
    );
    expect(await second.ended).toBe(0);
    await window.expectChip('1 peer');
    await see(window.toasts).toContainText('Connected to');
    await see(window.toasts).toContainText('Could not connect to /ip4/127.0.0.1/tcp/1/nonsense');
    const isMinimized = (): Promise<boolean | undefined> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized());
    await expect.poll(isMinimized, PATIENCE).toBe(false);
  });
});

describe('what comes as from a second start', () => {
  it('and is no order connects to nobody, and the next order is followed', async () => {
    const node = await startNode();
    const desk = await desktop.launch();
    const { window, app } = desk;
    await window.expectChip('no peers');
    // As Electron hands it over; our own second start sends no such thing.
    await app.evaluate(({ app: electron }, address) => {
      for (const order of [null, { connect: 5 }, { connect: [7] }, { connect: [address] }])
        electron.emit('second-instance', {}, [], '/', order);
    }, node.address);
    await window.expectChip('1 peer');
    await see(window.toasts).toContainText('Connected to');
    await see(window.toasts).not.toContainText('Could not connect');
    expect(desk.stderr()).not.toContain('broken:');
  });
});

describe('the next start', () => {
  it('is the same node with the same settings, in the same place', async () => {
    const folder = await temporaryFolder();
    const first = await desktop.launch({ folder });
    const peerId = await peerIdOf(first);
    expect(peerId).not.toBe('');
    await first.window.goTo('Node');
    await first.window.node.openTab('Settings');
    await first.window.node.settings.getByLabel(/^Connections at most/).fill('77');
    await first.window.node.settings.getByRole('button', { name: 'Apply and restart' }).click();
    await see(first.window.node.settings.getByRole('button', { name: 'Apply and restart' })).toBeDisabled();
    await first.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 200, y: 120, width: 1000, height: 700 });
    });
    await quit(first.app);
    const second = await desktop.launch({ folder });
    expect(await peerIdOf(second)).toBe(peerId);
    await second.window.goTo('Node');
    await second.window.node.openTab('Settings');
    await see(second.window.node.settings.getByLabel(/^Connections at most/)).toHaveValue('77');
    const bounds = await second.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getBounds(),
    );
    expect(bounds).toEqual({ x: 200, y: 120, width: 1000, height: 700 });
  });

  it('says that settings and key of before could not be read, and keeps the files', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'settings.json'), '{"version":1,"node":{"clusterId":"x"}}');
    await writeFile(join(folder, 'node.key'), 'no key');
    const { window } = await desktop.launch({ folder });
    await see(window.toasts).toContainText('The settings of before could not be read');
    await see(window.toasts).toContainText('the node has a new peer id');
    expect(await readFile(join(folder, 'node.key.broken'), 'utf8')).toBe('no key');
  });
});

describe('a start that cannot be', () => {
  it.each([
    ['a wrong flag', ['--shard=x'], 'BAD_USE'],
    ['an unknown flag', ['--sharrd=1'], 'BAD_USE'],
    ['an engine of another build', ['--profile=nwaku', '--engine=go-waku'], 'BAD_USE'],
    ['a capture that is none', [`--capture=${APP_FOLDER}`], 'CAPTURE_INVALID'],
  ])('says so in a dialog with a next step: %s', async (_name, flags, code) => {
    const start = startPlain(flags, await temporaryFolder());
    const title = ['search', '--sync', '--onlyvisible', '--name', '^Waku Desk$'];
    await xdotool(desktop.display, ...title, 'windowfocus', '--sync', 'key', '--delay', '50', 'Return');
    expect(await start.ended).toBe(1);
    expect(start.stderr()).toMatch(new RegExp(`error: .* \\[${code}\\]\n  next: \\w`));
  });
});

describe('a start that fails when its node is there', () => {
  it('ends the process of the node and closes the capture, and says why', async (context) => {
    if (process.platform !== 'linux') context.skip('reads what Linux tells of processes');
    const folder = await temporaryFolder();
    // A page that never comes: its server does not answer.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const asked = once(server, 'connection');
    const { port } = server.address() as AddressInfo;
    const app = await _electron.launch({
      executablePath: desktop.executable,
      args: [APP_FOLDER, ...ROOT_FLAGS, `--user-data-dir=${folder}`, '--engine=js'],
      env: {
        ...environment(desktop.display),
        [PAGE_SERVER]: pageServerAddress({ port, nonce: 'nonce-of-a-page-that-is-none' }),
      },
      ...PATIENCE,
    });
    onTestFinished(() => void app.process().kill('SIGKILL'));
    let stderr = '';
    app.process().stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const nodes = async (): Promise<number> => {
      const lines = await Promise.all(
        (await childrenOf(app.process().pid ?? 0)).map((pid) =>
          readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => ''),
        ),
      );
      return lines.filter((line) => line.includes('node.mojom.NodeService')).length;
    };
    await asked;
    expect(await nodes()).toBe(1);
    await app.evaluate(({ BrowserWindow }) => {
      // Another page in its place, which ends the first one.
      void BrowserWindow.getAllWindows()[0]?.loadURL('data:,');
    });
    await expect.poll(() => stderr, PATIENCE).toMatch(/page: failed[^]*error: .*ERR_ABORTED.*\n {2}next: /);
    expect(await nodes()).toBe(0);
    await expect(stat(join(folder, 'capture', 'writer.lock'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('without the library of its engine', () => {
  it('the window opens at the doctor, takes the file that is chosen, and the node runs', async (context) => {
    const unprepared = await prepare();
    if (unprepared !== undefined) context.skip(unprepared);
    const libraries = await libraryFolder(null);
    onTestFinished(() => libraries.remove());
    const flags = ['--profile=nwaku'];
    const { window, app } = await desktop.launch({ flags, environment: libraries.environment });
    await window.expectView('Doctor');
    await window.expectChip('LIBRARY_MISSING');
    const choose = window.doctor.finding('libwaku').getByRole('button', { name: 'Choose the file…' });
    await chooseFiles(app, []);
    await choose.click();
    await chooseFiles(app, [join(APP_FOLDER, 'package.json')]);
    await choose.click();
    await see(window.toasts).toContainText('package.json is no shared library');
    await window.expectChip('LIBRARY_MISSING');
    await chooseFiles(app, [fixturePath('b')]);
    await choose.click();
    await window.expectChip('no peers');
    await see(window.doctor.engines).toContainText(/nwaku in use\s*can run/);
  });
});

describe('the end', () => {
  it('under traffic is in order within five seconds, and loses nothing that was captured', async () => {
    const { app, window, folder } = await desktop.launch();
    await window.expectChip('no peers');
    const address = await addressOf(window);
    const traffic = startCli(publishArgs(address, { flags: ['--repeat=100000', '--rate=500'] }));
    await traffic.waitFor('published');
    await see(window.messages.counters).toContainText(/[1-9]\d\d of/);
    const ended = once(app.process(), 'exit');
    const beganMs = performance.now();
    // As by a Ctrl-C, which the terminal sends as well as each program on the way.
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) {
      app.process().kill(signal);
      await delay(20);
    }
    expect((await ended)[0]).toBe(0);
    expect(performance.now() - beganMs).toBeLessThan(5_000);
    await traffic.end();
    const { messages, gaps, tornBytes } = await readCaptureFiles(join(folder, 'capture'));
    expect(messages.length).toBeGreaterThan(100);
    expect([gaps, tornBytes]).toEqual([[], 0]);
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_message, index) => index + 1));
  });
});
