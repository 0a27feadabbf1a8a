/** The desktop app as its users have it, driven through Playwright: on a screen of its own, over a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import { beforeAll, beforeEach, expect, onTestFinished } from 'vitest';
import { findElectron } from '../../build/electron/find-electron.mjs';
import { ROOT } from '../cli-process.ts';
import { DeskWindow, PATIENCE } from '../window/desk-window.ts';
import { keepFailure, startTrace } from './keep-failure.ts';
import {
  environment,
  hasScreenPrograms,
  NO_SCREEN,
  openScreen,
  ROOT_FLAGS,
  xdotool,
  type Screen,
} from './screen.ts';

export interface Desk {
  app: ElectronApplication;
  window: DeskWindow;
  /** Known also when it has ended. */
  pid: number;
  /** Where it keeps everything. */
  folder: string;
  /** What it printed on standard error until now. */
  stderr(): string;
  /** What the page reported as wrong. */
  pageErrors: readonly string[];
}

export interface LaunchOptions {
  flags?: readonly string[];
  /** Instead of one of its own. */
  folder?: string;
  /** Beside the user's own. */
  environment?: Readonly<Record<string, string>>;
}

export interface TestDesktop {
  /** Ends with the running test, which fails when the page reports an error. */
  launch(options?: LaunchOptions): Promise<Desk>;
  /** As {@link launch}, for all tests of the file: before each of them it is there. */
  shared(): Desk;
  /** Gives the keyboard to the visible window whose title has this in it; waits until there is one. */
  focus(title: string): Promise<void>;
  readonly executable: string;
  readonly display: string;
}

export const APP_FOLDER = join(ROOT, 'dist', 'desktop');

/** A screen and an Electron for the tests of a file; where one is missing they are skipped and say so. */
export function useDesktop({ shared: isShared = false } = {}): TestDesktop {
  let shared: Started | undefined;
  let missing: string | null = null;
  let executable = '';
  let screen: Screen | undefined;
  beforeAll(async () => {
    const electron = await findElectron();
    if ('missing' in electron) missing = electron.missing;
    else executable = electron.executable;
    if (!hasScreenPrograms()) missing ??= NO_SCREEN;
    if (missing === null) screen = await openScreen();
    if (missing === null && isShared) shared = await started();
    return async () => {
      await shared?.end();
      await screen?.close();
    };
  }, 300_000);
  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
    if (shared !== undefined) keepIfFailed(shared.desk);
  });
  const started = async (options?: LaunchOptions): Promise<Started> =>
    start({ executable, display: screen?.display ?? '' }, options);
  return {
    async launch(options) {
      const { desk, end } = await started(options);
      onTestFinished(async () => {
        await end();
        // A denial by the content security policy is one of them.
        expect(desk.pageErrors, 'errors in the page').toEqual([]);
      });
      keepIfFailed(desk);
      return desk;
    },
    shared() {
      if (shared === undefined) throw new Error('the app is not shared here');
      return shared.desk;
    },
    async focus(title) {
      const window = ['search', '--sync', '--onlyvisible', '--name', title];
      await xdotool(screen?.display ?? '', ...window, 'windowfocus', '--sync');
    },
    get executable() {
      return executable;
    },
    get display() {
      return screen?.display ?? '';
    },
  };
}

/** Before the app is ended. */
function keepIfFailed(desk: Desk): void {
  onTestFinished(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const folder = await keepFailure(desk, task.fullTestName);
    process.stderr.write(`what the app showed is in ${folder}\n`);
  });
}

interface Started {
  desk: Desk;
  end: () => Promise<void>;
}

async function start(
  { executable, display }: { executable: string; display: string },
  { flags = [], folder: given, environment: more = {} }: LaunchOptions = {},
): Promise<Started> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'waku-desk-desktop-')));
  const app = await _electron.launch({
    executablePath: executable,
    args: [APP_FOLDER, ...ROOT_FLAGS, `--user-data-dir=${folder}`, ...flags],
    env: { ...environment(display), ...more },
    ...PATIENCE,
  });
  const { pid = 0 } = app.process();
  let stderr = '';
  app.process().stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const end = async (): Promise<void> => {
    await app.close();
    if (given === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await startTrace(app);
    const page = await app.firstWindow(PATIENCE);
    const pageErrors: string[] = [];
    page.on('pageerror', (error) => pageErrors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') pageErrors.push(message.text());
    });
    const window = new DeskWindow(page);
    await window.chip.waitFor(PATIENCE);
    return { desk: { app, window, pid, folder, stderr: () => stderr, pageErrors }, end };
  } catch (error) {
    await end();
    throw new Error(`the app did not show its window; it printed:\n${stderr}`, { cause: error });
  }
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** How the app ends. To be asked for before it does. */
export function exitOf(app: ElectronApplication): Promise<Exit> {
  return new Promise((resolve) => {
    app.process().once('exit', (code, signal) => {
      resolve({ code, signal });
    });
  });
}

/** As from the menu. @returns how it ended, and how long that took */
export async function quit(app: ElectronApplication): Promise<Exit & { afterMs: number }> {
  const exit = exitOf(app);
  const startMs = performance.now();
  // Not waited for: the answer may be lost with the process.
  void app
    .evaluate(({ app: electron }) => {
      electron.quit();
    })
    .catch(() => undefined);
  return { ...(await exit), afterMs: performance.now() - startMs };
}
