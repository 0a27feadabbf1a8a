import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createDesk, type Desk } from './desk.ts';
import { fixtureCounters, fixtureSnapshot } from '../../core/operations/fixture-values.ts';
import { fixtureRow, fixtureRows, FixtureClient } from './fixture-client.ts';
import { publishMany, publishOnce } from './publish-actions.ts';

let client: FixtureClient;
let desk: Desk;
beforeEach(() => {
  client = new FixtureClient();
  desk = createDesk(client);
});
const shown = (): number[] => {
  const { keys } = desk.messages;
  return Array.from({ length: keys.count }, (_, i) => keys.keyAt(i));
};
const state = () => desk.store.getState();

describe('the stream', () => {
  it('starts from a snapshot and goes on with batches', async () => {
    client.snapshot({ rows: fixtureRows(3, 5), counters: fixtureCounters(0, 5) });
    await client.batch({ rows: [fixtureRow(5)] });
    expect(desk.messages.total).toBe(6);
    expect(desk.messages.rows.get(5)?.position).toBe(5);
  });

  it('changes the state once for all batches of a frame', async () => {
    client.snapshot();
    let changes = 0;
    desk.store.subscribe(({ messages }, before) => {
      if (messages.version !== before.messages.version) changes++;
    });
    const acknowledged = [0, 1, 2].map((i) => client.batch({ rows: [fixtureRow(i)] }));
    expect(changes).toBe(0);
    await Promise.all(acknowledged);
    expect(changes).toBe(1);
    expect(shown()).toEqual([0, 1, 2]);
  });

  it('of another session makes every position void, of the same one none', async () => {
    client.snapshot({ rows: fixtureRows(0, 5), counters: fixtureCounters(0, 5) });
    desk.messages.select(4);
    client.snapshot({ counters: fixtureCounters(0, 9) });
    expect(desk.messages.rows.get(4)).toBeDefined();
    expect(state().messages.selected).toBe(4);
    client.snapshot({ sessionId: 'two' });
    expect(desk.messages.rows.get(4)).toBeUndefined();
    expect(state().messages.selected).toBeNull();
    await client.batch({ rows: [fixtureRow(0)] });
    expect(shown()).toEqual([0]);
  });

  it('forgets batches that a snapshot overtook', async () => {
    client.snapshot();
    const late = client.batch({ rows: [fixtureRow(0)] });
    client.snapshot({ sessionId: 'two' });
    await late;
    expect(shown()).toEqual([]);
  });

  it('tells when a failed node starts again', async () => {
    client.snapshot();
    const { node } = fixtureSnapshot();
    await client.batch({ node: { ...node, state: 'failed', restart: { attempt: 1, inMs: 4_000 } } });
    expect((state().restartAtMs ?? 0) - Date.now()).toBeGreaterThan(3_000);
    await client.batch({ node });
    expect(state().restartAtMs).toBeNull();
  });

  it('keeps the reason of a lost connection while it is tried again', () => {
    client.enter({ state: 'lost', reason: 'gone', attempt: 1, nextTryAtMs: 0 });
    client.retryNow();
    expect(state()).toMatchObject({ lostReason: 'gone', connection: { state: 'connecting' } });
    client.enter({ state: 'connected' });
    expect(state().lostReason).toBeNull();
  });
});

describe('pausing', () => {
  it('freezes the view, not the capture, and counts what waits', async () => {
    client.snapshot({ rows: fixtureRows(0, 3), counters: fixtureCounters(0, 3) });
    desk.messages.togglePause();
    await client.batch({ rows: [fixtureRow(3), fixtureRow(4)] });
    expect(shown()).toEqual([0, 1, 2]);
    expect([desk.messages.waiting, desk.messages.total]).toEqual([2, 5]);
    desk.messages.togglePause();
    expect(shown()).toHaveLength(5);
  });
});

describe('a filter', () => {
  beforeEach(() => {
    client.snapshot({ counters: fixtureCounters(-100, 10) });
    client.answers['messages.watch'] = () => ({ fromPosition: 10 });
    client.answers['messages.search'] = ({ before }) =>
      before !== 2
        ? { positions: [8, 2], next: 2, unknown: 1 }
        : { positions: [-50], next: null, unknown: 0 };
  });
  const searched = () =>
    vi.waitFor(() => {
      expect(state().messages.search?.state).toBe('done');
    });

  it('joins what the search finds and what the stream names', async () => {
    desk.messages.apply('size>3');
    await searched();
    await client.batch({ rows: fixtureRows(10, 13), matching: [11] });
    expect(shown()).toEqual([-50, 2, 8, 11]);
    expect(state().messages).toMatchObject({ applied: 'size>3', search: { unknown: 1 } });
    expect(state().messages.words).toContain('larger than 3');
  });

  it('counts matches once that come before the host has answered', async () => {
    let answer: (value: { fromPosition: number }) => void = () => undefined;
    client.answers['messages.watch'] = () => new Promise((resolve) => (answer = resolve));
    desk.messages.apply('size>3');
    await client.batch({ rows: fixtureRows(10, 14), matching: [10, 13] });
    answer({ fromPosition: 12 });
    await searched();
    expect(shown()).toEqual([-50, 2, 8, 13]);
  });

  it('that cannot be read leaves the last good one, and marks the place', async () => {
    desk.messages.apply('size>3');
    await searched();
    desk.messages.apply('size>3 sise>1');
    expect(state().messages).toMatchObject({ applied: 'size>3', text: 'size>3 sise>1' });
    expect(state().messages.problem).toMatchObject({ start: 7, end: 11 });
    expect(shown()).toEqual([-50, 2, 8]);
  });

  it('that is cleared shows everything again and ends the watch', async () => {
    desk.messages.apply('size>3');
    await searched();
    desk.messages.apply('');
    expect(shown()).toHaveLength(110);
    expect(client.calls.at(-1)).toMatchObject(['messages.watch', { filter: '' }]);
  });

  it('is asked for anew after a snapshot, while the old list stays', async () => {
    desk.messages.apply('size>3');
    await searched();
    const before = client.calls.length;
    client.snapshot({ counters: fixtureCounters(-100, 10) });
    expect(shown()).toEqual([-50, 2, 8]);
    await searched();
    expect(client.calls.slice(before).map(([name]) => name)).toContain('messages.watch');
    await vi.waitFor(() => {
      expect(shown()).toEqual([-50, 2, 8]);
    });
  });

  it('whose search fails says why', async () => {
    delete client.answers['messages.search'];
    desk.messages.apply('size>3');
    await vi.waitFor(() => {
      expect(state().messages.search).toMatchObject({
        state: 'failed',
        error: { code: 'HOST_DISCONNECTED' },
      });
    });
  });
});

describe('sending', () => {
  const draft = { payload: Uint8Array.of(1), contentTopic: '/a/1/b/c' };
  const send = () => state().publish.sends[0];

  it('gathers the states of a message, also those before the answer', async () => {
    client.snapshot();
    let answer: () => void = () => undefined;
    client.answers['messages.publish'] = () =>
      new Promise((resolve) => {
        answer = () => {
          resolve({ hash: '0xab', pubsubTopic: '', timestampNs: 1n, sentToPeers: null });
        };
      });
    const published = publishOnce(desk, draft);
    const tell = (delivery: { state: 'accepted' } | { state: 'echoed' } | { state: 'sent'; peers: number }) =>
      client.batch({ states: [{ position: 0, hash: '0xab', atNs: 1n, delivery }] });
    await tell({ state: 'accepted' });
    answer();
    await published;
    await tell({ state: 'echoed' });
    await tell({ state: 'sent', peers: 2 });
    await tell({ state: 'sent', peers: 3 });
    expect(send()?.states.map(({ delivery }) => delivery)).toEqual([
      { state: 'accepted' },
      { state: 'echoed' },
      { state: 'sent', peers: 3 },
    ]);
  });

  it('that fails says why', async () => {
    await publishOnce(desk, draft);
    expect(send()).toMatchObject({ published: null, error: { code: 'HOST_DISCONNECTED' } });
  });

  it('of many tells how far it is, without a timestamp', async () => {
    const progress = { sent: 4, failed: 1, lastHash: null, lastError: null, elapsedMs: 10 };
    client.answers['messages.publishMany'] = (_request, { onProgress }) => {
      onProgress?.({ ...progress, sent: 2 });
      expect(send()?.many).toMatchObject({ done: false, progress: { sent: 2 } });
      return progress;
    };
    await publishMany(desk, { ...draft, timestampNs: 5n }, 5, null);
    expect(send()?.many).toEqual({ count: 5, done: true, progress });
    expect(client.calls).toEqual([['messages.publishMany', { message: draft, count: 5 }]]);
  });
});
