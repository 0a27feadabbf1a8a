/** The window's host in a browser: `waku-desk serve`, and Chromium looking at it. */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { beforeAll, beforeEach, expect, onTestFinished } from 'vitest';
import type { ReadyLine } from '../cli-lines.ts';
import { CliProcess, ROOT } from '../cli-process.ts';
import { chromiumPath, launchBrowser, NO_BROWSER } from './chromium.ts';
import { DeskWindow, PATIENCE } from './desk-window.ts';

export interface ServeLine extends ReadyLine {
  url: string;
}

export interface RunningServe {
  cli: CliProcess;
  ready: ServeLine;
  /** With the token of this run. */
  url: string;
  origin: string;
  /** The multiaddr that its node listens on. */
  address: string;
  /** Kills it where it still runs. */
  end(): Promise<void>;
}

/** Runs `waku-desk serve --json` over a capture folder of its own. Who starts it ends it. */
export async function startServe(
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningServe> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-window-'));
  // A later flag wins, so that a test can name another folder.
  const flags = ['serve', '--json', `--capture=${join(folder, 'capture')}`, ...args];
  const cli = new CliProcess(flags, { dataHome: join(folder, 'data'), environment });
  const end = async (): Promise<void> => {
    await cli.end();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const ready = (await cli.waitFor('ready')) as ServeLine;
    const { url, listenAddresses } = ready;
    return { cli, ready, url, origin: new URL(url).origin, address: listenAddresses[0] ?? '', end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** As {@link startServe}, ended with the running test. */
export async function serveForTest(
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningServe> {
  const serve = await startServe(args, environment);
  onTestFinished(() => serve.end());
  return serve;
}

/** The processes that a process started. */
export async function childrenOf(pid: number): Promise<number[]> {
  const children: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The name before it may hold spaces and brackets.
    if (Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]) === pid) children.push(Number(name));
  }
  return children;
}

export interface TestBrowser {
  /** Ends with the running test, which fails when the page reports an error; a failed test leaves its picture. */
  openWindow: (url: string, options?: OpenOptions) => Promise<DeskWindow>;
  /** Ends with the browser. */
  openSharedWindow: (url: string, options?: OpenOptions) => Promise<DeskWindow>;
}

/** A browser for the tests of a file or group; where none is installed they are skipped and say so. */
export function useBrowser(): TestBrowser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (chromiumPath() !== null) browser = await launchBrowser();
    return () => browser?.close();
  });
  beforeEach((context) => {
    if (browser === undefined) context.skip(NO_BROWSER);
  });
  const started = (): Browser => {
    if (browser === undefined) throw new Error(NO_BROWSER);
    return browser;
  };
  return {
    openWindow: (url, options) => openForTest(started(), url, options),
    openSharedWindow: async (url, options) => show(await newPage(started(), options), url),
  };
}

export interface OpenOptions {
  colorScheme?: 'dark' | 'light';
  width?: number;
  height?: number;
}

const FAILURES = join(ROOT, 'test-results');

async function openForTest(browser: Browser, url: string, options?: OpenOptions): Promise<DeskWindow> {
  const page = await newPage(browser, options);
  const context = page.context();
  await context.tracing.start({ screenshots: true, snapshots: true });
  const errors = watchErrors(page);
  const { currentTestName = 'test' } = expect.getState();
  const name = currentTestName.replace(/[^\w]+/g, '-').slice(0, 100);
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await keepEvidence(page, name);
    await context.close();
    // A denial by the content security policy is one of them.
    expect(errors, 'errors in the page').toEqual([]);
  });
  return show(page, url);
}

async function newPage(browser: Browser, options: OpenOptions = {}): Promise<Page> {
  const { colorScheme = 'dark', width = 1280, height = 800 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  return context.newPage();
}

async function show(page: Page, url: string): Promise<DeskWindow> {
  await page.goto(url);
  const desk = new DeskWindow(page);
  await desk.chip.waitFor(PATIENCE);
  return desk;
}

/** What the page says went wrong; a host that is away on purpose is no error of the page. */
function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    const isNetwork = /Failed to load resource|WebSocket connection to/.test(message.text());
    if (message.type() === 'error' && !isNetwork) errors.push(message.text());
  });
  return errors;
}

async function keepEvidence(page: Page, name: string): Promise<void> {
  await mkdir(FAILURES, { recursive: true });
  await page.screenshot({ path: join(FAILURES, `${name}.png`) }).catch(() => undefined);
  await page
    .context()
    .tracing.stop({ path: join(FAILURES, `${name}.zip`) })
    .catch(() => undefined);
}
