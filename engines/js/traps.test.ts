/** The traps of the libraries underneath, each with the test that would catch it again. */
import { createLibp2p } from 'libp2p';
import { gossipsub, StrictNoSign } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nowNs } from '../../core/engine/clock.ts';
import { parseNodeConfig, type NodeConfigInput } from '../../core/engine/config.ts';
import { delay } from '../../core/engine/deadline.ts';
import type { EngineEvent } from '../../core/engine/events.ts';
import { createMessage, encodeMessage, type WakuMessage } from '../../core/waku/message.ts';
import { dialFailure } from './dial.ts';
import { JsEngine } from './engine.ts';
import { answerMetadata, decodeMetadata, encodeMetadata, METADATA_PROTOCOL } from './metadata.ts';
import { describeDeep } from './node.ts';
import { RELAY_PROTOCOL } from './relay.ts';

const TOPIC = '/waku/2/rs/16/32';
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function startEngine(config: NodeConfigInput = {}) {
  const engine = new JsEngine(parseNodeConfig(config));
  stops.push(() => engine.stop());
  const events: EngineEvent[] = [];
  engine.onEvent((event) => {
    events.push(event);
  });
  const { peerId, listenAddresses } = await engine.start();
  const [address] = listenAddresses;
  if (address === undefined) throw new Error('the engine listens nowhere');
  return { engine, events, peerId, address };
}

/** A libp2p node of the test's own, as a peer that does what ours would not. */
async function startStranger() {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify({ protocolPrefix: 'ipfs' }),
      ping: ping(),
      pubsub: (components: Parameters<ReturnType<typeof gossipsub>>[0]) => {
        const service = gossipsub({
          globalSignaturePolicy: StrictNoSign,
          allowPublishToZeroTopicPeers: true,
        })(components);
        service.protocols = [RELAY_PROTOCOL];
        return service;
      },
    },
  });
  stops.push(async () => node.stop());
  await node.handle(METADATA_PROTOCOL, (stream) => {
    void answerMetadata(stream, { clusterId: 16, shards: [32] }, AbortSignal.timeout(5_000));
  });
  return node;
}

function message(fields: Partial<WakuMessage> = {}): WakuMessage {
  return createMessage({
    payload: Uint8Array.of(1),
    contentTopic: '/test/1/traps/proto',
    timestampNs: nowNs(),
    ...fields,
  });
}

function received(events: readonly EngineEvent[]): EngineEvent[] {
  return events.filter((event) => event.type === 'messageReceived' && !event.own);
}

describe('relay', () => {
  it("speaks Waku's protocol id and no other of gossipsub's, though the package ignores its option", async () => {
    const a = await startEngine();
    const b = await startEngine();
    await a.engine.connect(b.address);
    const [peer] = await a.engine.peers();
    expect(peer?.protocols).toContain(RELAY_PROTOCOL);
    expect(peer?.protocols.filter((protocol) => /meshsub|floodsub/.test(protocol))).toEqual([]);
  });

  it('has its mesh back soon after unsubscribe and subscribe: PRUNE carries a backoff on our id', async () => {
    const a = await startEngine();
    const b = await startEngine();
    await a.engine.connect(b.address);
    await vi.waitUntil(async () => (await b.engine.mesh(TOPIC)).length === 1, 10_000);
    await a.engine.unsubscribe(TOPIC);
    await vi.waitUntil(async () => (await b.engine.mesh(TOPIC)).length === 0, 5_000);
    await a.engine.subscribe(TOPIC);
    await vi.waitUntil(
      async () => (await a.engine.mesh(TOPIC)).length === 1 && (await b.engine.mesh(TOPIC)).length === 1,
      { timeout: 30_000, interval: 200 },
    );
  }, 60_000);

  it('keeps meshes among a dozen nodes on one address, which all connect within a second', async () => {
    const nodes = await Promise.all(Array.from({ length: 13 }, () => startEngine()));
    const [hub, ...others] = nodes;
    if (hub === undefined) throw new Error('no nodes');
    await Promise.all(others.map(({ engine }) => engine.connect(hub.address)));
    // Longer than a score's cache: a penalised peer would have left the mesh.
    await delay(4_000);
    const meshes = await Promise.all(others.map(({ engine }) => engine.mesh(TOPIC)));
    const connected = meshes.filter((mesh) => mesh.length > 0).length;
    expect(connected).toBeGreaterThanOrEqual(4);
    await hub.engine.publish(TOPIC, message());
    await vi.waitUntil(() => others.every(({ events }) => received(events).length === 1), 5_000);
  }, 60_000);

  it('limits inbound connections from one address when told to', async () => {
    const hub = await startEngine({ ipColocationLimit: 2 });
    const others = [await startEngine(), await startEngine(), await startEngine()];
    const outcomes: string[] = [];
    for (const { engine } of others)
      outcomes.push(
        await engine.connect(hub.address).then(
          () => 'connected',
          (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'other'),
        ),
      );
    expect(outcomes).toEqual(['connected', 'connected', 'CONNECT_FAILED']);
    expect(await hub.engine.peers()).toHaveLength(2);
  });

  it('limits connections altogether', async () => {
    const hub = await startEngine({ maxConnections: 1 });
    const first = await startEngine();
    const second = await startEngine();
    await first.engine.connect(hub.address);
    await expect(second.engine.connect(hub.address)).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    expect(await hub.engine.peers()).toHaveLength(1);
  });

  it('refuses invalid messages with a code and shuns their sender, while others are still heard', async () => {
    const node = await startEngine();
    const stranger = await startStranger();
    const honest = await startEngine();
    await honest.engine.connect(node.address);
    await stranger.dial(multiaddr(node.address));
    stranger.services.pubsub.subscribe(TOPIC);
    await vi.waitUntil(() => stranger.services.pubsub.getSubscribers(TOPIC).length === 1, 10_000);
    const invalid: [string, Uint8Array][] = [
      ['MESSAGE_MALFORMED', Uint8Array.of(0x0a, 0xff)],
      ['MESSAGE_MALFORMED', Uint8Array.of(0x0a, 1, 1, 0x12, 2, 0xc3, 0x28)],
      ['PAYLOAD_EMPTY', encodeMessage(message({ payload: new Uint8Array() }))],
      ['CONTENT_TOPIC_EMPTY', encodeMessage(message({ contentTopic: '' }))],
      ['META_TOO_LARGE', encodeMessage(message({ meta: new Uint8Array(65) }))],
      ['MESSAGE_TOO_LARGE', encodeMessage(message({ payload: new Uint8Array(153_600) }))],
    ];
    for (const [, bytes] of invalid) await stranger.services.pubsub.publish(TOPIC, bytes);
    const refusals = (): string[] =>
      node.events.flatMap((event) => (event.type === 'messageRefused' ? [event.code] : []));
    await vi.waitUntil(() => refusals().length === invalid.length, 10_000);
    expect(refusals().sort()).toEqual(invalid.map(([code]) => code).sort());
    // Rejects are squared in the score: its gossip and its place in the mesh are gone.
    await vi.waitUntil(
      async () => !(await node.engine.mesh(TOPIC)).includes(stranger.peerId.toString()),
      10_000,
    );
    await vi.waitUntil(async () => (await honest.engine.mesh(TOPIC)).length === 1, 10_000);
    await honest.engine.publish(TOPIC, message());
    await vi.waitUntil(() => received(node.events).length === 1, 5_000);
    expect(received(honest.events)).toEqual([]);
  }, 60_000);

  it('hears the same message from two writers once per byte form, with one deterministic content', async () => {
    const a = await startEngine();
    const stranger = await startStranger();
    await stranger.dial(multiaddr(a.address));
    stranger.services.pubsub.subscribe(TOPIC);
    await vi.waitUntil(() => stranger.services.pubsub.getSubscribers(TOPIC).length === 1, 10_000);
    const bytes = encodeMessage(message());
    await stranger.services.pubsub.publish(TOPIC, bytes);
    // nwaku also writes an empty meta: other bytes, other gossipsub id, same message.
    await stranger.services.pubsub.publish(TOPIC, Uint8Array.from([...bytes, 0x5a, 0x00]));
    await vi.waitUntil(() => received(a.events).length === 2, 5_000);
    const [one, two] = received(a.events);
    expect(one?.type === 'messageReceived' && one.message).toEqual(
      two?.type === 'messageReceived' && two.message,
    );
  });
});

describe('metadata', () => {
  it('names shards in field 2 and packed in field 3, as go-waku needs', () => {
    const bytes = encodeMetadata({ clusterId: 16, shards: [32, 300] });
    expect(Buffer.from(bytes).toString('hex')).toBe('0810' + '1020' + '10ac02' + '1a03' + '20ac02');
  });

  it('is read with shards in either field, packed or not, and an absent cluster', () => {
    const read = (hex: string) => decodeMetadata(Uint8Array.from(Buffer.from(hex, 'hex')));
    expect(read('08101020')).toEqual({ clusterId: 16, shards: [32] });
    expect(read('12022040')).toEqual({ clusterId: null, shards: [32, 64] });
    expect(read('08001a0120')).toEqual({ clusterId: 0, shards: [32] });
    expect(read('')).toEqual({ clusterId: null, shards: [] });
    expect(() => read('0a')).toThrow();
  });

  it('makes a node hang up on a peer that does not speak it', async () => {
    const a = await startEngine();
    const stranger = await startStranger();
    await stranger.unhandle(METADATA_PROTOCOL);
    const [address] = stranger.getMultiaddrs();
    await expect(a.engine.connect(String(address))).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    await vi.waitUntil(async () => (await a.engine.peers()).length === 0, 5_000);
    expect(a.events).toContainEqual(
      expect.objectContaining({ type: 'peerLeft', peerId: stranger.peerId.toString() }),
    );
  });
});

describe('runtime', () => {
  it('gets Promise.withResolvers where it is missing', async () => {
    const original = Object.getOwnPropertyDescriptor(Promise, 'withResolvers');
    try {
      Reflect.deleteProperty(Promise, 'withResolvers');
      vi.resetModules();
      await import('./runtime.ts');
      const withResolvers: unknown = Reflect.get(Promise, 'withResolvers');
      if (typeof withResolvers !== 'function') throw new Error('it is still missing');
      const { promise, resolve } = Reflect.apply(withResolvers, Promise, []) as {
        promise: Promise<number>;
        resolve: (value: number) => void;
      };
      resolve(7);
      expect(await promise).toBe(7);
    } finally {
      if (original !== undefined) Object.defineProperty(Promise, 'withResolvers', original);
    }
  });

  it('gets the globals of later releases where they are missing, and keeps those that are there', async () => {
    const names = ['crypto', 'CustomEvent', 'BroadcastChannel'] as const;
    const originals = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
    try {
      for (const name of names) Reflect.deleteProperty(globalThis, name);
      vi.resetModules();
      await import('./runtime.ts');
      expect(crypto.getRandomValues(new Uint8Array(32)).some((byte) => byte !== 0)).toBe(true);
      const heard = vi.fn();
      const target = new EventTarget();
      target.addEventListener('told', heard);
      target.dispatchEvent(new CustomEvent('told', { detail: 7 }));
      expect(heard).toHaveBeenCalledWith(expect.objectContaining({ type: 'told', detail: 7 }));
      new BroadcastChannel('a').close();
      const provided = CustomEvent;
      vi.resetModules();
      await import('./runtime.ts');
      expect(CustomEvent).toBe(provided);
    } finally {
      names.forEach((name, n) => {
        const original = originals[n];
        if (original !== undefined) Object.defineProperty(globalThis, name, original);
      });
    }
  });
});

describe('failures', () => {
  it('say that go-waku may be full when the handshake breaks off', () => {
    const error = dialFailure(multiaddr('/ip4/127.0.0.1/tcp/1'), new Error('Encryption failed'));
    expect(error.hint).toContain('5 connections from one IP');
  });

  it('have no stack in their words', () => {
    const inner = new Error('listen EADDRINUSE\n    at Server.listen (node:net:1:1)');
    expect(describeDeep(new AggregateError([inner, inner]))).toBe('listen EADDRINUSE');
  });
});

describe('static nodes', () => {
  it('are dialled until they are there, and again when they come back', async () => {
    const target = await startEngine();
    await target.engine.stop();
    const node = await startEngine({ staticNodes: [target.address] });
    await vi.waitUntil(
      () => node.events.some((event) => event.type === 'logged' && event.level === 'warn'),
      5_000,
    );
    await target.engine.start();
    await vi.waitUntil(async () => (await node.engine.peers()).length === 1, 10_000);
    expect((await node.engine.peers())[0]).toMatchObject({ origin: 'static', direction: 'outbound' });
    await target.engine.stop();
    await vi.waitUntil(async () => (await node.engine.peers()).length === 0, 10_000);
    await target.engine.start();
    await vi.waitUntil(async () => (await node.engine.peers()).length === 1, 10_000);
  }, 60_000);

  it('stay away after the user disconnected them', async () => {
    const target = await startEngine();
    const node = await startEngine({ staticNodes: [target.address] });
    await vi.waitUntil(async () => (await node.engine.peers()).length === 1, 10_000);
    await node.engine.disconnect(target.peerId);
    await delay(2_500);
    expect(await node.engine.peers()).toEqual([]);
    expect(node.events).toContainEqual({
      type: 'peerLeft',
      peerId: target.peerId,
      reason: 'disconnected here',
    });
  });
});
