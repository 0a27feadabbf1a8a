/** The desktop app: how fast it is there, and what it takes of the machine, by engine and by where that runs. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { _electron, type ElectronApplication } from 'playwright';
import { expect } from 'playwright/test';
import { findElectron } from '../build/electron/find-electron.mjs';
import type { EngineKind } from '../core/engine/capabilities.ts';
import type { EngineHost } from '../core/engine/profiles.ts';
import { environment, hasScreenPrograms, NO_SCREEN, openScreen, ROOT_FLAGS } from '../e2e/desktop/screen.ts';
import { DeskWindow } from '../e2e/window/desk-window.ts';
import { locateNodeLibrary } from '../native/library/node-library.ts';
import { FixturePublisher } from '../server/harness/fixture-publisher.ts';
import { memoryOf, PROCESS_NAMES, processesOf, startCpuMeter, type ByProcess } from './desktop-processes.ts';
import type { Context, Figure } from './figure.ts';
import { DIST } from './program.ts';
import { makeRow, type Row } from './row.ts';

const TOPIC = '/waku/2/rs/16/32';
const PER_SECOND = 2_000;
const MESSAGES = { full: 100_000, quick: 10_000 };
const REST_MS = { full: 20_000, quick: 5_000 };
/** After a start or a load, before anything is measured at rest: the page has tidied up by then. */
const SETTLE_MS = 10_000;
const PATIENCE = { timeout: 60_000 };

interface Place {
  engine: EngineKind;
  host: EngineHost;
}

export const desktop: Figure = {
  name: 'desktop',
  about: 'the desktop app: start, memory of its processes, CPU at rest, by engine and its place',
  besidePeer: false,
  how: `dist/desktop on the Electron that runs here, on a screen of its own, driven by Playwright; the engines js and (where
libgowaku is built) go-waku, each in a utility process, beside it in the main process. .start: from launching the program to
a window that shows the running node. .memory: proportional set size (Linux) of all
processes together and of each, 10 s after that, and again 10 s after 100,000 messages of 128 bytes at 2,000/s (--quick
10,000), all of which were in the list. .cpu: while nothing happens, for 20 s (--quick 5 s), in percent of one core, by what
the scheduler counted for each thread. Of the processes page is the window's renderer, gpu Chromium's compositor (which
draws in software here), network its network service, which this app gives nothing to do, and zygotes what it forks from.`,
  async measure(context, quick) {
    const electron = await findElectron();
    if ('missing' in electron) throw new Error(electron.missing);
    if (!hasScreenPrograms() || process.platform !== 'linux') throw new Error(`it ${NO_SCREEN}, on Linux`);
    const screen = await openScreen();
    context.use({ stop: () => screen.close() });
    const { found } = await locateNodeLibrary('libgowaku');
    if (!found) context.progress('without go-waku: libgowaku is not built');
    const rows: Row[] = [];
    for (const engine of found ? (['js', 'go-waku'] as const) : (['js'] as const)) {
      const launch = { context, executable: electron.executable, display: screen.display, quick };
      const apart = await measurePlace(launch, { engine, host: 'utility' });
      const within = await measurePlace(launch, { engine, host: 'main' });
      rows.push(...compare(engine, apart, within));
    }
    return rows;
  },
};

interface Launch {
  context: Context;
  executable: string;
  display: string;
  quick: boolean;
}

interface Measured {
  startMs: number[];
  atRest: ByProcess;
  loaded: ByProcess;
  cpu: ByProcess;
}

async function measurePlace(launch: Launch, place: Place): Promise<Measured> {
  const { context, quick } = launch;
  const size = quick ? 'quick' : 'full';
  context.progress(`${place.engine} in ${place.host}`);
  const startMs: number[] = [];
  for (let run = 0; run < (quick ? 2 : 5); run++) {
    const { app, tookMs } = await open(launch, place, []);
    startMs.push(tookMs);
    await app.close();
  }
  const peer = await FixturePublisher.start(TOPIC);
  context.use({ stop: () => peer.end() });
  const { app, window } = await open(launch, place, [`--connect=${peer.address}`]);
  await window.chip.getByText('1 peer').waitFor(PATIENCE);
  await delay(SETTLE_MS);
  const processes = await processesOf(app);
  const atRest = memoryOf(processes);
  const readCpu = startCpuMeter(processes);
  await delay(REST_MS[size]);
  const cpu = readCpu();
  peer.begin(PER_SECOND);
  while (peer.sent < MESSAGES[size]) await delay(10);
  await peer.pause();
  await expect.poll(async () => (await window.messages.counts()).total, PATIENCE).toBe(peer.sent);
  await delay(SETTLE_MS);
  const loaded = memoryOf(processes);
  await app.close();
  await peer.end();
  return { startMs, atRest, loaded, cpu };
}

/** Resolves when its window shows a running node. */
async function open(
  { context, executable, display }: Launch,
  { engine, host }: Place,
  flags: readonly string[],
): Promise<{ app: ElectronApplication; window: DeskWindow; tookMs: number }> {
  const own = [
    `--user-data-dir=${await context.makeFolder()}`,
    `--engine=${engine}`,
    `--engine-host=${host}`,
  ];
  const beganMs = performance.now();
  const app = await _electron.launch({
    executablePath: executable,
    args: [join(DIST, 'desktop'), ...ROOT_FLAGS, ...own, ...flags],
    env: environment(display),
    ...PATIENCE,
  });
  context.use({ stop: () => app.close() });
  context.guard(app.process());
  const window = new DeskWindow(await app.firstWindow(PATIENCE));
  await window.chip.getByText(/no peers|1 peer/).waitFor(PATIENCE);
  return { app, window, tookMs: performance.now() - beganMs };
}

function compare(engine: EngineKind, apart: Measured, within: Measured): Row[] {
  const row = (name: string, unit: Row['unit'], ours: readonly number[], beside: readonly number[]): Row =>
    makeRow(`desktop.${engine}.${name}`, unit, ours, { name: 'in the main process', values: beside });
  const each = (name: string, unit: Row['unit'], ours: ByProcess, beside: ByProcess): Row[] =>
    (['all', ...PROCESS_NAMES] as const).flatMap((process) => {
      const value = ours.get(process);
      const other = beside.get(process);
      const whole = process === 'all' ? name : `${name}.${process}`;
      return value === undefined || value === 0
        ? []
        : [row(whole, unit, [value], other === undefined ? [] : [other])];
    });
  return [
    row('start', 'ms', apart.startMs, within.startMs),
    ...each('memory.atRest', 'MiB', apart.atRest, within.atRest),
    ...each('memory.loaded', 'MiB', apart.loaded, within.loaded),
    ...each('cpu', '% of a core', apart.cpu, within.cpu),
  ];
}
