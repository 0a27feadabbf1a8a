/** A mark that is found, and what is made of it. */
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseNodeConfig } from '../../core/engine/config.ts';
import type { CrashReport } from '../../core/engine/crash-report.ts';
import { FixtureEngine } from '../../core/session/fixture-engine.ts';
import { JsEngine } from '../../engines/js/engine.ts';
import { Harness, type HarnessOptions } from './harness.ts';
import type { RunMark } from './run-mark.ts';

interface Place {
  folder: string;
  mark: string;
  start(more?: Partial<HarnessOptions>): Promise<{ harness: Harness; reports: CrashReport[] }>;
}

async function place(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-mark-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const mark = join(folder, 'running.json');
  return {
    folder,
    mark,
    async start(more = {}) {
      const reports: CrashReport[] = [];
      const harness = await Harness.create({
        createEngine: () => Promise.resolve(new FixtureEngine()),
        engineHost: () => 'main',
        config: parseNodeConfig({ nodeKey: '44'.repeat(32) }),
        capture: null,
        version: '0.0.0-fixture',
        crashFolder: join(folder, 'crashes'),
        onCrash: (report) => reports.push(report),
        endWatch: { file: mark, findDump: () => Promise.resolve(null) },
        ...more,
      });
      onTestFinished(() => harness.close());
      return { harness, reports };
    },
  };
}

/** As a program leaves it that ended in the middle. */
async function leave({ mark }: Place, change: Partial<RunMark> = {}): Promise<void> {
  const left: RunMark = {
    startedAt: '2026-01-01T10:00:00.000Z',
    pid: 4711,
    engine: 'go-waku',
    engineHost: 'main',
    versions: { wakuDesk: '0.0.9', engine: 'lib', node: 'v1', runtime: 'node v16', system: 'linux x64' },
    nodeLog: null,
    ...change,
  };
  await writeFile(mark, JSON.stringify(left));
  const lastAlive = new Date('2026-01-01T10:05:00.000Z');
  await utimes(mark, lastAlive, lastAlive);
}

it('a node that runs has its mark on the disk, and one that was stopped has none', async () => {
  const here = await place();
  const createEngine: HarnessOptions['createEngine'] = (config) => Promise.resolve(new JsEngine(config));
  const { harness, reports } = await here.start({ createEngine });
  await harness.node.start();
  expect(JSON.parse(await readFile(here.mark, 'utf8'))).toMatchObject({
    pid: process.pid,
    engineHost: 'main',
  });
  await harness.node.stop();
  await expect(readFile(here.mark)).rejects.toMatchObject({ code: 'ENOENT' });
  expect([harness.previousEnd, reports]).toEqual([null, []]);
});

it('a mark that was left says that the program ended without stopping, not that it crashed', async () => {
  const here = await place();
  await leave(here);
  const { harness, reports } = await here.start();
  expect(harness.previousEnd).toMatchObject({
    crashed: false,
    text: 'Waku Desk ended without stopping the node: it was killed, or the machine went down.',
  });
  expect(reports).toMatchObject([
    {
      at: '2026-01-01T10:05:00.000Z',
      upMs: 300_000,
      pid: 4711,
      engine: 'go-waku',
      versions: { wakuDesk: '0.0.9', node: 'v1' },
      end: { kind: 'program', proof: null, dump: null },
    },
  ]);
  expect(harness.crashes.get(harness.previousEnd?.reportId ?? '')).toEqual(reports[0]);
  const { harness: next } = await here.start();
  expect(next.previousEnd).toBeNull();
});

it('a dump that was written since then proves a crash', async () => {
  const here = await place();
  await leave(here);
  const asked: number[] = [];
  const findDump = (sinceMs: number): Promise<string> => {
    asked.push(sinceMs);
    return Promise.resolve('/dumps/a.dmp');
  };
  const { harness, reports } = await here.start({ endWatch: { file: here.mark, findDump } });
  expect(asked).toEqual([Date.parse('2026-01-01T10:00:00.000Z')]);
  expect(reports[0]?.end).toEqual({ kind: 'program', proof: 'dump', dump: '/dumps/a.dmp' });
  expect(harness.previousEnd).toMatchObject({
    crashed: true,
    text: 'Waku Desk crashed with the engine in its main process.',
  });
});

it.each([
  'fatal error: unexpected signal during runtime execution',
  'panic: runtime error: invalid memory address',
  'SIGSEGV: Illegal storage access. (Attempt to read from nil?)',
])(
  "the library's own last words prove a crash, and stand in the report without secrets: %s",
  async (words) => {
    const here = await place();
    const nodeLog = join(here.folder, 'node.log');
    await writeFile(nodeLog, `started\nkey ${'44'.repeat(32)}\n${words}\n\tgoroutine 1\n`);
    await leave(here, { nodeLog });
    const { harness, reports } = await here.start();
    expect(harness.previousEnd).toMatchObject({
      crashed: true,
      text: expect.stringContaining(words) as unknown,
    });
    expect(reports[0]?.end).toMatchObject({ proof: 'nodeLog' });
    expect(reports[0]?.nodeLog?.lines).toEqual(['started', 'key <redacted>', words, '\tgoroutine 1']);
  },
);

it.each(['', '{', '{"pid":"x"}', 'null'])(
  'a mark that cannot be read counts as none and is gone: %j',
  async (text) => {
    const here = await place();
    await writeFile(here.mark, text);
    const { harness } = await here.start();
    expect(harness.previousEnd).toBeNull();
    await expect(readFile(here.mark)).rejects.toMatchObject({ code: 'ENOENT' });
  },
);

it('a mark that cannot be taken away ends the engine that was made', async () => {
  const here = await place();
  await mkdir(here.mark);
  let closed = 0;
  const close = (): Promise<void> => {
    closed++;
    return Promise.resolve();
  };
  const createEngine: HarnessOptions['createEngine'] = () =>
    Promise.resolve(Object.assign(new FixtureEngine(), { close }));
  await expect(here.start({ createEngine })).rejects.toThrow();
  expect(closed).toBe(1);
});
