import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import type { EngineEvent } from '../../core/engine/events.ts';
import { createMessage } from '../../core/waku/message.ts';
import { acrossChannel, FixtureEngine, inShort, numbered, received, TOPIC } from './fixture.ts';
import { DEFAULT_BOUNDS, Outbox, type OutboxBounds } from './outbox.ts';
import { nodePort } from './port.ts';
import type { Answer, ServerMessage } from './protocol.ts';
import { serveEngine } from './serve.ts';

/** The harness's side by hand: keeps what arrives and acknowledges when told. */
function harnessByHand(bounds: Partial<OutboxBounds>) {
  const engine = new FixtureEngine();
  const { port1, port2 } = new MessageChannel();
  const served = serveEngine(engine, nodePort(port1), { bounds });
  const heard: { kind: string; batch?: number | null; items?: (EngineEvent | Answer)[] }[] = [];
  port2.on('message', (message: (typeof heard)[number]) => heard.push(message));
  port2.postMessage({ kind: 'connect' });
  return {
    engine,
    served,
    heard,
    post: (message: unknown) => {
      port2.postMessage(message);
    },
    events: () => heard.map(({ items = [] }) => items.filter((item) => 'type' in item)),
    batches: () => heard.flatMap(({ items }) => (items === undefined ? [] : [items.map(briefly)])),
    told: () => heard.flatMap(({ kind, items }) => items?.map(briefly) ?? [kind]),
    settled: () => new Promise((resolve) => setTimeout(resolve, 20)),
  };
}

function briefly(item: EngineEvent | Answer): string {
  return 'type' in item ? inShort(item) : item.kind;
}

describe('batches', () => {
  it('are full with a number of events', async () => {
    const { engine, served, batches, settled } = harnessByHand({ batchEvents: 3 });
    await settled();
    for (let n = 1; n <= 7; n++) engine.emit(numbered(n));
    await settled();
    expect(batches()).toEqual([['1', '2', '3'], ['4', '5', '6'], ['7']]);
    await served.close();
  });

  it('are full with a number of bytes; a larger event goes alone', async () => {
    const { engine, served, batches, settled } = harnessByHand({ batchBytes: 4_000 });
    await settled();
    for (const bytes of [1_000, 1_000, 9_000, 1_000])
      engine.emit(received({ payload: new Uint8Array(bytes) }));
    await settled();
    expect(batches().map(({ length }) => length)).toEqual([2, 1, 1]);
    await served.close();
  });

  it.each([
    ['events', { batchEvents: 2 }],
    ['bytes', { batchBytes: 5_000 }],
  ])('do not wait for the end of the turn once they are full of %s', (_what, bounds) => {
    const posted: ServerMessage[] = [];
    const outbox = new Outbox((message) => posted.push(message), { ...DEFAULT_BOUNDS, ...bounds });
    outbox.event(received({ payload: new Uint8Array(3_000) }));
    expect(posted).toHaveLength(0);
    outbox.event(received({ payload: new Uint8Array(3_000) }));
    expect(posted).not.toHaveLength(0);
    outbox.close();
  });

  it('carry no more than the bytes of a view', async () => {
    const { engine, served, events, settled } = harnessByHand({});
    await settled();
    const part = new Uint8Array(1_000_000).subarray(0, 3);
    engine.emit(received({ payload: part, meta: part, rateLimitProof: part }));
    await settled();
    const [event] = events().flat();
    const { payload, meta, rateLimitProof } =
      event?.type === 'messageReceived' ? event.message : createMessage({});
    for (const view of [payload, meta, rateLimitProof]) {
      expect(view).toHaveLength(3);
      expect(view.buffer.byteLength).toBe(3);
    }
    await served.close();
  });

  it('wait for acknowledgements beyond those that may be under way', async () => {
    const { engine, served, heard, post, batches, settled } = harnessByHand({
      batchEvents: 1,
      batchesInFlight: 2,
    });
    await settled();
    for (let n = 1; n <= 5; n++) engine.emit(numbered(n));
    await settled();
    expect(batches()).toEqual([['1'], ['2']]);
    post({ kind: 'ack', batch: 4_711 });
    await settled();
    expect(batches()).toHaveLength(2);
    post({ kind: 'ack', batch: heard.find(({ kind }) => kind === 'batch')?.batch });
    await settled();
    expect(batches()).toEqual([['1'], ['2'], ['3']]);
    await served.close();
  });

  it('carry answers between events, and those of one turn together', async () => {
    const { engine, served, post, batches, settled } = harnessByHand({});
    await settled();
    vi.spyOn(engine, 'connect').mockImplementation((address) => {
      engine.emit(numbered(address === '/a' ? 1 : 2));
      return Promise.resolve(address);
    });
    const calls = ['/a', '/b'].map((address, id) => ({ id, method: 'connect', args: [address] }));
    post({ kind: 'calls', calls });
    await settled();
    expect(batches().flat().sort()).toEqual(['1', '2', 'answered', 'answered']);
    expect(batches()).toHaveLength(1);
    await served.close();
  });

  it('hold back the answer behind events that wait', async () => {
    const { engine, served, post, told, settled } = harnessByHand({ batchEvents: 1, batchesInFlight: 1 });
    await settled();
    engine.emit(numbered(1));
    engine.emit(numbered(2));
    post({ kind: 'calls', calls: [{ id: 1, method: 'mesh', args: [TOPIC] }] });
    await settled();
    expect(told()).toEqual(['greeting', '1']);
    post({ kind: 'ack', batch: 1 });
    await settled();
    expect(told()).toEqual(['greeting', '1', '2', 'answered']);
    await served.close();
  });
});

describe('overflow', () => {
  const one = { batchEvents: 1, batchesInFlight: 1 };

  it('drops the newest beyond a number of events, and leaves one gap in their place', async () => {
    const { engine, served, post, batches, settled } = harnessByHand({ ...one, queuedEvents: 3 });
    await settled();
    for (let n = 1; n <= 9; n++) engine.emit(numbered(n));
    await settled();
    for (let batch = 1; batch <= 3; batch++) post({ kind: 'ack', batch });
    await settled();
    engine.emit(numbered(10));
    for (let batch = 4; batch <= 9; batch++) post({ kind: 'ack', batch });
    await settled();
    expect(batches().flat()).toEqual(['1', '2', '3', '4', 'lost 5', '10']);
    await served.close();
  });

  it('drops the newest beyond a number of bytes', async () => {
    const { engine, served, events, post, settled } = harnessByHand({ ...one, queuedBytes: 5_000 });
    await settled();
    for (let n = 0; n < 9; n++) engine.emit(received({ payload: new Uint8Array(2_000) }));
    for (let batch = 1; batch <= 4; batch++) post({ kind: 'ack', batch });
    await settled();
    const types = events().flatMap((batch) => batch.map(({ type }) => type));
    expect(types).toEqual([...Array<string>(3).fill('messageReceived'), 'gapped']);
    expect(events().flat().at(-1)).toMatchObject({ reason: 'overflow', lost: 6 });
    await served.close();
  });

  it('begins a new gap after events went through again', async () => {
    const { engine, served, post, batches, settled } = harnessByHand({ ...one, queuedEvents: 1 });
    await settled();
    for (let n = 1; n <= 4; n++) engine.emit(numbered(n));
    await settled();
    for (let batch = 1; batch <= 3; batch++) post({ kind: 'ack', batch });
    await settled();
    for (let n = 5; n <= 9; n++) engine.emit(numbered(n));
    await settled();
    for (let batch = 4; batch <= 9; batch++) post({ kind: 'ack', batch });
    await settled();
    expect(batches().flat()).toEqual(['1', '2', 'lost 2', '5', '6', 'lost 3']);
    await served.close();
  });

  it('never loses a change of state nor an answer', async () => {
    const { engine, served, told, post, settled } = harnessByHand({ ...one, queuedEvents: 1 });
    await settled();
    for (let n = 1; n <= 4; n++) engine.emit(numbered(n));
    engine.enter('running');
    post({ kind: 'calls', calls: [{ id: 1, method: 'mesh', args: [TOPIC] }] });
    for (let batch = 1; batch <= 9; batch++) post({ kind: 'ack', batch });
    await settled();
    post({ kind: 'ack', batch: 3 });
    await settled();
    expect(told()).toEqual(['greeting', '1', '2', 'lost 2', 'stateChanged', 'answered']);
    await served.close();
  });

  it('does not come while batches may be under way, however small the queue', async () => {
    const { engine, served, batches, settled } = harnessByHand({ queuedEvents: 2, batchesInFlight: 4 });
    await settled();
    for (let n = 1; n <= 8; n++) engine.emit(numbered(n));
    await settled();
    expect(batches()).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
      ['7', '8'],
    ]);
    await served.close();
  });

  it('counts every event that a harness did not hear', async () => {
    const { engine, remote, events } = await acrossChannel(new FixtureEngine(), { queuedEvents: 10 });
    for (let n = 0; n < 1_000; n++) engine.emit(numbered(n));
    await remote.topics();
    const lost = events.reduce((sum, event) => sum + (event.type === 'gapped' ? (event.lost ?? 0) : 0), 0);
    expect(lost).toBeGreaterThan(0);
    expect(events.filter(({ type }) => type === 'logged').length + lost).toBe(1_000);
    remote.close();
  });
});
