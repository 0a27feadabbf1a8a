/** `npm run dev`: Electron Forge starts the application; its page is edited in place, the rest starts it again. */
import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { PluginBase } from '@electron-forge/plugin-base';
import { requestAppRestart } from '@electron-forge/core-utils/restart';
import type { ForgeHookMap, StartResult } from '@electron-forge/shared-types';
import { PAGE_SERVER, pageServerAddress } from '../electron/security/page-server.ts';
import { bundleProcesses } from './desktop.mjs';
import { findElectron } from './electron/find-electron.mjs';
import { ROOT } from './package/places.ts';
import { servePage, type ServedPage } from './page-server.ts';

/** Rooms of the processes; the page's are Vite's matter. */
const WATCHED = ['core', 'electron', 'engines', 'flags', 'native', 'server'];
/** An editor writes a file in several steps, and a tool many files. */
const SETTLE_MS = 300;

function say(text: string): void {
  process.stderr.write(`dev: ${text}\n`);
}

export class DevelopmentPlugin extends PluginBase<null> {
  override name = 'waku-desk-development';
  #page: ServedPage | null = null;
  #watchers: FSWatcher[] = [];

  constructor() {
    super(null);
  }

  /** Called for each start: the first one, and those that a change asked for. */
  override startLogic = async (): Promise<StartResult> => {
    const electron = await findElectron({ say });
    if ('missing' in electron) throw new Error(electron.missing);
    if (this.#page === null) {
      this.#page = await servePage();
      // The application gets our environment.
      process.env[PAGE_SERVER] = pageServerAddress(this.#page.server);
      this.#watch();
    }
    // Chromium has no sandbox for root.
    return [electron.executable, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  };

  /** With the application everything ends; it may only have been started again. */
  override getHooks(): ForgeHookMap {
    return {
      postStart: (_config, application) => {
        application.once('exit', () => {
          if (!application.restarted) void this.#end();
        });
        return Promise.resolve();
      },
    };
  }

  async #end(): Promise<void> {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
    await this.#page?.close();
    this.#page = null;
  }

  #watch(): void {
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
  if (!requestAppRestart()) say('there is nothing to start again: the application has ended');
}
