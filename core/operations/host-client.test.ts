import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Channel, ChannelEvents } from './channel.ts';
import type { Client, ConnectionState } from './client.ts';
import { EMPTY_BATCH, fixtureSnapshot } from './fixture-values.ts';
import { createClient } from './host-client.ts';
import type { Batch, Snapshot } from './live-values.ts';
import type { ClientMessage, HostMessage } from './protocol.ts';

/** A host, a fixture: the test says what it answers. */
class FixtureWire {
  readonly sent: ClientMessage[] = [];
  closed = false;
  readonly events: ChannelEvents;

  constructor(events: ChannelEvents) {
    this.events = events;
  }

  calls(name: string) {
    return this.sent.filter((message) => message.kind === 'call').filter((call) => call.name === name);
  }

  say(message: HostMessage): void {
    this.events.received(message);
  }

  snapshot(stream: number): void {
    const id = this.calls('session.snapshot').at(-1)?.id ?? -1;
    this.say({ kind: 'answered', id, value: { ...fixtureSnapshot(), stream } });
  }

  batch(stream: number, number: number, missed = 0): void {
    this.say({ kind: 'batch', batch: { ...EMPTY_BATCH, stream, number, missed } });
  }
}

let wires: FixtureWire[];
let client: Client;
let connections: ConnectionState[];
let snapshots: Snapshot[];
let batches: Batch[];
const wire = (): FixtureWire => {
  const last = wires.at(-1);
  if (last === undefined) throw new Error('nothing was opened');
  return last;
};

beforeEach(async () => {
  vi.useFakeTimers();
  wires = [];
  client = createClient(
    (events): Channel => {
      const made = new FixtureWire(events);
      wires.push(made);
      return { send: (message) => made.sent.push(message), close: () => (made.closed = true) };
    },
    { firstRetryMs: 1_000, maxRetryMs: 4_000 },
  );
  connections = [];
  snapshots = [];
  batches = [];
  client.onConnection((state) => connections.push(state));
  client.onSnapshot((snapshot) => snapshots.push(snapshot));
  client.onBatch((batch) => {
    batches.push(batch);
  });
  await vi.advanceTimersByTimeAsync(0);
});
afterEach(() => {
  client.close();
  vi.useRealTimers();
});

/** Connected, with the first snapshot. */
async function connected(): Promise<void> {
  wire().events.opened();
  wire().snapshot(1);
  await vi.advanceTimersByTimeAsync(0);
}

describe('the stream', () => {
  it('is a snapshot and its batches in order, each acknowledged', async () => {
    await connected();
    wire().batch(1, 1);
    wire().batch(1, 2);
    await vi.advanceTimersByTimeAsync(0);
    expect(batches.map(({ number }) => number)).toEqual([1, 2]);
    expect(wire().sent.filter(({ kind }) => kind === 'ack')).toEqual([
      { kind: 'ack', stream: 1, number: 1 },
      { kind: 'ack', stream: 1, number: 2 },
    ]);
  });

  it('acknowledges when the listener is done, and also when it failed', async () => {
    await connected();
    let finish = (): void => undefined;
    const stop = client.onBatch(() => new Promise<void>((resolve) => (finish = resolve)));
    wire().batch(1, 1);
    await vi.advanceTimersByTimeAsync(100);
    expect(wire().sent.some(({ kind }) => kind === 'ack')).toBe(false);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(wire().sent.at(-1)).toEqual({ kind: 'ack', stream: 1, number: 1 });
    stop();
    client.onBatch(() => Promise.reject(new Error('x')));
    wire().batch(1, 2);
    await vi.advanceTimersByTimeAsync(0);
    expect(wire().sent.at(-1)).toEqual({ kind: 'ack', stream: 1, number: 2 });
  });

  it.each<[string, () => void]>([
    [
      'a number is missing',
      () => {
        wire().batch(1, 2);
      },
    ],
    [
      'the host says that something was missed',
      () => {
        wire().batch(1, 1, 7);
      },
    ],
    [
      'a batch is not of the schema',
      () => {
        wire().say({ kind: 'batch', batch: { ...EMPTY_BATCH, rows: 'x' } as never });
      },
    ],
    [
      'the host says that the stream is stale',
      () => {
        wire().say({ kind: 'stale' });
      },
    ],
  ])('takes one new snapshot when %s', async (_what, happen) => {
    await connected();
    happen();
    happen();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(wire().calls('session.snapshot')).toHaveLength(2);
    wire().batch(1, 1);
    wire().snapshot(2);
    wire().batch(1, 2);
    wire().batch(2, 1);
    await vi.advanceTimersByTimeAsync(0);
    expect(snapshots.map(({ stream }) => stream)).toEqual([1, 2]);
    expect(batches.map(({ stream }) => stream)).toEqual([2]);
  });

  it('keeps batches that come before the answer with their snapshot', async () => {
    await connected();
    client.resync();
    await vi.advanceTimersByTimeAsync(1_000);
    wire().batch(2, 1);
    wire().snapshot(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(batches.map(({ stream, number }) => [stream, number])).toEqual([[2, 1]]);
  });
});

describe('the connection', () => {
  it('is tried again with growing pauses, and from the first pause once it was good', async () => {
    const end = { reason: 'gone', refused: false };
    const pauses: number[] = [];
    for (let i = 0; i < 4; i++) {
      wire().events.closed(end);
      const { connection } = client;
      if (connection.state === 'lost') pauses.push(connection.nextTryAtMs - Date.now());
      await vi.advanceTimersByTimeAsync(4_000);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 4_000]);
    await connected();
    wire().events.closed(end);
    expect(client.connection).toMatchObject({ state: 'lost', attempt: 1, reason: 'gone' });
    client.retryNow();
    expect(client.connection).toEqual({ state: 'connecting' });
    await connected();
    expect(snapshots).toHaveLength(2);
  });

  it('says that the host refuses, and goes on trying', async () => {
    wire().events.closed({ reason: 'who are you', refused: true });
    expect(client.connection).toMatchObject({ state: 'refused', reason: 'who are you' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(wires).toHaveLength(2);
  });

  it('is given up when the host answers no snapshot', async () => {
    wire().events.opened();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(wires[0]?.closed).toBe(true);
    expect(connections.map(({ state }) => state)).toContain('lost');
  });

  it('hears nothing more of an old channel, and nothing at all after close', async () => {
    await connected();
    const old = wire();
    old.events.closed({ reason: 'gone', refused: false });
    await vi.advanceTimersByTimeAsync(1_000);
    old.events.closed({ reason: 'again', refused: false });
    old.batch(1, 1);
    await connected();
    expect(client.connection).toEqual({ state: 'connected' });
    expect(batches).toEqual([]);
    client.close();
    client.retryNow();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(wires).toHaveLength(2);
    expect(client.connection).toEqual({ state: 'closed' });
  });
});

describe('a call', () => {
  it('fails with what the host says', async () => {
    await connected();
    const call = client.call('node.start', {});
    await vi.advanceTimersByTimeAsync(0);
    const [{ id } = { id: -1 }] = wire().calls('node.start');
    wire().say({
      kind: 'failed',
      id,
      error: { code: 'PORT_IN_USE', operation: 'engine.start', message: 'm', hint: 'h' },
    });
    await expect(call).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      operation: 'engine.start',
      message: 'm',
      hint: 'h',
    });
  });

  it('is checked before it is sent, and its answer when it comes', async () => {
    await connected();
    await expect(client.call('peers.ping', { peerId: 5 as never })).rejects.toMatchObject({
      code: 'BAD_USE',
    });
    expect(wire().calls('peers.ping')).toEqual([]);
    const call = client.call('peers.ping', { peerId: 'a' });
    await vi.advanceTimersByTimeAsync(0);
    wire().say({
      kind: 'answered',
      id: wire().calls('peers.ping')[0]?.id ?? -1,
      value: { latencyMs: 'fast' },
    });
    await expect(call).rejects.toMatchObject({
      code: 'BAD_USE',
      message: expect.stringContaining('latencyMs') as unknown,
    });
  });

  it('is cancelled at both ends, by its signal and by its time', async () => {
    await connected();
    const controller = new AbortController();
    const cancelled = client.call('peers.ping', { peerId: 'a' }, { signal: controller.signal });
    const timedOut = client.call('peers.ping', { peerId: 'a' }, { timeoutMs: 100 });
    const outcomes = Promise.allSettled([cancelled, timedOut]);
    await vi.advanceTimersByTimeAsync(0);
    const ids = wire()
      .calls('peers.ping')
      .map(({ id }) => id);
    controller.abort();
    await vi.advanceTimersByTimeAsync(100);
    expect(await outcomes).toMatchObject([
      { reason: { code: 'CANCELLED' } },
      { reason: { code: 'TIMED_OUT' } },
    ]);
    expect(wire().sent.filter(({ kind }) => kind === 'cancel')).toEqual(
      ids.map((id) => ({ kind: 'cancel', id })),
    );
    await expect(
      client.call('peers.ping', { peerId: 'a' }, { signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('fails when there is no connection, and when it breaks', async () => {
    await expect(client.call('node.start', {})).rejects.toMatchObject({ code: 'HOST_DISCONNECTED' });
    await connected();
    const call = client.call('node.start', {});
    const outcome = Promise.allSettled([call]);
    await vi.advanceTimersByTimeAsync(0);
    wire().events.closed({ reason: 'gone', refused: false });
    expect(await outcome).toMatchObject([{ reason: { code: 'HOST_DISCONNECTED' } }]);
  });
});
