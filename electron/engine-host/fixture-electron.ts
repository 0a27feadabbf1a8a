/** A fixture, for tests: the app of fixture-app.ts in the Electron of this machine, on a display of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { findElectron } from '../../build/electron/find-electron.mjs';
import { ROOT } from '../../e2e/cli-process.ts';
import {
  environment,
  hasScreenPrograms,
  NO_SCREEN,
  openScreen,
  ROOT_FLAGS,
  type Screen,
} from '../../e2e/desktop/screen.ts';
import { connectEngine, type RemoteEngine } from '../../engines/host/connect.ts';
import { ipcChannel } from '../../engines/process/channel.ts';
import { portToProcess } from '../../engines/process/process-port.ts';
import { Mux } from '../../sim/nodes/mux.ts';
import { textPort } from './fixture-text-port.ts';
import type { FixtureOrder } from './fixture-app.ts';

const PROGRAMS = {
  main: 'electron/engine-host/fixture-app.ts',
  'node-process': 'engines/process/main.ts',
  'orphan-guard': 'engines/process/orphan-guard.ts',
};

/** Why these tests cannot run here; undefined where they can. */
export async function whyNoElectron(): Promise<string | undefined> {
  if (!hasScreenPrograms()) return NO_SCREEN;
  const found = await findElectron();
  return 'missing' in found ? found.missing : undefined;
}

export class FixtureElectron {
  readonly process: ChildProcess;
  /** What it printed. */
  readonly lines: string[] = [];
  readonly #mux: Mux;
  #opened = 0;
  readonly #screen: Screen;
  readonly #folder: string;

  private constructor(process: ChildProcess, screen: Screen, folder: string) {
    this.process = process;
    this.#screen = screen;
    this.#folder = folder;
    for (const stream of [process.stdout, process.stderr])
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.lines.push(line));
    const ended = once(process, 'exit');
    const kill = (): void => {
      process.kill('SIGKILL');
    };
    this.#mux = new Mux(textPort(portToProcess(ipcChannel(process), { ended, kill })));
  }

  static async start(): Promise<FixtureElectron> {
    const electron = await findElectron();
    if ('missing' in electron) throw new Error(electron.missing);
    // Beside the bundle, so that it finds what the checkout built.
    await mkdir(join(ROOT, 'dist'), { recursive: true });
    const folder = await mkdtemp(join(ROOT, 'dist', 'fixture-electron-'));
    await bundle(folder);
    const screen = await openScreen();
    const flags = [...ROOT_FLAGS, `--user-data-dir=${join(folder, 'user')}`];
    const child = spawn(electron.executable, [folder, ...flags], {
      env: environment(screen.display),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return new FixtureElectron(child, screen, folder);
  }

  /** An engine in the app, with its port's end. */
  open(order: FixtureOrder): Promise<RemoteEngine> {
    const port = this.#mux.open(this.#opened++);
    port.post(order);
    return connectEngine(port);
  }

  async close(): Promise<void> {
    const ended = this.process.exitCode ?? this.process.signalCode ?? once(this.process, 'exit');
    if (this.process.connected) this.process.disconnect();
    await ended;
    await this.#screen.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function bundle(outdir: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: PROGRAMS,
    outdir,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    external: ['electron', 'koffi'],
    target: 'node16.17',
    banner: { js: "const __moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': '__moduleUrl' },
    logLevel: 'warning',
  });
  const manifest = { name: 'waku-desk-fixture', version: '0.0.0', main: 'main.js' };
  await writeFile(join(outdir, 'package.json'), JSON.stringify(manifest));
}
