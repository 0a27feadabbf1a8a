import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Capture } from '../../core/capture/capture.ts';
import { parseNodeConfig } from '../../core/engine/config.ts';
import type { CrashReport } from '../../core/engine/crash-report.ts';
import type { NodeStatus } from '../../core/operations/live-values.ts';
import { JsEngine } from '../../engines/js/engine.ts';
import { ProcessEngine } from '../../engines/process/process-engine.ts';
import { eventually, openPage, signIn, type Page } from '../web/fixture.ts';
import { startWebHost } from '../web/web-host.ts';
import { Harness } from './harness.ts';

const TOPIC = '/waku/2/rs/16/32';
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Started {
  harness: Harness;
  page: Page;
  capture: Capture;
  /** Another node, to which this one keeps connected. */
  other: JsEngine;
  kill: () => void;
  /** What the host is told of crashes. */
  crashes: [CrashReport, file: string | null][];
}

async function start(): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-supervised-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const other = new JsEngine(parseNodeConfig({}));
  const { listenAddresses } = await other.start();
  ends.push(() => other.stop());
  const capture = await Capture.open(join(folder, 'capture'));
  ends.push(() => capture.close());
  let engine: ProcessEngine | null = null;
  const crashes: Started['crashes'] = [];
  const harness = await Harness.create({
    createEngine: async (config) => (engine = await ProcessEngine.create('js', config)),
    config: parseNodeConfig({ staticNodes: listenAddresses }),
    capture,
    version: '0.0.0-fixture',
    crashFolder: join(folder, 'crashes'),
    onCrash: (report, file) => {
      crashes.push([report, file]);
    },
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
  const kill = (): void => {
    if (engine?.pid !== undefined) process.kill(engine.pid, 'SIGKILL');
  };
  return { harness, page, capture, other, kill, crashes };
}

async function startJsNode(): Promise<{ engine: JsEngine; address: string }> {
  const engine = new JsEngine(parseNodeConfig({}));
  const { listenAddresses } = await engine.start();
  ends.push(() => engine.stop());
  return { engine, address: listenAddresses[0] ?? '' };
}

/** Every status that the page was told, oldest first. */
const told = ({ snapshots, batches }: Page): NodeStatus[] => [
  ...snapshots.map(({ node }) => node),
  ...batches.flatMap(({ node }) => node ?? []),
];

describe('a node whose process is killed', () => {
  it(
    'is started again: same node, topics, static peers and session, and a gap where it was away',
    { timeout: 120_000 },
    async () => {
      const { page, capture, other, kill } = await start();
      const first = page.snapshots[0];
      await page.client.call('topics.subscribe', { pubsubTopic: '/waku/2/rs/16/7' });
      await page.client.call('topics.unsubscribe', { pubsubTopic: TOPIC });
      await page.client.call('topics.subscribe', { pubsubTopic: TOPIC });
      const publish = () =>
        page.client.call('messages.publish', {
          payload: Uint8Array.of(1),
          contentTopic: '/t/1/a/proto',
          pubsubTopic: TOPIC,
        });
      await publish();
      kill();
      await eventually(() => told(page).map(({ state }) => state)).toContain('failed');
      const failed = told(page).find(({ restart }) => restart !== null);
      expect(failed).toMatchObject({
        state: 'failed',
        error: { code: 'ENGINE_FAILED', message: "The node's process was ended by SIGKILL." },
        restart: { attempt: 1 },
      });
      expect(failed?.restart?.inMs).toBeGreaterThan(500);
      await eventually(() => told(page).at(-1)).toMatchObject({ state: 'running', restart: null });
      await eventually(() =>
        told(page)
          .at(-1)
          ?.topics.map(({ pubsubTopic }) => pubsubTopic),
      ).toEqual(expect.arrayContaining([TOPIC, '/waku/2/rs/16/7']));
      expect(told(page).at(-1)?.identity).toEqual(first?.node.identity);
      await eventually(async () => (await other.peers()).map(({ peerId }) => peerId)).toEqual([
        first?.node.identity?.peerId,
      ]);
      await publish();
      await eventually(() => page.list.next).toBe(2);
      expect(page.snapshots).toHaveLength(1);
      const gaps = page.batches.flatMap((batch) => batch.gaps);
      expect(gaps).toMatchObject([{ reason: 'engine', lost: null, afterSeq: 1 }]);
      expect(capture.gaps()).toEqual(gaps);
    },
  );

  it(
    'is not started again once it was stopped by hand; a start by hand does not wait',
    { timeout: 120_000 },
    async () => {
      const { page, harness, kill } = await start();
      kill();
      await eventually(() => harness.node.restart).not.toBeNull();
      await page.client.call('node.stop', {});
      expect(harness.node.restart).toBeNull();
      await eventually(() => told(page).at(-1)).toMatchObject({ state: 'stopped', restart: null });
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(harness.node.session.snapshot().state).toBe('stopped');
      await page.client.call('node.start', {});
      kill();
      await eventually(() => harness.node.restart).not.toBeNull();
      await page.client.call('node.start', {});
      await eventually(() => told(page).at(-1)).toMatchObject({ state: 'running', restart: null });
    },
  );

  it('leaves a report: for windows, as a file, and for who runs the host', { timeout: 120_000 }, async () => {
    const { harness, page, capture, kill, crashes } = await start();
    await page.client.call('messages.publish', {
      payload: Uint8Array.of(1),
      contentTopic: '/t/1/a/proto',
      pubsubTopic: TOPIC,
    });
    await eventually(() => page.batches.at(-1)?.counters?.resources?.rssBytes).toBeGreaterThan(10_000_000);
    kill();
    await eventually(() => told(page).at(-1)?.crashes.length).toBe(1);
    const [summary] = told(page).at(-1)?.crashes ?? [];
    const report = await page.client.call('node.crashReport', { id: summary?.id ?? '' });
    const { engine } = harness.node;
    expect(report).toMatchObject({
      id: summary?.id,
      engine: 'js',
      end: { kind: 'signal', signal: 'SIGKILL' },
      error: { code: 'ENGINE_FAILED', message: summary?.reason },
      versions: {
        wakuDesk: '0.0.0-fixture',
        engine: engine.info.version,
        node: expect.any(String) as unknown,
      },
      failure: 1,
      capture: { id: capture.stats().id, folder: capture.dir, lastSeq: 1 },
      resources: { rssBytes: expect.any(Number) as unknown },
    });
    expect(crashes).toEqual([[report, summary?.file]]);
    expect(JSON.parse(await readFile(summary?.file ?? '', 'utf8'))).toEqual(report);
    await eventually(() => page.client.call('log.page', { count: 100 })).toMatchObject({
      lines: expect.arrayContaining([
        expect.objectContaining({ text: `The crash report is in ${summary?.file ?? ''}.` }),
      ]) as unknown,
    });
    await expect(page.client.call('node.crashReport', { id: 'none' })).rejects.toMatchObject({
      code: 'BAD_USE',
    });
  });

  it(
    'has the peers again that were connected by hand, but for those disconnected by hand',
    { timeout: 120_000 },
    async () => {
      const { page, other, kill } = await start();
      const more = await Promise.all([1, 2].map(() => startJsNode()));
      const [kept, left] = await Promise.all(
        more.map(async ({ address }) => (await page.client.call('peers.connect', { address })).peerId),
      );
      if (kept === undefined || left === undefined) throw new Error('two peers are connected');
      await page.client.call('peers.disconnect', { peerId: left });
      kill();
      await eventually(() => told(page).map(({ state }) => state)).toContain('failed');
      await eventually(async () => (await more[0]?.engine.peers())?.length).toBe(1);
      await eventually(async () => (await other.peers()).length).toBe(1);
      expect(await more[1]?.engine.peers()).toEqual([]);
      await page.client.call('node.restart', {});
      await eventually(async () => (await more[0]?.engine.peers())?.length).toBe(1);
    },
  );

  it('keeps key and port over new settings', { timeout: 120_000 }, async () => {
    const { page, harness } = await start();
    const before = page.snapshots[0]?.node.identity;
    await page.client.call('node.changeSettings', { change: { maxConnections: 20 } });
    await eventually(() => page.snapshots.at(-1)?.settings.maxConnections).toBe(20);
    expect(harness.node.session.snapshot()).toMatchObject({ state: 'running', identity: before });
    await eventually(() => told(page).at(-1)).toMatchObject({ state: 'running', identity: before });
  });
});
