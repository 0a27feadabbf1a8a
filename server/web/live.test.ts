import { afterEach, describe, expect, it } from 'vitest';
import { batchSchema, type Batch } from '../../core/operations/live-values.ts';
import { applyBatch, liveState } from '../../core/operations/live-state.ts';
import type { FixtureEngine } from '../../core/session/fixture-engine.ts';
import { encodeFrame } from '../../core/operations/codec.ts';
import type { FixtureList } from './fixture-list.ts';
import {
  eventually,
  openPage,
  openSocket,
  pageHeaders,
  startFixtureHost,
  type FixtureHost,
  type FixtureOptions,
  type Page,
} from './fixture.ts';

let fixture: FixtureHost;
const pages: Page[] = [];
afterEach(async () => {
  for (const { client } of pages.splice(0)) client.close();
  await fixture.close();
});

async function start(
  options: FixtureOptions = {},
): Promise<{ engine: FixtureEngine; page: Page; list: FixtureList }> {
  fixture = await startFixtureHost(options);
  await fixture.harness.node.start();
  const page = await another();
  return { engine: fixture.engine, page, list: page.list };
}

async function another(options?: Parameters<typeof openPage>[1]): Promise<Page> {
  const page = await openPage(fixture, options);
  pages.push(page);
  return page;
}

let payloads = 0;
/** A message that was not there before. */
function hear(engine: FixtureEngine, count = 1, sizeBytes = 32): void {
  for (let i = 0; i < count; i++) {
    const payload = Buffer.alloc(sizeBytes);
    payload.writeUInt32LE(++payloads);
    engine.hear({ payload: new Uint8Array(payload) });
  }
}

const rowsOf = (batches: Batch[]) => batches.flatMap(({ rows }) => rows);

describe('the stream', () => {
  it('is the snapshot, and then every message once and in order', async () => {
    const { engine, page } = await start();
    hear(engine, 500);
    await eventually(() => rowsOf(page.batches).length).toBe(500);
    expect(rowsOf(page.batches).map(({ position }) => position)).toEqual([...Array(500).keys()]);
    expect(page.batches.map(({ number }) => number)).toEqual(page.batches.map((_, i) => i + 1));
    const late = await another();
    expect(late.snapshots[0]).toMatchObject({ counters: { firstPosition: 0, nextPosition: 500 } });
    expect(late.snapshots[0]?.rows).toEqual(rowsOf(page.batches).slice(-200));
  });

  it('carries no payloads and no node key', async () => {
    const { engine, page } = await start();
    hear(engine, 1, 100_000);
    await eventually(() => rowsOf(page.batches).length).toBe(1);
    const text = JSON.stringify([page.snapshots, page.batches], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(text.length).toBeLessThan(20_000);
    expect(text).not.toMatch(/nodeKey/i);
  });

  it('makes few batches of many messages', async () => {
    const { engine, page } = await start();
    for (let i = 0; i < 100; i++) {
      hear(engine, 10);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await eventually(() => rowsOf(page.batches).length).toBe(1_000);
    expect(page.batches.length).toBeLessThan(50);
  });

  it('tells peers, meshes, topics, states and repeated log lines; the reduced state is that of a new snapshot', async () => {
    const { engine, page } = await start();
    const peer = {
      peerId: 'p1',
      addresses: ['/ip4/1.2.3.4/tcp/1'],
      protocols: [],
      agent: '',
      direction: 'inbound' as const,
      origin: 'inbound' as const,
      shards: null,
      latencyMs: null,
      connectedSinceNs: 5n,
    };
    engine.emit({ type: 'stateChanged', state: 'running', error: null });
    engine.emit({ type: 'peerJoined', peer });
    engine.emit({ type: 'peerJoined', peer: { ...peer, peerId: 'p2' } });
    await eventually(() => page.batches.length).toBeGreaterThan(0);
    engine.emit({ type: 'peerLeft', peerId: 'p2', reason: null });
    engine.emit({ type: 'peerIdentified', peer: { ...peer, agent: 'nwaku' } });
    engine.emit({ type: 'meshChanged', pubsubTopic: '/waku/2/rs/16/32', peerIds: ['p1'] });
    for (let i = 0; i < 1_000; i++)
      engine.emit({ type: 'logged', level: 'warn', component: 'x', text: 'again', atNs: BigInt(i) });
    await page.client.call('topics.subscribe', { pubsubTopic: '/waku/2/rs/16/7' });
    await page.client.call('peers.ping', { peerId: 'p1' });
    hear(engine, 3);
    const reduced = () => {
      const [snapshot] = page.snapshots;
      if (snapshot === undefined) throw new Error('no snapshot');
      return page.batches.reduce(applyBatch, liveState(snapshot));
    };
    await eventually(() => reduced().counters.statistics.received).toBe(3);
    const again = (await another()).snapshots[0];
    if (again === undefined) throw new Error('no snapshot');
    const { counters, ...state } = reduced();
    const { counters: now, ...expected } = liveState(again);
    expect(state).toEqual(expected);
    expect(counters.nextPosition).toBe(now.nextPosition);
    expect(state.peers).toMatchObject([{ peerId: 'p1', agent: 'nwaku', latencyMs: 1 }]);
    expect(state.node.topics.map(({ health }) => health)).toEqual(['MinimallyHealthy', 'UnHealthy']);
    expect(state.log.filter(({ text }) => text === 'again')).toMatchObject([
      { repeats: 1_000, firstNs: 0n, lastNs: 999n },
    ]);
  });

  it('follows the states of an own message', async () => {
    const { page, list } = await start();
    const { hash } = await page.client.call('messages.publish', {
      payload: Uint8Array.of(1),
      contentTopic: '/t/1/a/proto',
      pubsubTopic: '/waku/2/rs/16/32',
    });
    await eventually(() => [...list.rows.values()][0]?.state).toEqual({ state: 'sent', peers: 2 });
    const { states, computedHash } = await page.client.call('messages.details', { position: 0 });
    expect(computedHash).toBe(hash);
    expect(states.map(({ delivery }) => delivery.state)).toEqual(['accepted', 'sent']);
  });
});

describe('a client that missed something', () => {
  it('has exactly the same list after its connection broke', async () => {
    const { engine, page, list } = await start();
    hear(engine, 300);
    await eventually(() => list.next).toBe(300);
    for (let round = 0; round < 3; round++) {
      const known = page.snapshots.length;
      hear(engine, 50);
      page.socket().terminate();
      hear(engine, 1_200);
      await eventually(() => page.snapshots.length).toBeGreaterThan(known);
      hear(engine, 50);
    }
    await eventually(() => list.next).toBe(300 + 3 * 1_300);
    const fresh = await another();
    expect(await list.hashes()).toEqual(await fresh.list.hashes());
    expect(new Set(await list.hashes()).size).toBe(4_200);
    expect(page.client.connection).toEqual({ state: 'connected' });
  });

  it('takes a new snapshot when it was too slow, and then has the same list', async () => {
    const { engine, list } = await start({ harness: { streamBounds: { queuedItems: 100 } } });
    const slow = await another({ onBatch: () => new Promise((resolve) => setTimeout(resolve, 50)) });
    const slowList = slow.list;
    for (let i = 0; i < 40; i++) {
      hear(engine, 60);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await eventually(() => list.next).toBe(2_400);
    await eventually(() => slowList.next).toBe(2_400);
    expect(slow.snapshots.length).toBeGreaterThan(1);
    expect(await slowList.hashes()).toEqual(await list.hashes());
  });

  it(
    'does not slow the others when it stops reading, and is counted and let go',
    { timeout: 60_000 },
    async () => {
      const { engine, page, list } = await start({
        web: { socketBounds: { stalledMs: 2_000, pingIntervalMs: 1_000, maxWaitingBytes: 1_000_000 } },
      });
      const stopped = openSocket(fixture.host, pageHeaders(fixture));
      await new Promise((resolve) => stopped.once('open', resolve));
      stopped.send(encodeFrame({ kind: 'call', id: 1, name: 'session.snapshot', request: {} }));
      await new Promise((resolve) => stopped.once('message', resolve));
      stopped.pause();
      const startMs = performance.now();
      let sent = 0;
      while (sent < 25_000) {
        // 5,000 a second, or as many as a loaded machine lets the page that reads have.
        const due = Math.min((performance.now() - startMs) * 5, list.next + 5_000);
        const count = Math.max(0, Math.floor(due) - sent);
        hear(engine, count);
        sent += count;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await eventually(() => list.next).toBe(sent);
      expect(page.snapshots).toHaveLength(1);
      await eventually(() => fixture.harness.clients).toEqual({ connected: 1, dropped: 1 });
      stopped.terminate();
    },
  );
});

it('a client that asks and never reads is let go before its answers pile up', async () => {
  const { engine } = await start({ web: { socketBounds: { maxWaitingBytes: 2_000_000 } } });
  hear(engine, 1_000);
  await eventually(() => fixture.harness.history.next).toBe(1_000);
  const greedy = openSocket(fixture.host, pageHeaders(fixture));
  greedy.on('error', () => undefined);
  await new Promise((resolve) => greedy.once('open', resolve));
  greedy.pause();
  const positions = Array.from({ length: 1_000 }, (_, i) => i);
  for (let id = 1; id <= 60; id++)
    greedy.send(encodeFrame({ kind: 'call', id, name: 'messages.page', request: { positions } }));
  await eventually(() => fixture.harness.clients).toEqual({ connected: 1, dropped: 1 });
  greedy.terminate();
});

describe('new settings', () => {
  it('make a new session for every page; what was captured is still in the list', async () => {
    const { engine, page, list } = await start();
    hear(engine, 20);
    await eventually(() => list.next).toBe(20);
    const before = await list.hashes();
    const settings = await page.client.call('node.changeSettings', { change: { agentString: 'other' } });
    expect(settings).toMatchObject({ agentString: 'other', shards: [32] });
    await eventually(() => page.snapshots.length).toBe(2);
    expect(page.snapshots[1]).toMatchObject({
      settings: { agentString: 'other' },
      counters: { firstPosition: -20, nextPosition: 0 },
    });
    expect(page.snapshots[1]?.sessionId).not.toBe(page.snapshots[0]?.sessionId);
    expect(await list.hashes()).toEqual(before);
    hear(fixture.engine, 5);
    await eventually(() => list.next).toBe(5);
    expect(await list.hashes()).toHaveLength(25);
  });
});

it('what the schema of a batch lets through is what the host sends', async () => {
  const { engine, page } = await start();
  hear(engine, 1);
  await eventually(() => page.batches.length).toBeGreaterThan(0);
  for (const batch of page.batches) expect(batchSchema.parse(batch)).toEqual(batch);
});
