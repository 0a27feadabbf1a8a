/**
 * A node under 1,000 messages a second whose process is struck at random moments: what the session told is on the
 * disk, what may be missing has a record, the node comes back as it was, and the harness stays usable.
 */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { Capture } from '../../core/capture/capture.ts';
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { parseNodeConfig } from '../../core/engine/config.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import type { LiveMessage } from '../../core/session/types.ts';
import { numbers, readCaptureFiles } from '../../e2e/capture-files.ts';
import { ProcessEngine } from '../../engines/process/process-engine.ts';
import { buildBridge } from '../../native/build.mjs';
import { LIBRARY_OF, locateNodeLibrary } from '../../native/library/node-library.ts';
import { openPage, signIn, type Page } from '../web/fixture.ts';
import { startWebHost } from '../web/web-host.ts';
import { FixturePublisher, numberOf } from './fixture-publisher.ts';
import { Harness } from './harness.ts';

const TOPIC = '/waku/2/rs/16/32';
const OTHER_TOPIC = '/waku/2/rs/16/7';
const PER_SECOND = 1_000;
const KINDS: readonly EngineKind[] = ['js', 'go-waku', 'nwaku'];
/** The limit of the heartbeat is 10 s. */
const SHORT_STOP_MS = 3_000;
/** What a window may wait for an answer while a process dies, starts, or is flooded, on a busy machine. */
const USABLE_MS = 5_000;

const eventually = <T>(probe: () => T) => expect.poll(probe, { timeout: 60_000, interval: 20 });

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** One node under load, with everything that its session told. */
class Proof {
  readonly told: LiveMessage[] = [];
  readonly folder: string;
  readonly capture: Capture;
  readonly publisher: FixturePublisher;
  readonly harness: Harness;
  readonly page: Page;
  #engine: ProcessEngine;

  private constructor(parts: {
    folder: string;
    capture: Capture;
    publisher: FixturePublisher;
    harness: Harness;
    page: Page;
    engine: ProcessEngine;
  }) {
    this.folder = parts.folder;
    this.capture = parts.capture;
    this.publisher = parts.publisher;
    this.harness = parts.harness;
    this.page = parts.page;
    this.#engine = parts.engine;
    this.harness.node.session.attach(({ messages, missed }) => {
      if (missed > 0) throw new Error('the test fell behind');
      this.told.push(...messages);
    });
  }

  static async begin(first: ProcessEngine, publisher: FixturePublisher): Promise<Proof> {
    const folder = await mkdtemp(join(tmpdir(), 'waku-desk-proof-'));
    ends.push(() => rm(folder, { recursive: true, force: true }));
    const capture = await Capture.open(join(folder, 'capture'));
    ends.push(() => capture.close());
    const harness = await Harness.create({
      createEngine: () => Promise.resolve(first),
      config: parseNodeConfig({ staticNodes: [publisher.address] }),
      capture,
      version: '0.0.0-fixture',
      crashFolder: join(folder, 'crashes'),
    });
    ends.push(() => harness.close());
    const host = await startWebHost({ harness, uiFolder: folder, port: 0 });
    ends.push(() => host.close());
    await harness.node.start();
    const page = await openPage({ host, cookie: await signIn(host) });
    ends.push(() => {
      page.client.close();
      return Promise.resolve();
    });
    return new Proof({ folder, capture, publisher, harness, page, engine: first });
  }

  get pid(): number {
    const { pid } = this.#engine;
    if (pid === undefined) throw new Error('the node has a process');
    return pid;
  }

  /** @returns how many messages had been sent when they flowed */
  async flows(): Promise<number> {
    const { length } = this.told;
    await eventually(() => this.told.length - length).toBeGreaterThan(300);
    return this.publisher.sent;
  }

  /** Strikes at a random moment of the traffic. */
  async strike(signal: NodeJS.Signals): Promise<number> {
    await delay(200 + Math.random() * 1_000);
    const { pid } = this;
    process.kill(pid, signal);
    return pid;
  }

  /** Calls operations as a window does, until the signal fires. @returns the longest that it waited, in ms */
  async use(signal: AbortSignal): Promise<number> {
    const { client, list } = this.page;
    let slowestMs = 0;
    while (!signal.aborted) {
      const startMs = performance.now();
      await client.call('node.settings', {});
      await client.call('messages.page', { positions: [list.next - 1] });
      await client.call('log.page', { count: 10 });
      slowestMs = Math.max(slowestMs, performance.now() - startMs);
      await delay(100);
    }
    return slowestMs;
  }
}

/** @returns why not */
async function engineOf(kind: EngineKind, publisher: FixturePublisher): Promise<ProcessEngine | string> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-proof-log-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  try {
    if (kind !== 'js' && (await locateNodeLibrary(LIBRARY_OF[kind])).found) await buildBridge();
    const config = parseNodeConfig({ staticNodes: [publisher.address] });
    return await ProcessEngine.create(kind, config, { nodeLog: join(folder, 'node.log') });
  } catch (error) {
    if (error instanceof WakuDeskError && error.code === 'LIBRARY_MISSING') return error.message;
    throw error;
  }
}

/** A crash, and the numbers between which messages may be missing because of it. */
interface Crash {
  pid: number;
  fromSent: number;
  toSent: number;
}

/** Strikes, waits until the node is back as it was, and until messages flow. */
async function crash(proof: Proof, signal: NodeJS.Signals): Promise<Crash> {
  const { session } = proof.harness.node;
  const before = whoIs(proof);
  const fromSent = Math.max(...proof.told.map(({ message }) => numberOf(message.payload)));
  const pid = await proof.strike(signal);
  await eventually(() => session.snapshot().state).toBe('failed');
  await eventually(() => session.snapshot().state).toBe('running');
  const toSent = await proof.flows();
  expect(whoIs(proof)).toEqual(before);
  return { pid, fromSent, toSent };
}

/** What a restart may not change; an ENR has a new number each time. */
function whoIs({ harness }: Proof) {
  const { identity, topics, peers } = harness.node.session.snapshot();
  return {
    peerId: identity?.peerId,
    listenAddresses: identity?.listenAddresses,
    topics: topics.map(({ pubsubTopic }) => pubsubTopic).sort(),
    peers: peers.map(({ peerId }) => peerId),
  };
}

/** Stops the process for a while that is not too long. */
async function pause(proof: Proof): Promise<void> {
  const pid = await proof.strike('SIGSTOP');
  await delay(SHORT_STOP_MS);
  process.kill(pid, 'SIGCONT');
  await proof.flows();
  expect(proof.pid).toBe(pid);
}

async function provesIt(kind: EngineKind, context: TestContext): Promise<void> {
  const publisher = await FixturePublisher.start(TOPIC);
  ends.push(() => publisher.end());
  const engine = await engineOf(kind, publisher);
  if (typeof engine === 'string') {
    context.skip(engine);
    return;
  }
  const proof = await Proof.begin(engine, publisher);
  publisher.begin(PER_SECOND);
  await proof.flows();
  await proof.page.client.call('topics.subscribe', { pubsubTopic: OTHER_TOPIC });
  const enough = new AbortController();
  const using = proof.use(enough.signal);
  const work = (async () => {
    const crashes: Crash[] = [];
    for (const signal of ['SIGSEGV', 'SIGKILL', 'SIGSTOP'] as const) crashes.push(await crash(proof, signal));
    await pause(proof);
    return crashes;
  })().finally(() => {
    enough.abort();
  });
  const [crashes, slowestMs] = await Promise.all([work, using]);
  expect(slowestMs).toBeLessThan(USABLE_MS);
  expect(whoIs(proof)).toMatchObject({ topics: [TOPIC, OTHER_TOPIC], peers: [publisher.peerId] });

  await publisher.pause();
  const last = publisher.sent - 1;
  await eventually(() => proof.told.some(({ message }) => numberOf(message.payload) === last)).toBe(true);
  await proof.harness.close();
  await proof.capture.close();

  // What was told is on the disk, each under the number that was told, and nothing else.
  const { messages, gaps, tornBytes } = await readCaptureFiles(join(proof.folder, 'capture'));
  expect(tornBytes).toBe(0);
  expect(messages.map(({ seq }) => seq)).toEqual(numbers(1, messages.length));
  expect(proof.told.map(({ seq, hash }) => ({ seq, hash }))).toEqual(
    messages.map(({ seq, hash }) => ({ seq, hash })),
  );

  // One gap and one report for each crash, at the same place.
  const reports = await readReports(join(proof.folder, 'crashes'));
  expect(reports.map(({ pid }) => pid)).toEqual(crashes.map(({ pid }) => pid));
  expect(reports.map(({ end }) => end)).toEqual([
    { kind: 'signal', signal: 'SIGSEGV' },
    { kind: 'signal', signal: 'SIGKILL' },
    { kind: 'silent', silentMs: 10_000 },
  ]);
  for (const { nodeLog, resources } of reports) {
    if (kind === 'js') expect(nodeLog).toBeNull();
    else expect(nodeLog?.lines.length).toBeGreaterThan(10);
    expect(resources?.rssBytes).toBeGreaterThan(10_000_000);
  }
  expect(gaps.map(({ reason, lost, afterSeq }) => ({ reason, lost, afterSeq }))).toEqual(
    reports.map(({ capture }) => ({ reason: 'engine', lost: null, afterSeq: capture.lastSeq })),
  );

  // What never came was sent around a crash: nothing is missing of the pause, nor of any other moment.
  const heard = new Set(proof.told.map(({ message }) => numberOf(message.payload)));
  const missing = numbers(0, last).filter((number) => !heard.has(number));
  const firstHeard = Math.min(...heard);
  const isExplained = (number: number): boolean =>
    number < firstHeard || crashes.some(({ fromSent, toSent }) => number > fromSent && number < toSent);
  expect(missing.filter((number) => !isExplained(number))).toEqual([]);
}

describe('a node that is struck under load', () => {
  for (const kind of KINDS)
    it(`loses nothing that was told, and comes back: ${kind}`, { timeout: 300_000 }, (context) =>
      provesIt(kind, context),
    );
});

interface Report {
  pid: number;
  end: unknown;
  capture: { lastSeq: number };
  nodeLog: { lines: string[] } | null;
  resources: { cpuPercent: number; rssBytes: number } | null;
}

async function readReports(folder: string): Promise<Report[]> {
  const names = (await readdir(folder)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.map((text) => JSON.parse(text) as Report);
}
