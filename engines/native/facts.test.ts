/**
 * What the real libwaku does, row by row of what was measured on it, shown by the fixture library; and what the engine
 * makes of it. Rows that need a network are in conformance.test.ts, on libgowaku.
 */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseNodeConfig, type NodeConfigInput } from '../../core/engine/config.ts';
import type { EngineEvent, EngineEventType } from '../../core/engine/events.ts';
import { Session } from '../../core/session/session.ts';
import { createMessage, type WakuMessage } from '../../core/waku/message.ts';
import { prepare } from '../../native/ffi/fixture-session.ts';
import {
  ADDRESS,
  FixtureEngine,
  GO_WAKU,
  NODE_LOG,
  NWAKU,
  PEER,
  TOPIC,
  type FixtureOptions,
} from './fixture-engine.ts';

const missing = await prepare();
const engines: FixtureEngine[] = [];

beforeEach((context) => {
  if (missing !== undefined) context.skip(missing);
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map(({ engine }) => engine.stop()));
});

const eventually = (check: () => unknown): Promise<unknown> =>
  vi.waitFor(check, { timeout: 10_000, interval: 10 });

async function create(fixture: object, options?: FixtureOptions): Promise<FixtureEngine> {
  const made = await FixtureEngine.create(fixture, options);
  engines.push(made);
  return made;
}

async function start(fixture: object, options?: FixtureOptions): Promise<FixtureEngine> {
  const made = await create(fixture, options);
  await made.engine.start();
  return made;
}

/** Of the keys 1 to 6. */
const SIX_PEERS = [
  '16Uiu2HAm3cuhhRL2msUuLF62KRSfneFDx94RsuouyW25Ho42cFMq',
  '16Uiu2HAm8kegYGp6XeybmZAuNcnLosyjsRwZ44yLgfEuqLqYL9zt',
  '16Uiu2HAmCCQRbp36trRMKRjqhRv1GAD7i1Epty3q2LiutAYCJ1oN',
  '16Uiu2HAmAowhhPoBqzAHDku9VgUyLwpuRuiPNgSRecikRdpy6ERg',
  '16Uiu2HAkxdGqo2m2nDKxPzDTFA1PffivVhgz3Q5tyFeonKSrQaXm',
  '16Uiu2HAmVtCxXjeLGxJGHndHw1xTqmDgZzkakJuneeznNvM3ESG5',
];

let clock = 1_700_000_000_000_000_001n;
function message(fields: Partial<WakuMessage> = {}): WakuMessage {
  return createMessage({
    payload: Uint8Array.of(1, 2, 3),
    contentTopic: '/fixture/1/a/proto',
    timestampNs: clock++,
    ...fields,
  });
}

async function session(fixture: object, config: NodeConfigInput = {}) {
  const { engine, ...rest } = await create(fixture, { config });
  const owner = new Session({ engine, config: parseNodeConfig(config) });
  await owner.start();
  return { owner, engine, ...rest };
}

const of = <T extends EngineEventType>(events: EngineEvent[], type: T) =>
  events.filter((event): event is Extract<EngineEvent, { type: T }> => event.type === type);

describe('what libwaku does not do, the engine and its session do', () => {
  it('1: a message that is too large is refused before the library, which would say OK, sees it', async () => {
    const { owner, events } = await session({ meshPeers: 1, quirks: 'tooLargeAccepted' });
    const request = { payload: new Uint8Array(160 * 1024), contentTopic: '/a/1/b/c', pubsubTopic: TOPIC };
    await expect(owner.publish(request)).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
    expect(of(events, 'messageReceived')).toEqual([]);
  });

  it('2: publishing on a shard that is not subscribed is refused', async () => {
    const { engine } = await start({ meshPeers: 1, quirks: 'unsubscribedAccepted' });
    await expect(engine.publish('/waku/2/rs/16/7', message())).rejects.toMatchObject({
      code: 'NOT_SUBSCRIBED',
    });
  });

  it('3: with no peers the own event is an echo, and 0 sends are answered', async () => {
    const { engine, told } = await start({ quirks: 'echoThoughFailed' }).then((made) => ({
      engine: made.engine,
      told: () => made.told('messageReceived'),
    }));
    const sent = message();
    expect(await engine.publish(TOPIC, sent)).toEqual({ sentToPeers: 0 });
    await eventually(() => {
      expect(told()).toMatchObject([{ own: true, fromPeer: null, message: sent }]);
    });
  });

  it('4: the same message again is a duplicate, and comes back once', async () => {
    const made = await start({ meshPeers: 2, quirks: 'echoThoughFailed' });
    const sent = message();
    expect(await made.engine.publish(TOPIC, sent)).toEqual({ sentToPeers: 2 });
    await expect(made.engine.publish(TOPIC, { ...sent })).rejects.toMatchObject({
      code: 'MESSAGE_DUPLICATE',
    });
    await made.engine.publish(TOPIC, message());
    await eventually(() => {
      expect(made.told('messageReceived')).toHaveLength(2);
    });
  });

  it('5: the timestamp is always set, so that the hash is the one of what was sent', async () => {
    const { owner } = await session({ meshPeers: 1, quirks: 'hashWithoutTimestampDiffers' });
    const { hash, timestampNs } = await owner.publish({
      payload: Uint8Array.of(1),
      contentTopic: '/a/1/b/c',
      pubsubTopic: TOPIC,
      timestampNs: 0n,
    });
    expect(timestampNs).not.toBe(0n);
    await eventually(() => {
      expect(owner.summaries.at(owner.summaries.first)?.hash).toBe(hash);
    });
    expect(owner.snapshot().statistics).toMatchObject({ received: 0, published: 1, duplicates: 0 });
  });

  it('6: a call that takes too long ends at our own limit', async () => {
    const { engine } = await start({ slowMs: 3_000, quirks: 'timeoutsIgnored' });
    const begin = performance.now();
    await expect(engine.connect(ADDRESS, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  it('7: connecting answers when the peer is there, not when the library has begun', async () => {
    const made = await start({ quirks: 'connectOnlyStarts' });
    expect(await made.engine.connect(ADDRESS)).toBe(PEER);
    expect(made.told('peerJoined')).toMatchObject([{ peer: { peerId: PEER, direction: 'outbound' } }]);
    expect(await made.engine.peers()).toMatchObject([{ peerId: PEER, origin: 'manual' }]);
  });

  it('8: a topic without peers has an empty mesh, whatever the library calls it', async () => {
    const { engine } = await start({ quirks: 'noPeersIsAnError' });
    expect(await engine.mesh(TOPIC)).toEqual([]);
  });

  it('9: no relay call is made with relay off', async () => {
    const config = { light: true, contentTopics: ['/a/1/b/c'], shardsInNetwork: 8 };
    const { engine } = await start(
      { quirks: 'relayOffCrashes' },
      { generation: 'c', adapter: GO_WAKU, config },
    );
    await expect(engine.subscribe(TOPIC)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    await expect(engine.publish(TOPIC, message())).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    expect(await engine.mesh(TOPIC)).toEqual([]);
    expect(engine.state).toBe('running');
  });

  it('10: topic health is told at once, from the mesh', async () => {
    const made = await start({ meshPeers: 4, quirks: 'healthOnlyOnChange' });
    await eventually(() => {
      expect(made.told('topicHealthChanged')).toMatchObject([
        { pubsubTopic: TOPIC, health: 'SufficientlyHealthy' },
      ]);
    });
  });

  it('11: an empty payload or content topic is refused', async () => {
    const { owner } = await session({ meshPeers: 1, quirks: 'emptyAccepted' });
    const good = { payload: Uint8Array.of(1), contentTopic: '/a/1/b/c', pubsubTopic: TOPIC };
    await expect(owner.publish({ ...good, payload: new Uint8Array(0) })).rejects.toMatchObject({
      code: 'PAYLOAD_EMPTY',
    });
    await expect(owner.publish({ ...good, contentTopic: '' })).rejects.toMatchObject({
      code: 'CONTENT_TOPIC_EMPTY',
    });
  });

  it('12: timestamps beyond 2^53 are exact, as numbers and as text', async () => {
    for (const quirks of ['timestampIsNumber', '']) {
      const made = await start({ meshPeers: 1, quirks });
      for (const timestampNs of [2n ** 63n - 1n, -(2n ** 63n) + 1n, 9_007_199_254_740_993n]) {
        const sent = message({ timestampNs });
        await made.engine.publish(TOPIC, sent);
        await eventually(() => {
          expect(made.told('messageReceived').at(-1)).toMatchObject({ own: true, message: sent });
        });
      }
    }
  });

  it('14: what the library prints lands in node.log, and as log events of the wanted level', async () => {
    const made = await start({ quirks: 'complains', lines: 1 });
    await eventually(() => {
      expect(made.told('logged')).toMatchObject([
        { level: 'error', component: 'fixture', text: 'failed to send: network is unreachable' },
      ]);
    });
    expect(await readFile(NODE_LOG, 'utf8')).toContain(
      'DBG 2026-01-01 00:00:00.000+00:00 a line of the library',
    );
    expect(made.told('logged').filter(({ level }) => level === 'debug')).toEqual([]);
  });

  it('15: more than five peers of one address stay connected', async () => {
    const made = await start({ quirks: 'fivePeersPerIp' });
    const addresses = SIX_PEERS.map((id, index) => `/ip4/127.0.0.1/tcp/${60_010 + index}/p2p/${id}`);
    for (const address of addresses) await made.engine.connect(address);
    expect(await made.engine.peers()).toHaveLength(6);
  });

  it('16: a node is stopped before it is destroyed, and a destroy that takes long is not waited for', async () => {
    const { engine } = await start({ destroyMs: 20_000 });
    const begin = performance.now();
    await engine.stop();
    expect(performance.now() - begin).toBeLessThan(6_000);
    expect(engine.state).toBe('stopped');
  });

  it('17: nothing is called from inside of a callback', async () => {
    const made = await start({ meshPeers: 1, quirks: 'hangsInsideCallbacks', incoming: 20 });
    await eventually(() => {
      expect(made.told('messageReceived')).toHaveLength(20);
    });
    expect(await made.engine.publish(TOPIC, message())).toEqual({ sentToPeers: 1 });
  });
});

describe('what was measured on libwaku, the engine lives with', () => {
  it('a context whose creation fails is not touched; the start fails with the words of the library', async () => {
    const made = await create({ errorIn: 'waku_new', quirks: 'contextAndLaterError' });
    await expect(made.engine.start()).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    expect(made.engine.state).toBe('failed');
  });

  it('a start that never answers fails at our limit', async () => {
    const impatient = { ...GO_WAKU, startMs: () => 300 };
    const made = await create({ silentIn: 'waku_start' }, { adapter: impatient });
    await expect(made.engine.start()).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(made.engine.state).toBe('failed');
    await made.engine.stop();
  });

  it.each(['b', 'c'] as const)(
    'a watchdog that barks for nothing changes nothing: generation %s',
    async (generation) => {
      const made = await start({ barkBehind: 'waku_ping_peer' }, { generation });
      await made.engine.connect(ADDRESS);
      await made.engine.ping(PEER);
      await eventually(() => {
        expect(
          made
            .told('logged')
            .map(({ text }) => text)
            .join(),
        ).toContain('does not respond');
      });
      expect(await made.engine.metrics()).toContain('fixture 1');
      expect(made.engine.state).toBe('running');
    },
  );

  it('a node that does not answer behind its watchdog has failed', { timeout: 40_000 }, async () => {
    const made = await start({ barkBehind: 'waku_ping_peer', quirks: 'deafBehindBark' });
    await made.engine.connect(ADDRESS);
    await made.engine.ping(PEER);
    await vi.waitFor(
      () => {
        expect(made.told('stateChanged').at(-1)).toMatchObject({
          state: 'failed',
          error: { code: 'ENGINE_FAILED', message: 'The node does not respond.' },
        });
      },
      { timeout: 30_000, interval: 50 },
    );
  });

  it('the port is never 0, and nat never "none"', async () => {
    const { engine } = await start({}, { config: { tcpPort: 0 } });
    expect((await engine.start()).listenAddresses[0]).toMatch(/\/tcp\/[1-9]\d+\//);
  });

  it('a second start in this process is refused for libwaku, and works for libgowaku', async () => {
    const nwaku = await start({ quirks: 'restartIsSilent' });
    await nwaku.engine.stop();
    await expect(nwaku.engine.start()).rejects.toMatchObject({ code: 'RESTART_NEEDS_NEW_PROCESS' });
    const goWaku = await start({ quirks: 'restartIsSilent' }, { adapter: GO_WAKU });
    const { listenAddresses } = await goWaku.engine.start();
    await goWaku.engine.stop();
    expect((await goWaku.engine.start()).listenAddresses).toEqual(listenAddresses);
  });

  it('a start that is not answered behind another node of this process needs a new one', async () => {
    const first = await start({});
    await first.engine.stop();
    const impatient = { ...NWAKU, startMs: () => 300 };
    const next = await create({ quirks: 'startsOnce' }, { adapter: impatient });
    await expect(next.engine.start()).rejects.toMatchObject({
      code: 'RESTART_NEEDS_NEW_PROCESS',
      cause: expect.objectContaining({ code: 'TIMED_OUT' }) as unknown,
    });
    expect(next.told('stateChanged').at(-1)).toMatchObject({
      state: 'failed',
      error: { code: 'RESTART_NEEDS_NEW_PROCESS' },
    });
  });

  it('subscribing twice is one subscription', async () => {
    const { engine } = await start({});
    await engine.subscribe(TOPIC);
    expect(await engine.topics()).toEqual([TOPIC]);
  });

  it('discv5 is never started where it is not configured', async () => {
    const { engine } = await start({ quirks: 'discv5Crashes' });
    expect(engine.state).toBe('running');
  });

  it('an unsubscribe that fails: nothing of the topic is told or published, and the log says what the node does', async () => {
    const made = await start({ meshPeers: 1, incoming: 1, quirks: 'unsubscribeFails' });
    await eventually(() => {
      expect(made.told('messageReceived')).toHaveLength(1);
    });
    await made.engine.unsubscribe(TOPIC);
    expect(await made.engine.topics()).toEqual([]);
    expect(await made.engine.mesh(TOPIC)).toEqual([]);
    await expect(made.engine.publish(TOPIC, message())).rejects.toMatchObject({ code: 'NOT_SUBSCRIBED' });
    expect(
      made
        .told('logged')
        .map(({ text }) => text)
        .join(),
    ).toContain('still relays it');
  });

  it('garbage is refused before the library, which would say OK', async () => {
    const { engine } = await start({ quirks: 'connectOnlyStarts' });
    await expect(engine.connect('garbage')).rejects.toMatchObject({ code: 'MULTIADDR_INVALID' });
  });

  it('a dead port fails soon, with why, though the library says OK', async () => {
    const { engine } = await start({ quirks: 'connectOnlyStarts' });
    await expect(engine.connect(ADDRESS.replace('60001', '1'))).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      hint: 'Nobody listens there: check the port, and that the node is up.',
    });
  });

  it('the address is the one that was asked for, not the interface', async () => {
    const { engine } = await start({ quirks: 'interfaceAddress' });
    expect((await engine.start()).listenAddresses).toEqual([
      expect.stringMatching(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/16Uiu2/),
    ]);
  });

  it('whom a message came from, and to how many it was sent, are read from the lines', async () => {
    const made = await start({ incoming: 2 });
    await made.engine.connect(ADDRESS);
    await made.engine.subscribe('/waku/2/rs/16/33');
    await eventually(() => {
      expect(made.told('messageReceived')).toMatchObject([
        { own: false, fromPeer: PEER },
        { own: false, fromPeer: PEER },
      ]);
    });
    expect(await made.engine.publish(TOPIC, message())).toEqual({ sentToPeers: 1 });
  });

  it('where the lines are missing the count is unknown, never the size of the mesh', async () => {
    const made = await start({ meshPeers: 3, quirks: 'tooLargeAccepted' });
    const large = message({ payload: new Uint8Array(160 * 1024) });
    expect(await made.engine.publish(TOPIC, large)).toEqual({ sentToPeers: null });
  });

  it('generation C is spoken, in its own order of arguments', async () => {
    const made = await start({ meshPeers: 2 }, { generation: 'c' });
    expect(await made.engine.publish(TOPIC, message())).toEqual({ sentToPeers: 2 });
    expect(await made.engine.connect(ADDRESS)).toBe(PEER);
  });

  it('a release without the newer functions still tells its peers', async () => {
    const made = await start({}, { generation: 'old' });
    expect(await made.engine.connect(ADDRESS)).toBe(PEER);
    expect(await made.engine.peers()).toMatchObject([{ peerId: PEER }]);
  });

  it.each(['a', 'd'] as const)('generation %s is refused with what was found', async (generation) => {
    const made = await create({}, { generation });
    await expect(made.engine.start()).rejects.toMatchObject({ code: 'LIBRARY_REFUSED' });
  });
});
