/** `npm run dev`: Electron Forge starts the application, and this builds it again when its sources change. */
import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { PluginBase } from '@electron-forge/plugin-base';
import { requestAppRestart } from '@electron-forge/core-utils/restart';
import type { StartResult } from '@electron-forge/shared-types';
import { build, type Rolldown } from 'vite';
import { bundleProcesses, DESKTOP_FOLDER } from './desktop.mjs';
import { findElectron } from './electron/find-electron.mjs';

const ROOT = join(import.meta.dirname, '..');
/** Rooms of the processes; the page's are Vite's matter. */
const WATCHED = ['core', 'electron', 'engines', 'flags', 'native', 'server'];
/** An editor writes a file in several steps, and a tool many files. */
const SETTLE_MS = 300;

function say(text: string): void {
  process.stderr.write(`dev: ${text}\n`);
}

export class DevelopmentPlugin extends PluginBase<null> {
  override name = 'waku-desk-development';
  readonly #watchers: FSWatcher[] = [];

  constructor() {
    super(null);
  }

  /** Called for each start: the first one, and those that a change asked for. */
  override startLogic = async (): Promise<StartResult> => {
    const electron = await findElectron({ say });
    if ('missing' in electron) throw new Error(electron.missing);
    if (this.#watchers.length === 0) await this.#watch();
    // Chromium has no sandbox for root.
    return [electron.executable, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  };

  async #watch(): Promise<void> {
    await watchPage();
    let timer: NodeJS.Timeout | undefined;
    for (const room of WATCHED)
      this.#watchers.push(
        watch(join(ROOT, room), { recursive: true }, (_event, name) => {
          if (name === null || !/(?<!\.test)\.ts$/.test(name)) return;
          clearTimeout(timer);
          timer = setTimeout(() => {
            rebuild(join(room, name)).catch((error: unknown) => {
              say(error instanceof Error ? error.message : String(error));
            });
          }, SETTLE_MS);
        }),
      );
  }
}

async function rebuild(changed: string): Promise<void> {
  await bundleProcesses();
  say(`${changed} has changed: the application starts again`);
  restart();
}

/** Vite builds the page when its sources change; the application shows it when it starts again. */
async function watchPage(): Promise<void> {
  const watcher = (await build({
    configFile: join(ROOT, 'renderer', 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: join(DESKTOP_FOLDER, 'ui'), watch: {} },
  })) as Rolldown.RolldownWatcher;
  let isFirst = true;
  await new Promise<void>((resolve) => {
    watcher.on('event', (event) => {
      if (event.code === 'ERROR') say(event.error.message);
      if (event.code !== 'END') return;
      if (!isFirst) {
        say('the page has changed: the application starts again');
        restart();
      }
      isFirst = false;
      resolve();
    });
  });
}

function restart(): void {
  if (!requestAppRestart()) say('there is nothing to start again: the application has ended');
}
