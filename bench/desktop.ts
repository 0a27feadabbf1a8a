/** The desktop app: how fast it is there, and what it takes of the machine, by engine and by where that runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { _electron, type ElectronApplication } from 'playwright';
import { findElectron } from '../build/electron/find-electron.mjs';
import type { EngineKind } from '../core/engine/capabilities.ts';
import type { EngineHost } from '../core/engine/profiles.ts';
import { environment, hasScreenPrograms, NO_SCREEN, openScreen, ROOT_FLAGS } from '../e2e/desktop/screen.ts';
import { DeskWindow } from '../e2e/window/desk-window.ts';
import { locateNodeLibrary } from '../native/library/node-library.ts';
import { FixturePublisher } from '../server/harness/fixture-publisher.ts';
import type { Context, Figure } from './figure.ts';
import { DIST } from './program.ts';
import { makeRow, type Row } from './row.ts';

const TOPIC = '/waku/2/rs/16/32';
const PER_SECOND = 2_000;
const MESSAGES = { full: 100_000, quick: 10_000 };
const REST_MS = { full: 20_000, quick: 5_000 };
/** After a start or a load, before anything is measured at rest. */
const SETTLE_MS = 5_000;
const PATIENCE = { timeout: 60_000 };
const TICKS_PER_SECOND = 100;

interface Place {
  engine: EngineKind;
  host: EngineHost;
}

/** MiB of memory that is each process's own share, by what Chromium calls it. */
interface Memory {
  main: number;
  page: number;
  /** null: the engine runs in main. */
  engine: number | null;
  all: number;
}

export const desktop: Figure = {
  name: 'desktop',
  about: 'the desktop app: start, memory of its processes, CPU at rest, by engine and its place',
  besidePeer: false,
  how: `dist/desktop on the Electron that runs here, on a screen of its own, driven by Playwright; the engines js and (where
libgowaku is built) go-waku, each in a utility process, beside it in the main process. .start: from launching the program to
a window that shows the running node. .memory: proportional set size (Linux) of the main process, the page and the engine, and
of all processes together, 5 s after that, and again 5 s after 100,000 messages of 128 bytes at 2,000/s (--quick 10,000), all of
which were in the list. .cpu: of all processes together while nothing happens, for 20 s (--quick 5 s), in percent of one core.`,
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
  atRest: Memory;
  loaded: Memory;
  cpuPercent: number;
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
  const atRest = await memoryOf(app);
  const cpuPercent = await cpuOf(app, REST_MS[size]);
  peer.begin(PER_SECOND);
  while (peer.sent < MESSAGES[size]) await delay(10);
  await peer.pause();
  while ((await window.messages.counts()).total < peer.sent) await delay(100);
  await delay(SETTLE_MS);
  const loaded = await memoryOf(app);
  await app.close();
  await peer.end();
  return { startMs, atRest, loaded, cpuPercent };
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

async function memoryOf(app: ElectronApplication): Promise<Memory> {
  const found = (await processesOf(app)).map(({ pid, type, name }) => ({ type, name, mib: shareOf(pid) }));
  const sum = (wanted: (process: (typeof found)[number]) => boolean): number =>
    found.filter(wanted).reduce((total, { mib }) => total + mib, 0);
  const isEngine = ({ type, name }: { type: string; name?: string | undefined }): boolean =>
    type === 'Utility' && (name ?? '').includes('engine');
  return {
    main: sum(({ type }) => type === 'Browser'),
    page: sum(({ type }) => type === 'Tab'),
    engine: found.some(isEngine) ? sum(isEngine) : null,
    all: sum(() => true),
  };
}

async function processesOf(
  app: ElectronApplication,
): Promise<{ pid: number; type: string; name?: string | undefined }[]> {
  return app.evaluate(({ app: electron }) =>
    electron.getAppMetrics().map(({ pid, type, name }) => ({ pid, type, name })),
  );
}

/** MiB: pages that processes share count in parts. */
function shareOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? NaN) / 1_024;
}

async function cpuOf(app: ElectronApplication, ms: number): Promise<number> {
  const pids = (await processesOf(app)).map(({ pid }) => pid);
  const beganMs = performance.now();
  const before = ticksOf(pids);
  await delay(ms);
  const seconds = (performance.now() - beganMs) / 1_000;
  return ((ticksOf(pids) - before) / TICKS_PER_SECOND / seconds) * 100;
}

function ticksOf(pids: readonly number[]): number {
  return pids.reduce((total, pid) => {
    // After the name, which may have blanks in it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return total + Number(fields[11]) + Number(fields[12]);
  }, 0);
}

function compare(engine: EngineKind, apart: Measured, within: Measured): Row[] {
  const row = (name: string, unit: Row['unit'], ours: readonly number[], beside: readonly number[]): Row =>
    makeRow(`desktop.${engine}.${name}`, unit, ours, { name: 'in the main process', values: beside });
  const memory = (when: 'atRest' | 'loaded'): Row[] => [
    row(`memory.${when}`, 'MiB', [apart[when].all], [within[when].all]),
    row(`memory.${when}.main`, 'MiB', [apart[when].main], [within[when].main]),
    row(`memory.${when}.page`, 'MiB', [apart[when].page], [within[when].page]),
    makeRow(`desktop.${engine}.memory.${when}.engine`, 'MiB', [apart[when].engine ?? NaN]),
  ];
  return [
    row('start', 'ms', apart.startMs, within.startMs),
    ...memory('atRest'),
    ...memory('loaded'),
    row('cpu', '% of a core', [apart.cpuPercent], [within.cpuPercent]),
  ];
}
