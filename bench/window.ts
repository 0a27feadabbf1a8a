/** The window in a browser: under a steady load, and over a large capture. */
import { join } from 'node:path';
import type { Page } from 'playwright';
import { launchBrowser } from '../e2e/window/chromium.ts';
import { DeskWindow, see } from '../e2e/window/desk-window.ts';
import type { CaptureHandlers } from './capture-worker.ts';
import type { Context, Figure } from './figure.ts';
import { DIST } from './program.ts';
import { WorkerProcess } from './rpc.ts';
import { makeRow, type Row } from './row.ts';
import type { WindowHandlers } from './window-worker.ts';

const LIVE = { perSecond: 5_000, payloadBytes: 200, full: 30, quick: 5 };
const LARGE = { payloadBytes: 200, full: 1_000_000, quick: 100_000 };
const JUMPS = 20;
const MIB = 1024 ** 2;

/** Counts frames and keeps the longest task; runs in the page before its own scripts. */
const METER = `
  window.meter = { frames: 0, longestTaskMs: 0, startMs: performance.now() };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      window.meter.longestTaskMs = Math.max(window.meter.longestTaskMs, duration);
  }).observe({ type: 'longtask' });
  const frame = () => { window.meter.frames++; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
`;

interface Meter {
  frames: number;
  longestTaskMs: number;
  startMs: number;
  nowMs: number;
}

export const windowFigure: Figure = {
  name: 'window',
  about: 'the page at 5,000 messages/s, and over 1,000,000 captured ones',
  besidePeer: false,
  how: `The shipped page in headless Chromium, its host in a process of its own with a real capture and web host; a
fixture in the engine's place makes the messages, because sender, two nodes and a browser do not fit on two cores.
window.live: 5,000 messages/s of 200 bytes for 30 s (--quick 5 s), all of them in the list at the end and none
dropped: longest task of the page (0: none over 50 ms), frames/s beside the same page without traffic, heap after
a collection beside the one before. window.large: a capture of 1,000,000 (--quick 100,000): .open from navigation to
the first row; .jump from a scroll to anywhere to its rows (the slowest of 20); .filter until all of it is looked at,
by a filter that the index answers (content:) and one that reads payloads (text:).`,
  async measure(context, quick) {
    return [...(await measureLive(context, quick)), ...(await measureLarge(context, quick))];
  },
};

async function measureLive(context: Context, quick: boolean): Promise<Row[]> {
  const seconds = quick ? LIVE.quick : LIVE.full;
  const { page, desk, worker } = await openWindow(context, join(await context.makeFolder(), 'capture'));
  await desk.expectChip('no peers');
  context.progress('the page without traffic');
  await resetMeter(page);
  await page.waitForTimeout(3_000);
  const idle = framesPerSecond(await readMeter(page));
  const heapBefore = await heapMib(page);
  context.progress(`${LIVE.perSecond} messages/s for ${seconds} s`);
  await resetMeter(page);
  const { perSecond, payloadBytes } = LIVE;
  const count = await worker.call('feed', { perSecond, seconds, payloadBytes });
  const meter = await readMeter(page);
  const shown = count.toLocaleString('en');
  await see(desk.messages.counters).toContainText(`${shown} of ${shown}`);
  await see(desk.messages.counters).toContainText('0 dropped');
  const heapAfter = await heapMib(page);
  return [
    makeRow('window.live.longestTask', 'ms', [meter.longestTaskMs]),
    makeRow('window.live.frames', 'frames/s', [framesPerSecond(meter)], {
      name: 'without traffic',
      values: [idle],
    }),
    makeRow('window.live.heap', 'MiB', [heapAfter], { name: 'before', values: [heapBefore] }),
  ];
}

async function measureLarge(context: Context, quick: boolean): Promise<Row[]> {
  const count = quick ? LARGE.quick : LARGE.full;
  const dir = join(await context.makeFolder(), 'capture');
  context.progress(`writing ${count.toLocaleString('en')} messages`);
  const writer = context.use(new WorkerProcess<CaptureHandlers>('./capture-worker.ts'));
  await writer.call('write', { dir, count, batch: 1_000, payloadBytes: LARGE.payloadBytes });
  await writer.kill();

  const { page, desk, openMs } = await openWindow(context, dir);
  const total = count.toLocaleString('en');
  await see(desk.messages.counters).toContainText(`${total} of ${total}`);
  context.progress('jumps');
  const jumps: number[] = [];
  for (let i = 0; i < JUMPS; i++) jumps.push(await jumpMs(page, ((i * 7 + 3) % JUMPS) / JUMPS));
  const filters: Row[] = [];
  for (const [name, filter, every] of [
    ['index', 'content:/room-7/', 50],
    ['text', 'text:needle', 1_000],
  ] as const) {
    context.progress(`filter ${filter}`);
    const found = (count / every).toLocaleString('en');
    const startMs = performance.now();
    await desk.messages.filter.fill(filter);
    await see
      .configure({ timeout: 120_000 })(desk.messages.counters.locator('.counter-shown'))
      .toHaveText(`${found} of ${total}`);
    filters.push(makeRow(`window.large.filter.${name}`, 'ms', [performance.now() - startMs]));
  }
  return [
    makeRow('window.large.open', 'ms', [openMs]),
    makeRow('window.large.jump', 'ms', [Math.max(...jumps)]),
    ...filters,
  ];
}

interface OpenWindow {
  page: Page;
  desk: DeskWindow;
  worker: WorkerProcess<WindowHandlers>;
  /** From navigation to the first row, or to the chip where there is none. */
  openMs: number;
}

async function openWindow(context: Context, dir: string): Promise<OpenWindow> {
  const worker = context.use(new WorkerProcess<WindowHandlers>('./window-worker.ts'));
  const url = await worker.call('host', { dir, uiFolder: join(DIST, 'ui') });
  const browser = await launchBrowser();
  context.use({ stop: () => browser.close() });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(METER);
  const desk = new DeskWindow(page);
  const startMs = performance.now();
  await page.goto(url);
  await desk.messages.rows.first().or(desk.messages.empty).waitFor();
  return { page, desk, worker, openMs: performance.now() - startMs };
}

function resetMeter(page: Page): Promise<void> {
  return page.evaluate('Object.assign(meter, { frames: 0, longestTaskMs: 0, startMs: performance.now() })');
}

function readMeter(page: Page): Promise<Meter> {
  return page.evaluate('({ ...meter, nowMs: performance.now() })');
}

function framesPerSecond({ frames, startMs, nowMs }: Meter): number {
  return (frames * 1_000) / (nowMs - startMs);
}

/** After a collection. */
async function heapMib(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / MIB;
}

/** Scrolls to a share of the list, and waits for rows that are loaded. */
function jumpMs(page: Page, share: number): Promise<number> {
  return page.evaluate(`new Promise((resolve) => {
    const startMs = performance.now();
    const grid = document.querySelector('.message-grid .grid');
    grid.scrollTop = grid.scrollHeight * ${share};
    const look = () => {
      const rows = grid.querySelectorAll('[role=row][data-key]');
      const loaded = rows.length > 0 && grid.querySelector('.is-waiting') === null;
      if (loaded && performance.now() - startMs > 34) resolve(performance.now() - startMs);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`);
}
