/** Where the engine of the desktop app runs, struck under traffic: it comes back, or the next start says what happened. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { crashReportSchema, type CrashReport } from '../../core/engine/crash-report.ts';
import { FixturePublisher } from '../../server/harness/fixture-publisher.ts';
import { locateNodeLibrary } from '../../native/library/node-library.ts';
import { numbers, readCaptureFiles } from '../capture-files.ts';
import { see } from '../window/desk-window.ts';
import { useDesktop, type Desk } from './launch-desk.ts';

const TOPIC = '/waku/2/rs/16/32';
const PER_SECOND = 200;
/** What the chip says of a node that runs alone. */
const PEERLESS = 'no peers';
const TEST_MS = 240_000;

const desktop = useDesktop();
const eventually = <T>(probe: () => T) => expect.poll(probe, { timeout: 120_000, interval: 50 });

async function publisher(): Promise<FixturePublisher> {
  const started = await FixturePublisher.start(TOPIC);
  onTestFinished(() => started.end());
  started.begin(PER_SECOND);
  return started;
}

async function folderFor(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-engine-host-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** The process of the engine; undefined while there is none. */
function enginePid({ app }: Desk): number | undefined {
  const parent = String(app.process().pid);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        return (
          command.includes('node.mojom.NodeService') &&
          /^PPid:\s+(\d+)$/m.exec(status)?.[1] === parent &&
          !/^State:\s+Z/m.test(status)
        );
      } catch {
        return false;
      }
    });
}

async function theEngine(desk: Desk): Promise<number> {
  let pid: number | undefined;
  await eventually(() => (pid = enginePid(desk))).toBeDefined();
  return pid ?? 0;
}

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function reports(folder: string): Promise<CrashReport[]> {
  const names = readdirSync(join(folder, 'crashes')).filter((name) =>
    /-(js|go-waku|nwaku)-\d+\.json$/.test(name),
  );
  const texts = await Promise.all(
    names.sort().map((name) => readFile(join(folder, 'crashes', name), 'utf8')),
  );
  return texts.map((text) => crashReportSchema.parse(JSON.parse(text)));
}

const captured = async (folder: string): Promise<number> =>
  (await readCaptureFiles(join(folder, 'capture'))).messages.length;

/** Ends the app itself, as the system does. @returns its pid */
async function strikeApp({ app }: Desk, signal: NodeJS.Signals): Promise<number | undefined> {
  const child = app.process();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
  return child.pid;
}

function onlyOnLinux(context: TestContext): void {
  if (process.platform !== 'linux') context.skip('processes are found in /proc: Linux only');
}

describe('an engine in a utility process', () => {
  it(
    'that is killed, crashes or hangs under traffic leaves a report and comes back, and what was captured is there',
    { timeout: TEST_MS },
    async (context) => {
      onlyOnLinux(context);
      const peer = await publisher();
      const desk = await desktop.launch({ flags: ['--engine-host=utility', `--connect=${peer.address}`] });
      const { folder } = desk;
      for (const [n, [signal, end]] of (
        [
          ['SIGKILL', { kind: 'signal', signal: 'SIGKILL' }],
          ['SIGSEGV', { kind: 'signal', signal: 'SIGSEGV' }],
          ['SIGSTOP', { kind: 'silent', silentMs: 10_000 }],
        ] as const
      ).entries()) {
        const before = await captured(folder);
        await eventually(() => captured(folder)).toBeGreaterThan(before + 100);
        const pid = await theEngine(desk);
        process.kill(pid, signal);
        await eventually(() => lives(pid)).toBe(false);
        await eventually(async () => (await reports(folder)).length).toBe(n + 1);
        expect((await reports(folder)).at(-1)).toMatchObject({ end, pid, engine: 'js' });
      }
      const atLast = await captured(folder);
      await eventually(() => captured(folder)).toBeGreaterThan(atLast + 100);
      const { messages, gaps } = await readCaptureFiles(join(folder, 'capture'));
      expect(messages.map(({ seq }) => seq)).toEqual(numbers(1, messages.length));
      expect(gaps.map(({ reason }) => reason)).toEqual(['engine', 'engine', 'engine']);
      await desk.window.goTo('Node');
      await see(desk.window.node.section('Crashes')).toContainText('Crashes: 3');
    },
  );

  it(
    'ends with an app that is killed; the next start says that nothing proves a crash, and runs',
    { timeout: TEST_MS },
    async (context) => {
      onlyOnLinux(context);
      const folder = await folderFor();
      const desk = await desktop.launch({ folder, flags: ['--engine-host=utility'] });
      await desk.window.expectChip(PEERLESS);
      const pid = await theEngine(desk);
      await strikeApp(desk, 'SIGKILL');
      await eventually(() => lives(pid)).toBe(false);
      const next = await desktop.launch({ folder });
      await see(next.window.previousEnd).toContainText('ended without stopping the node');
      await see(next.window.previousEnd.getByRole('button', { name: 'Isolate the engine' })).toHaveCount(0);
      await next.window.expectChip(PEERLESS);
      expect(await reports(folder)).toMatchObject([{ end: { kind: 'program', proof: null, dump: null } }]);
    },
  );
});

describe('an engine in the main process', () => {
  it(
    'that takes the app along is told of at the next start and waits; isolated with one click it stays so',
    { timeout: TEST_MS },
    async (context) => {
      onlyOnLinux(context);
      const folder = await folderFor();
      const { found } = await locateNodeLibrary('libgowaku');
      const engine = found ? 'go-waku' : 'js';
      const peer = await publisher();
      const flags = [`--engine=${engine}`, `--connect=${peer.address}`];
      const desk = await desktop.launch({ folder, flags: ['--engine-host=main', ...flags] });
      await eventually(() => captured(folder)).toBeGreaterThan(100);
      // A library that the doctor probes runs in a process of that kind for a moment.
      await eventually(() => enginePid(desk)).toBeUndefined();
      const pid = await strikeApp(desk, 'SIGSEGV');
      await peer.pause();
      const kept = await captured(folder);

      const second = await desktop.launch({ folder, flags: ['--engine-host=main', ...flags] });
      const { previousEnd } = second.window;
      await see(previousEnd).toContainText('crashed with the engine in its main process');
      await second.window.expectChip('stopped');
      const [report] = await reports(folder);
      expect(report).toMatchObject({
        engine,
        end: { kind: 'program', proof: 'dump', dump: expect.stringMatching(/\.dmp$/) as unknown },
        capture: { lastSeq: kept },
        pid,
      });
      expect(report?.nodeLog === null).toBe(engine === 'js');
      await previousEnd.getByRole('button', { name: 'Isolate the engine' }).click();
      await second.window.expectChip('1 peer');
      await see(previousEnd).toHaveCount(0);
      expect(await theEngine(second)).not.toBe(second.app.process().pid);
      await second.app.close();
      expect(JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8'))).toMatchObject({
        engineHost: 'utility',
      });
      expect(readdirSync(folder)).not.toContain('running.json');
    },
  );
});
