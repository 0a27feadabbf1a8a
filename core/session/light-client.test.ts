import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseNodeConfig, type NodeConfigInput } from '../engine/config.ts';
import { WakuDeskError } from '../engine/errors.ts';
import { unsupported } from '../engine/capabilities.ts';
import type { StoreQuery } from '../engine/store-query.ts';
import { FixtureEngine, lightEngine, servicePeer, TOPIC } from './fixture-engine.ts';
import { Session } from './session.ts';
import type { LiveMessage, LiveState } from './types.ts';

const CHAT = '/toy-chat/2/huilong/proto';
const REQUEST = { payload: Uint8Array.of(1, 2), contentTopic: CHAT, pubsubTopic: TOPIC };

const noService = (): Promise<never> =>
  Promise.reject(
    new WakuDeskError('NO_SERVICE_PEER', 'Nobody serves filter.', { operation: 'fixture', hint: 'Connect.' }),
  );

/** Until what happened has been told. */
async function told(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function startLight(config: NodeConfigInput = {}, engine = lightEngine()) {
  const session = new Session({
    engine,
    config: parseNodeConfig({ light: true, contentTopics: [CHAT], ...config }),
  });
  const messages: LiveMessage[] = [];
  const states: LiveState[] = [];
  session.attach((batch) => {
    messages.push(...batch.messages);
    states.push(...batch.states);
  });
  await session.start();
  return { engine, session, messages, states };
}

describe('a light client', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('relays nothing, and asks for its content topics on every pubsub topic', async () => {
    const { engine, session } = await startLight({ shards: [32, 33] });
    engine.subscribed.clear();
    await vi.advanceTimersByTimeAsync(0);
    expect(engine.asked).toEqual([`${TOPIC} ${CHAT}`, `/waku/2/rs/16/33 ${CHAT}`]);
    expect([...engine.subscribed]).toEqual([]);
    await session.stop();
    const { filters, topics } = session.snapshot();
    expect(topics.map(({ pubsubTopic }) => pubsubTopic)).toContain(TOPIC);
    expect(filters).toMatchObject([{ contentTopics: [CHAT], served: true }, {}]);
  });

  it('asks with growing pauses while nobody serves it, and at once when somebody does', async () => {
    const engine = lightEngine();
    engine.onFilter = noService;
    const { session } = await startLight({}, engine);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await told();
    // 0, 1, 3, 7, 15, 31 s, and every 30 s from then on.
    expect(engine.asked.length).toBeGreaterThan(20);
    expect(engine.asked.length).toBeLessThan(30);
    expect(session.snapshot().filters).toMatchObject([{ served: false, error: { code: 'NO_SERVICE_PEER' } }]);
    engine.onFilter = () => Promise.resolve();
    const before = engine.asked.length;
    engine.emit({ type: 'peerIdentified', peer: servicePeer('relay-only', ['/vac/waku/relay/2.0.0']) });
    await vi.advanceTimersByTimeAsync(100);
    expect(engine.asked).toHaveLength(before);
    engine.emit({ type: 'peerIdentified', peer: servicePeer('s1') });
    await vi.advanceTimersByTimeAsync(100);
    expect(engine.asked).toHaveLength(before + 1);
    await told();
    expect(session.snapshot().filters).toMatchObject([{ served: true, error: null }]);
    // Served: nobody is asked again, also not when more nodes come.
    engine.emit({ type: 'peerIdentified', peer: servicePeer('s2') });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(engine.asked).toHaveLength(before + 1);
    await session.stop();
  });

  it('asks again when a service node has left, and not when another peer has', async () => {
    const { engine, session } = await startLight();
    engine.emit({ type: 'peerIdentified', peer: servicePeer('s1') });
    engine.emit({ type: 'peerIdentified', peer: servicePeer('other', []) });
    await vi.advanceTimersByTimeAsync(200);
    expect(engine.asked).toHaveLength(1);
    engine.emit({ type: 'peerLeft', peerId: 'other', reason: null });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(engine.asked).toHaveLength(1);
    engine.emit({ type: 'peerLeft', peerId: 's1', reason: null });
    await vi.advanceTimersByTimeAsync(100);
    expect(engine.asked).toHaveLength(2);
    await session.stop();
  });

  it('counts as not served what a node agreed to that left meanwhile', async () => {
    const engine = lightEngine();
    let agree = (): void => undefined;
    engine.onFilter = () => new Promise((resolve) => (agree = resolve));
    const { session } = await startLight({}, engine);
    engine.emit({ type: 'peerIdentified', peer: servicePeer('s1') });
    await vi.advanceTimersByTimeAsync(100);
    engine.emit({ type: 'peerLeft', peerId: 's1', reason: null });
    agree();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(engine.asked).toHaveLength(2);
    await session.stop();
  });

  it('asks nobody once it is stopped, and anew when it runs again', async () => {
    const engine = lightEngine();
    engine.onFilter = noService;
    const { session } = await startLight({}, engine);
    await vi.advanceTimersByTimeAsync(1_000);
    engine.emit({ type: 'stateChanged', state: 'stopped', error: null });
    await session.stop();
    const before = engine.asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(engine.asked).toHaveLength(before);
    await session.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(engine.asked).toHaveLength(before + 1);
    await session.stop();
  });
});

describe('content topics at run time', () => {
  it('are heard on every pubsub topic, or on the one named, until they are ended', async () => {
    const { engine, session } = await startLight({ contentTopics: [] });
    await session.filterSubscribe({ contentTopics: ['/a/1/b/c', '/d/1/e/f'] });
    await session.filterSubscribe({ contentTopics: ['/g/1/h/i'], pubsubTopic: '/waku/2/rs/16/33' });
    expect(engine.asked).toEqual([`${TOPIC} /a/1/b/c /d/1/e/f`, '/waku/2/rs/16/33 /g/1/h/i']);
    engine.emit({ type: 'peerIdentified', peer: servicePeer('s1') });
    await session.filterUnsubscribe({ contentTopics: ['/a/1/b/c'] });
    expect(engine.unasked).toEqual([`${TOPIC} /a/1/b/c`]);
    expect(session.snapshot().filters).toMatchObject([
      { pubsubTopic: TOPIC, contentTopics: ['/d/1/e/f'], served: true },
      { pubsubTopic: '/waku/2/rs/16/33', contentTopics: ['/g/1/h/i'], served: true },
    ]);
    await session.stop();
  });

  it('that nobody serves now are refused and not wanted', async () => {
    const { engine, session } = await startLight({ contentTopics: [] });
    engine.onFilter = noService;
    await expect(session.filterSubscribe({ contentTopics: ['/a/1/b/c'] })).rejects.toMatchObject({
      code: 'NO_SERVICE_PEER',
    });
    expect(session.snapshot().filters).toEqual([]);
    await session.stop();
  });

  it('follow the pubsub topics that are switched', async () => {
    const { engine, session } = await startLight({ contentTopics: [] });
    engine.emit({ type: 'peerIdentified', peer: servicePeer('s1') });
    await session.filterSubscribe({ contentTopics: [CHAT] });
    await session.subscribe('/waku/2/rs/16/34');
    expect(engine.asked.at(-1)).toBe(`/waku/2/rs/16/34 ${CHAT}`);
    expect(engine.subscribed).not.toContain('/waku/2/rs/16/34');
    await session.unsubscribe('/waku/2/rs/16/34');
    expect(engine.unasked.at(-1)).toBe(`/waku/2/rs/16/34 ${CHAT}`);
    await session.stop();
  });

  it('a relay node has them as well, beside what it relays', async () => {
    const engine = lightEngine();
    const session = new Session({ engine, config: parseNodeConfig({}) });
    await session.start();
    await session.filterSubscribe({ contentTopics: [CHAT] });
    expect(engine.asked).toEqual([`${TOPIC} ${CHAT}`]);
    await session.publish(REQUEST);
    const pushed = vi.fn(() => Promise.resolve());
    engine.onLightPush = pushed;
    await session.publish({ ...REQUEST, payload: Uint8Array.of(3), via: 'lightpush' });
    expect(pushed).toHaveBeenCalledOnce();
    await session.stop();
  });
});

describe('what a light client publishes', () => {
  it('goes by lightpush without a subscription, and is accepted', async () => {
    const { engine, session, messages, states } = await startLight();
    const pushed: string[] = [];
    engine.onLightPush = (pubsubTopic, { contentTopic }) => {
      pushed.push(`${pubsubTopic} ${contentTopic}`);
      return Promise.resolve();
    };
    const { sentToPeers } = await session.publish({ ...REQUEST, pubsubTopic: '/waku/2/rs/16/99' });
    await session.stop();
    expect(sentToPeers).toBeNull();
    expect(pushed).toEqual([`/waku/2/rs/16/99 ${CHAT}`]);
    expect(messages).toMatchObject([{ dir: 'out' }]);
    expect(states.map(({ delivery }) => delivery)).toEqual([{ state: 'accepted' }]);
  });

  it('fails with the code that says why, and keeps to the relay rules', async () => {
    const { engine, session, states } = await startLight();
    engine.onLightPush = noService;
    await expect(session.publish(REQUEST)).rejects.toMatchObject({ code: 'NO_SERVICE_PEER' });
    const empty = { ...REQUEST, payload: new Uint8Array(0) };
    await expect(session.publish(empty)).rejects.toMatchObject({ code: 'PAYLOAD_EMPTY' });
    await expect(session.publish({ ...REQUEST, via: 'relay' })).rejects.toMatchObject({
      code: 'NOT_SUBSCRIBED',
    });
    await session.stop();
    expect(states.map(({ delivery }) => delivery)).toEqual([{ state: 'failed', code: 'NO_SERVICE_PEER' }]);
  });

  it('goes again after nobody took it', async () => {
    const { engine, session } = await startLight();
    engine.onLightPush = noService;
    const request = { ...REQUEST, timestampNs: 1_769_860_800_000_000_000n };
    await expect(session.publish(request)).rejects.toMatchObject({ code: 'NO_SERVICE_PEER' });
    engine.onLightPush = () => Promise.resolve();
    await session.publish(request);
    await expect(session.publish(request)).rejects.toMatchObject({ code: 'MESSAGE_DUPLICATE' });
    await session.stop();
  });

  it('is an echo when it comes back by filter, once, and never a delivery', async () => {
    const { engine, session, messages, states } = await startLight();
    const { timestampNs } = await session.publish(REQUEST);
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    for (let i = 0; i < 3; i++)
      engine.hear({ ...REQUEST, timestampNs }, { own: false, fromPeer: 's1', receivedNs: nowNs });
    await session.stop();
    expect(messages).toHaveLength(1);
    expect(states.map(({ delivery }) => delivery.state)).toEqual(['accepted', 'echoed']);
    expect(session.snapshot().statistics).toMatchObject({ received: 0, published: 1, duplicates: 2 });
  });
});

describe('an engine that cannot', () => {
  const disabled = (): Session => {
    const engine = new FixtureEngine();
    engine.info.kind = 'nwaku';
    engine.info.capabilities.lightClient = unsupported('Disabled.', 'LIGHT_CLIENT_DISABLED');
    engine.info.capabilities.storeQuery = unsupported('No store.');
    return new Session({ engine, config: parseNodeConfig({}) });
  };

  it('refuses with its code and its reason, also while it is stopped', async () => {
    const session = disabled();
    const refused = { code: 'LIGHT_CLIENT_DISABLED', message: 'Disabled.' };
    await expect(session.filterSubscribe({ contentTopics: [CHAT] })).rejects.toMatchObject(refused);
    await expect(session.filterUnsubscribe({ contentTopics: [CHAT] })).rejects.toMatchObject(refused);
    await expect(session.publish({ ...REQUEST, via: 'lightpush' })).rejects.toMatchObject(refused);
    await expect(session.storeQuery(QUERY)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    expect(session.snapshot().statistics.published).toBe(0);
  });
});

const QUERY: StoreQuery = {
  peer: '/ip4/127.0.0.1/tcp/1/p2p/16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie',
  pubsubTopic: TOPIC,
  contentTopics: [CHAT],
  fromNs: 1n,
  toNs: 2n,
  hashes: [],
  includeData: true,
  cursor: null,
  forward: true,
  limit: 20,
};
const HASH = `0x${'ab'.repeat(32)}`;
const HASHES_ALONE = { pubsubTopic: null, contentTopics: [], fromNs: null, toNs: null };

describe('a store query', () => {
  it('reaches the engine as it was asked', async () => {
    const engine = lightEngine();
    const session = new Session({ engine, config: parseNodeConfig({}) });
    const asked: StoreQuery[] = [];
    engine.onStoreQuery = (query) => {
      asked.push(query);
      return Promise.resolve({ entries: [{ hash: HASH, pubsubTopic: null, message: null }], cursor: 'next' });
    };
    const byHash = { ...QUERY, ...HASHES_ALONE, hashes: [HASH] };
    expect(await session.storeQuery(byHash)).toMatchObject({ cursor: 'next', entries: [{ hash: HASH }] });
    await session.storeQuery(QUERY);
    expect(asked).toEqual([byHash, QUERY]);
  });

  it.each<[string, string, Partial<StoreQuery>]>([
    ['a page of none', 'BAD_USE', { limit: 0 }],
    ['a page of more than a node gives', 'BAD_USE', { limit: 101 }],
    ['hashes beside topics', 'BAD_USE', { hashes: [HASH] }],
    ['hashes beside a time', 'BAD_USE', { ...HASHES_ALONE, hashes: [HASH], toNs: 3n }],
    ['a hash that is none', 'BAD_USE', { ...HASHES_ALONE, hashes: ['0x12'] }],
    ['content topics without their pubsub topic', 'BAD_USE', { pubsubTopic: null }],
    ['a range that ends before it begins', 'BAD_USE', { fromNs: 3n }],
    ['a pubsub topic that is none', 'TOPIC_INVALID', { pubsubTopic: '/waku/2/default' }],
    ['an address without a peer id', 'MULTIADDR_INVALID', { peer: '/ip4/127.0.0.1/tcp/1' }],
  ])('with %s is refused before anybody is asked', async (_what, code, part) => {
    const engine = lightEngine();
    engine.onStoreQuery = () => Promise.reject(new Error('asked'));
    const session = new Session({ engine, config: parseNodeConfig({}) });
    await expect(session.storeQuery({ ...QUERY, ...part })).rejects.toMatchObject({ code });
  });
});

describe('secrets of the configuration', () => {
  it('are in nothing that the session tells, whatever the engine says', async () => {
    const secrets = ['c0ffee'.padEnd(64, '0'), 'hunter22', 'rpc-key-12345678'];
    const [nodeKey = '', credentialsPassword = '', key = ''] = secrets;
    const engine = new FixtureEngine();
    const session = new Session({
      engine,
      config: parseNodeConfig({
        nodeKey,
        rln: {
          credentialsPath: '/keys/rln.json',
          credentialsPassword,
          contractAddress: `0x${'1'.repeat(40)}`,
          chainRpcUrls: [`https://rpc.example.org/v3/${key}`],
          chainId: 1,
        },
      }),
    });
    const said: unknown[] = [];
    session.attach((batch) => {
      said.push(batch);
    });
    const text = `key ${nodeKey}, password ${credentialsPassword}, https://rpc.example.org/v3/${key}`;
    const error = new WakuDeskError('ENGINE_FAILED', text, { operation: 'a.b', hint: text, cause: text });
    engine.onPublish = () => Promise.reject(error);
    await session.start();
    const thrown: unknown = await session.publish(REQUEST).catch((caught: unknown) => caught);
    expect(thrown).toMatchObject({ code: 'ENGINE_FAILED' });
    if (thrown instanceof WakuDeskError) said.push(thrown.toData(), thrown.stack);
    engine.emit({ type: 'logged', level: 'info', component: 'node', text, atNs: 1n });
    engine.emit({ type: 'gapped', reason: 'engine', lost: 1, detail: text });
    engine.emit({ type: 'stateChanged', state: 'failed', error: error.toData() });
    await session.stop();
    said.push(session.snapshot());
    const all = JSON.stringify(said, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(all).toContain('<redacted>');
    for (const secret of secrets) expect(all).not.toContain(secret);
  });
});
