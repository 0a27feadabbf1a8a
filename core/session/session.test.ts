import { describe, expect, it } from 'vitest';
import type { AppendInput, AppendRecord } from '../capture/records.ts';
import { parseNodeConfig } from '../engine/config.ts';
import { WakuDeskError } from '../engine/errors.ts';
import { messageHashText } from '../waku/hash.ts';
import { createMessage } from '../waku/message.ts';
import { FixtureEngine, TOPIC } from './fixture-engine.ts';
import type { CaptureLog } from './intake.ts';
import { Session, type SessionOptions } from './session.ts';
import type { LiveMessage, LiveState, SessionBatch } from './types.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const REQUEST = { payload: bytes(1, 2), contentTopic: '/t/1/a/proto', pubsubTopic: TOPIC };

async function startSession(options: Partial<SessionOptions> = {}) {
  const engine = new FixtureEngine();
  const session = new Session({ engine, config: parseNodeConfig({}), ...options });
  await session.start();
  const batches: SessionBatch[] = [];
  session.attach((batch) => {
    batches.push(batch);
  });
  const messages = (): LiveMessage[] => batches.flatMap((batch) => batch.messages);
  const states = (): LiveState[] => batches.flatMap((batch) => batch.states);
  const settle = async (): Promise<void> => {
    await session.stop();
  };
  return { engine, session, batches, messages, states, settle };
}

/** A capture in memory, a fixture: numbers messages, and refuses while `full`. */
class FixtureCapture implements CaptureLog {
  full = false;
  readonly records: AppendRecord[] = [];
  #next = 1;

  async append({ messages = [], states = [], gaps = [] }: AppendInput): Promise<(number | null)[]> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.full) return messages.map(() => null);
    this.records.push(...gaps, ...messages, ...states);
    return messages.map(() => this.#next++);
  }
}

describe('what comes while a batch is being told', () => {
  it('is delivered too, also at the last moment of the round', async () => {
    for (let turns = 0; turns < 8; turns++) {
      const { engine, session, messages } = await startSession();
      const told = new Promise<void>((resolve) => {
        session.attach(() => {
          resolve();
        });
      });
      engine.hear({ payload: bytes(1) });
      await told;
      // Between the last look for more and the end of the round lie a few microtasks.
      for (let i = 0; i < turns; i++) await Promise.resolve();
      engine.hear({ payload: bytes(2) });
      await session.delivered();
      expect(messages()).toHaveLength(2);
    }
  });
});

describe('messages heard', () => {
  it('reach every subscriber in order, with positions and one computed hash', async () => {
    const { engine, messages, settle } = await startSession();
    for (let i = 0; i < 100; i++) engine.hear({ payload: bytes(i + 1) });
    await settle();
    expect(messages().map((message) => message.position)).toEqual([...Array(100).keys()]);
    const [first] = messages();
    expect(first?.hash).toBe(messageHashText(TOPIC, first?.message ?? createMessage({})));
    expect(first).toMatchObject({ dir: 'in', fromPeer: 'peer', seq: null });
  });

  it('count once when they are heard again, and again after two minutes', async () => {
    const { engine, session, messages, settle } = await startSession();
    const at = 1_700_000_000_000_000_000n;
    engine.hear({ payload: bytes(1) }, { receivedNs: at });
    engine.hear({ payload: bytes(1) }, { receivedNs: at + 119_999_999_999n });
    engine.hear({ payload: bytes(1) }, { receivedNs: at + 120_000_000_000n });
    await settle();
    expect(messages()).toHaveLength(2);
    expect(session.snapshot().statistics).toMatchObject({ received: 2, duplicates: 1 });
  });

  it('are refused and counted by the rules, and told as refused', async () => {
    const { engine, session, batches, messages, settle } = await startSession();
    engine.hear({ payload: bytes() });
    engine.hear({ payload: bytes(1), contentTopic: '' });
    engine.hear({ payload: bytes(1), meta: new Uint8Array(65) });
    engine.hear({ payload: new Uint8Array(153_600) });
    await settle();
    expect(messages()).toHaveLength(0);
    expect(session.snapshot().statistics.refused).toEqual({
      PAYLOAD_EMPTY: 1,
      CONTENT_TOPIC_EMPTY: 1,
      META_TOO_LARGE: 1,
      MESSAGE_TOO_LARGE: 1,
    });
    expect(batches.flatMap((batch) => batch.events).filter((e) => e.type === 'messageRefused')).toHaveLength(
      4,
    );
  });

  it('are kept under the computed hash when the engine claims another one', async () => {
    const { engine, session, messages, settle } = await startSession();
    engine.hear({ payload: bytes(1) }, { claimedHash: `0x${'00'.repeat(32)}` });
    await settle();
    expect(messages()).toHaveLength(1);
    expect(session.snapshot().statistics.refused).toEqual({ HASH_MISMATCH: 1 });
  });
});

describe('own messages', () => {
  it('are one record with accepted, sent and echoed, when the echo comes first', async () => {
    const { engine, session, messages, states, settle } = await startSession();
    engine.onPublish = (pubsubTopic, message) => {
      engine.hear(message, { pubsubTopic, own: true, fromPeer: null });
      return Promise.resolve({ sentToPeers: 3 });
    };
    const { hash, sentToPeers } = await session.publish(REQUEST);
    await settle();
    expect(sentToPeers).toBe(3);
    expect(messages()).toMatchObject([{ dir: 'out', hash, position: 0, fromPeer: null }]);
    expect(states().map(({ position, delivery }) => [position, delivery])).toEqual([
      [0, { state: 'echoed' }],
      [0, { state: 'accepted' }],
      [0, { state: 'sent', peers: 3 }],
    ]);
    expect(session.summaries.at(0)?.state).toEqual({ state: 'sent', peers: 3 });
  });

  it('are one record when the echo comes last', async () => {
    const { engine, session, messages, states, settle } = await startSession();
    const { timestampNs } = await session.publish(REQUEST);
    engine.hear({ ...REQUEST, timestampNs }, { own: true, fromPeer: null });
    await settle();
    expect(messages()).toHaveLength(1);
    expect(states().map(({ delivery }) => delivery.state)).toEqual(['accepted', 'sent', 'echoed']);
  });

  it('have a timestamp of their own each, and so never collide', async () => {
    const { session, messages, settle } = await startSession();
    for (let i = 0; i < 1_000; i++) await session.publish(REQUEST);
    await settle();
    expect(new Set(messages().map(({ hash }) => hash)).size).toBe(1_000);
  });

  it('keep a failure as a state, and the caller gets its code', async () => {
    const { engine, session, states, settle } = await startSession();
    engine.onPublish = () =>
      Promise.reject(new WakuDeskError('NO_PEERS', 'Nobody is there.', { operation: 'x', hint: 'Wait.' }));
    await expect(session.publish(REQUEST)).rejects.toMatchObject({ code: 'NO_PEERS' });
    await settle();
    expect(states().map(({ delivery }) => delivery)).toEqual([{ state: 'failed', code: 'NO_PEERS' }]);
  });

  it.each([
    ['PAYLOAD_EMPTY', { payload: bytes() }],
    ['CONTENT_TOPIC_EMPTY', { contentTopic: '' }],
    ['META_TOO_LARGE', { meta: new Uint8Array(65) }],
    ['NOT_SUBSCRIBED', { pubsubTopic: '/waku/2/rs/16/33' }],
    ['TOPIC_INVALID', { pubsubTopic: '/waku/2/default-waku/proto' }],
    ['VERSION_INVALID', { version: -1 }],
    ['TIMESTAMP_INVALID', { timestampNs: 2n ** 63n }],
    ['MESSAGE_TOO_LARGE', { payload: new Uint8Array(153_600) }],
  ])('are refused with %s before anything is kept or sent', async (code, fields) => {
    const { engine, session, messages, settle } = await startSession();
    engine.onPublish = () => Promise.reject(new Error('must not be called'));
    await expect(session.publish({ ...REQUEST, ...fields })).rejects.toMatchObject({ code });
    await settle();
    expect(messages()).toHaveLength(0);
  });

  it('are refused as duplicates within two minutes, also of a message heard', async () => {
    const { engine, session } = await startSession();
    await session.publish({ ...REQUEST, timestampNs: 5n });
    await expect(session.publish({ ...REQUEST, timestampNs: 5n })).rejects.toMatchObject({
      code: 'MESSAGE_DUPLICATE',
    });
    engine.hear({ ...REQUEST, timestampNs: 6n }, { receivedNs: BigInt(Date.now()) * 1_000_000n });
    await expect(session.publish({ ...REQUEST, timestampNs: 6n })).rejects.toMatchObject({
      code: 'MESSAGE_DUPLICATE',
    });
  });

  it('find their shard by auto-sharding without a subscription', async () => {
    const config = parseNodeConfig({ shardsInNetwork: 8, clusterId: 2, shards: [] });
    const { session } = await startSession({ config });
    const request = { payload: bytes(1), contentTopic: '/myapp/1/latest/proto' };
    expect(await session.publish(request)).toMatchObject({ pubsubTopic: '/waku/2/rs/2/0' });
    await expect(session.publish({ ...request, contentTopic: 'not-namespaced' })).rejects.toMatchObject({
      code: 'TOPIC_INVALID',
    });
  });
});

describe('a message whose shard follows from its content topic', () => {
  it('is not refused by a subscription that ends on the way', async () => {
    const config = parseNodeConfig({ shardsInNetwork: 8, clusterId: 2, shards: [0] });
    const { engine, session } = await startSession({ config });
    const words = { operation: 'engine.publish', hint: 'Subscribe.' };
    engine.publish = () => Promise.reject(new WakuDeskError('NOT_SUBSCRIBED', 'Not subscribed.', words));
    const request = { payload: bytes(1), contentTopic: '/myapp/1/latest/proto' };
    expect(session.isSubscribed('/waku/2/rs/2/0')).toBe(true);
    expect(await session.publish(request)).toMatchObject({ pubsubTopic: '/waku/2/rs/2/0' });
    const named = { ...request, pubsubTopic: '/waku/2/rs/2/0', timestampNs: 5n };
    await expect(session.publish(named)).rejects.toMatchObject({ code: 'NOT_SUBSCRIBED' });
  });
});

describe('capture', () => {
  it('has a message before any subscriber sees it', async () => {
    const capture = new FixtureCapture();
    const engine = new FixtureEngine();
    const session = new Session({ engine, config: parseNodeConfig({}), capture });
    await session.start();
    const early: number[] = [];
    session.attach(({ messages }) => {
      for (const { seq } of messages) if (seq === null || capture.records.length < seq) early.push(seq ?? 0);
    });
    for (let i = 0; i < 50; i++) {
      engine.hear({ payload: bytes(i + 1) });
      if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await session.stop();
    expect(early).toEqual([]);
    expect(capture.records).toHaveLength(50);
  });

  it('gets the states after their message, with its number', async () => {
    const capture = new FixtureCapture();
    const { session, settle } = await startSession({ capture });
    await Promise.all(Array.from({ length: 20 }, () => session.publish(REQUEST)));
    await settle();
    const states = capture.records.filter((record) => 'delivery' in record);
    expect(states).toHaveLength(40);
    const messages = capture.records.filter((record) => 'message' in record);
    for (const state of states) {
      const message = messages[state.seq - 1];
      if (message === undefined) throw new Error(`state of an unknown message ${state.seq}`);
      expect(capture.records.indexOf(message)).toBeLessThan(capture.records.indexOf(state));
    }
  });

  it('refuses while the disk is full: the live view goes on, marked and counted', async () => {
    const capture = new FixtureCapture();
    const { engine, session, messages, settle } = await startSession({ capture });
    engine.hear({ payload: bytes(1) });
    await new Promise((resolve) => setTimeout(resolve, 20));
    capture.full = true;
    engine.hear({ payload: bytes(2) });
    await new Promise((resolve) => setTimeout(resolve, 20));
    capture.full = false;
    engine.hear({ payload: bytes(3) });
    await settle();
    expect(messages().map(({ seq }) => seq)).toEqual([1, null, 2]);
    expect(session.summaries.at(1)?.captured).toBe(false);
    expect(session.snapshot().statistics.notCaptured).toBe(1);
  });

  it('notes a gap when the engine dies, and when it lost events', async () => {
    const capture = new FixtureCapture();
    const { engine, batches, settle } = await startSession({ capture });
    engine.emit({ type: 'stateChanged', state: 'running', error: null });
    engine.emit({ type: 'gapped', reason: 'overflow', lost: 7, detail: 'queue full' });
    engine.emit({
      type: 'stateChanged',
      state: 'failed',
      error: { code: 'ENGINE_FAILED', operation: 'x', message: 'It died.', hint: 'Restart.' },
    });
    await settle();
    const gaps = batches.flatMap((batch) => batch.gaps).map(({ reason, lost }) => [reason, lost]);
    expect(gaps).toEqual([
      ['overflow', 7],
      ['engine', null],
    ]);
    expect(capture.records.filter((record) => 'reason' in record)).toHaveLength(2);
  });
});

describe('subscribers', () => {
  it('get contiguous batches, and a slow one misses a counted number without slowing the others', async () => {
    const { engine, session, messages } = await startSession();
    const slow: SessionBatch[] = [];
    const acknowledge: (() => void)[] = [];
    session.attach(
      (batch) => {
        slow.push(batch);
        return new Promise<void>((resolve) => acknowledge.push(resolve));
      },
      { maxUnacknowledged: 2, maxQueued: 5 },
    );
    for (let i = 0; i < 20; i++) {
      engine.hear({ payload: bytes(i + 1) });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(messages()).toHaveLength(20);
    expect(slow).toHaveLength(2);
    acknowledge.splice(0).forEach((ack) => {
      ack();
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(slow.map((batch) => batch.number)).toEqual([1, 2, 3]);
    const got = slow.flatMap((batch) => batch.messages).length;
    const missed = slow.reduce((sum, batch) => sum + batch.missed, 0);
    expect([got, missed]).toEqual([7, 13]);
  });

  it('hear nothing more after they left', async () => {
    const { engine, session } = await startSession();
    let heard = 0;
    const { detach } = session.attach(() => {
      heard++;
    });
    detach();
    engine.hear({ payload: bytes(1) });
    await session.stop();
    expect(heard).toBe(0);
  });

  it('start from a snapshot that fits the batches after it', async () => {
    const { engine, session } = await startSession();
    engine.hear({ payload: bytes(1) });
    await new Promise((resolve) => setImmediate(resolve));
    const positions: number[] = [];
    const { snapshot } = session.attach(({ messages }) => {
      positions.push(...messages.map(({ position }) => position));
    });
    engine.hear({ payload: bytes(2) });
    await session.stop();
    expect(snapshot).toMatchObject({ firstPosition: 0, nextPosition: 1 });
    expect(positions).toEqual([1]);
  });
});

describe('summaries', () => {
  it('are the newest in memory, and positions stay', async () => {
    const { engine, session } = await startSession({ maxSummaries: 10 });
    for (let i = 0; i < 25; i++) engine.hear({ payload: new Uint8Array(i + 1) });
    await session.stop();
    const { summaries } = session;
    expect([summaries.first, summaries.last, summaries.length]).toEqual([15, 24, 10]);
    expect(summaries.at(14)).toBeUndefined();
    expect(summaries.at(24)?.payloadBytes).toBe(25);
  });
});

describe('node', () => {
  it('brings the wanted subscriptions back at a new start', async () => {
    const { engine, session } = await startSession();
    await session.subscribe('/waku/2/rs/16/64');
    await session.unsubscribe(TOPIC);
    await session.stop();
    engine.subscribed.clear();
    engine.subscribed.add(TOPIC);
    await session.start();
    expect([...engine.subscribed]).toEqual(['/waku/2/rs/16/64']);
  });

  it('is shown from the events: peers, meshes, health at once', async () => {
    const { engine, session } = await startSession();
    engine.emit({ type: 'meshChanged', pubsubTopic: TOPIC, peerIds: ['a', 'b', 'c', 'd'] });
    engine.emit({ type: 'meshChanged', pubsubTopic: '/waku/2/rs/16/99', peerIds: ['a'] });
    await session.stop();
    expect(session.snapshot().topics).toEqual([
      { pubsubTopic: TOPIC, meshPeers: ['a', 'b', 'c', 'd'], health: 'SufficientlyHealthy' },
    ]);
  });
});
