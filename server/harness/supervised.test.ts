import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Capture } from '../../core/capture/capture.ts';
import { parseNodeConfig } from '../../core/engine/config.ts';
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
  const harness = await Harness.create({
    createEngine: async (config) => (engine = await ProcessEngine.create('js', config)),
    config: parseNodeConfig({ staticNodes: listenAddresses }),
    capture,
    version: '0.0.0-fixture',
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
  return { harness, page, capture, other, kill };
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

  it('keeps key and port over new settings', { timeout: 120_000 }, async () => {
    const { page, harness } = await start();
    const before = page.snapshots[0]?.node.identity;
    await page.client.call('node.changeSettings', { change: { maxConnections: 20 } });
    await eventually(() => page.snapshots.at(-1)?.settings.maxConnections).toBe(20);
    expect(harness.node.session.snapshot()).toMatchObject({ state: 'running', identity: before });
    await eventually(() => told(page).at(-1)).toMatchObject({ state: 'running', identity: before });
  });
});
