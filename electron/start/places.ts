/** Where the app keeps things: all of it below one folder, which is Chromium's own as well. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app } from 'electron';
import { WakuDeskError } from '../../core/engine/errors.ts';

export interface Places {
  folder: string;
  settings: string;
  windowState: string;
  nodeKey: string;
  capture: string;
  crashes: string;
  /** Where Chromium puts what it writes when the app crashes. */
  dumps: string;
  runMark: string;
  log: string;
}

/** Before the app is ready. @throws WakuDeskError FILE_FAILED */
export function takePlaces(userDataDir: string | undefined): Places {
  const folder = userDataDir === undefined ? join(app.getPath('appData'), 'waku-desk') : resolve(userDataDir);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new WakuDeskError('FILE_FAILED', `The folder ${folder} cannot be used.`, {
      operation: 'desktop.places',
      hint: 'Make it writable, or name another one with --user-data-dir.',
      cause: error,
    });
  }
  app.setPath('userData', folder);
  const crashes = join(folder, 'crashes');
  const dumps = join(crashes, 'dumps');
  app.setPath('crashDumps', dumps);
  return {
    folder,
    settings: join(folder, 'settings.json'),
    windowState: join(folder, 'window.json'),
    nodeKey: join(folder, 'node.key'),
    capture: join(folder, 'capture'),
    crashes,
    dumps,
    runMark: join(folder, 'running.json'),
    log: join(folder, 'logs', 'desktop.log'),
  };
}
