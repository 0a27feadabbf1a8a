/**
 * Nodes of different engines with each other, in this process: every pair, each as sender and as receiver. How an engine
 * fares with itself, its conformance test says; with go-waku's own node, engine-cmd-waku.test.ts.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseNodeConfig } from '../core/engine/config.ts';
import { delay } from '../core/engine/deadline.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { Session } from '../core/session/session.ts';
import { messageHashText } from '../core/waku/hash.ts';
import { testMessage } from '../engines/conformance/message.ts';
import { back, cross, MESSAGES } from '../engines/conformance/messages.ts';
import { Stage } from '../engines/conformance/stage.ts';
import { eventually, TOPIC, type TestNode } from '../engines/conformance/test-node.ts';
import { JsEngine } from '../engines/js/engine.ts';
import { NO_DETAILS, NO_UNSUBSCRIBE } from '../engines/native/libwaku-limits.ts';
import { nativeAdapters, type MaybeAdapter } from '../engines/native/fixture-adapters.ts';

const js: MaybeAdapter = {
  name: 'js',
  adapter: { name: 'js', create: (config) => new JsEngine(parseNodeConfig(config)) },
  missing: '',
};
const { goWaku, inPlace, nwaku } = await nativeAdapters();
const PAIRS = [
  [js, goWaku],
  [js, inPlace],
  [goWaku, inPlace],
  [js, nwaku],
  [goWaku, nwaku],
] as const;

const SHARDS = Array.from({ length: 20 }, (_, index) => 100 + index);
const topicOf = (shard: number): string => `/waku/2/rs/16/${shard}`;
/** Gossipsub waits this long after an unsubscribe before it grafts again, and a heartbeat or two. */
const MESH_BACK_MS = 30_000;
/** On loopback a message takes a few ms. */
const HEARD_MS = 300;
const TEST_MS = 60_000;

// Most of the time is waiting for heartbeats: the pairs wait together.
for (const [first, second] of PAIRS)
  describe(first.name, { concurrent: true, timeout: TEST_MS }, () => {
    describe(`and ${second.name}`, { concurrent: false }, () => {
      if (first.adapter !== null && second.adapter !== null)
        pair(new Stage(first.adapter), new Stage(second.adapter), second === nwaku);
      else
        it('are one network', (context) => {
          context.skip(first.adapter === null ? first.missing : second.missing);
        });
    });
  });

function pair(stageA: Stage, stageB: Stage, withLibwaku: boolean): void {
  let a: TestNode;
  let b: TestNode;

  beforeAll(async () => {
    [a, b] = await Promise.all([
      stageA.node({ agentString: 'first', shards: [32, ...SHARDS] }),
      stageB.node({ agentString: 'second', shards: [32, ...SHARDS] }),
    ]);
    await a.engine.connect(b.address);
    await untilOneMesh(a, b);
  });
  afterAll(async () => {
    await Promise.all([stageA.end(), stageB.end()]);
  });
  const bothWays = async (work: (from: TestNode, to: TestNode) => Promise<void>): Promise<void> => {
    await work(a, b);
    await work(b, a);
  };

  for (const [what, create] of Object.entries(MESSAGES))
    it(`pass on unchanged, both ways: ${what}`, async () => {
      await cross(a, b, create());
      await cross(b, a, back(create()));
    });

  it('know who the other is', async (context) => {
    if (withLibwaku) context.skip(NO_DETAILS);
    const [seenByA, seenByB] = await Promise.all([a.untilIdentified(b), b.untilIdentified(a)]);
    expect(seenByA).toMatchObject({ agent: 'second', direction: 'outbound', origin: 'manual' });
    expect(seenByB).toMatchObject({ agent: 'first', direction: 'inbound', origin: 'inbound' });
    for (const { shards } of [seenByA, seenByB])
      expect(shards?.sort((x, y) => x - y)).toEqual([32, ...SHARDS]);
    expect(await a.engine.ping(b.peerId)).toBeGreaterThan(0);
    expect(await b.engine.ping(a.peerId)).toBeGreaterThan(0);
  });

  it('carry messages of twenty shards at once, each on its own', async () => {
    await bothWays(async (from, to) => {
      const sent = SHARDS.map((shard) => ({ topic: topicOf(shard), message: testMessage() }));
      await Promise.all(sent.map(({ topic, message }) => cross(from, to, message, topic)));
      const heard = sent.map(({ message }) => to.heard(message).map(({ pubsubTopic }) => pubsubTopic));
      expect(heard).toEqual(sent.map(({ topic }) => [topic]));
    });
  });

  it('hear one message once, however often and by whom it is published', async () => {
    await bothWays(async (from, to) => {
      const message = testMessage();
      await cross(from, to, message);
      await expect(from.engine.publish(TOPIC, { ...message })).rejects.toMatchObject({
        code: 'MESSAGE_DUPLICATE',
      });
      // Whatever it answers: the first has it already.
      await to.engine.publish(TOPIC, { ...message }).catch(() => undefined);
      const next = testMessage();
      await cross(to, from, next);
      expect([from.heard(message), to.heard(message)].map(({ length }) => length)).toEqual([0, 1]);
      expect(from.echoes(message)).toHaveLength(1);
    });
  });

  it('count each other under the names of nwaku', async () => {
    for (const { engine } of [a, b]) {
      const figures = await engine.metrics();
      // nwaku writes 1.0, and names only some of the topics.
      expect(figures).toMatch(/^libp2p_peers 1(\.0)?$/m);
      expect(figures).toMatch(/^libp2p_pubsub_peers 1(\.0)?$/m);
      expect(figures).toMatch(/^libp2p_pubsub_topics 21(\.0)?$/m);
      expect(figures).toMatch(/^libp2p_gossipsub_peers_per_topic_mesh\{.*\} [1-9]\d*(\.0)?$/m);
    }
  });

  it('part, tell what becomes of the topic, and find each other again, whoever dials', async () => {
    await bothWays(async (dialler, other) => {
      await dialler.engine.disconnect(other.peerId);
      await Promise.all([a.untilAlone(), b.untilAlone()]);
      for (const node of [a, b]) await untilHealth(node, 'UnHealthy');
      expect(await dialler.engine.connect(other.address)).toBe(other.peerId);
      await untilOneMesh(a, b);
      for (const node of [a, b]) await untilHealth(node, 'MinimallyHealthy');
      await cross(a, b, testMessage());
      await cross(b, a, testMessage());
    });
  });

  it('refuse an address that names somebody else', async () => {
    const [c, d] = await Promise.all([stageA.node(), stageB.node()]);
    for (const [dialler, other, name] of [
      [c, d, a],
      [d, c, b],
    ] as const) {
      const address = other.address.replace(other.peerId, name.peerId);
      await expect(dialler.engine.connect(address)).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
      await Promise.all([c.untilAlone(), d.untilAlone()]);
    }
  });

  it('are not of one network when their clusters differ, whoever dials', async () => {
    const [c, d] = await Promise.all([stageA.node({ clusterId: 16 }), stageB.node({ clusterId: 17 })]);
    for (const [dialler, other] of [
      [c, d],
      [d, c],
    ] as const) {
      const failure = await failureOf(dialler.engine.connect(other.address));
      // Either side may be the first to hang up.
      expect(['WRONG_CLUSTER', 'CONNECT_FAILED']).toContain(failure.code);
      expect(failure.message + failure.hint).toMatch(/cluster|another network/);
      await Promise.all([c.untilAlone(), d.untilAlone()]);
    }
    for (const node of [c, d]) expect(node.told('peerIdentified')).toEqual([]);
  });

  it('refuse one byte more than the largest payload, which the other never hears', async () => {
    for (const [stage, other] of [
      [stageA, b],
      [stageB, a],
    ] as const) {
      const { engine } = await stage.engine();
      const session = new Session({ engine, config: parseNodeConfig({}) });
      await session.start();
      await engine.connect(other.address);
      await eventually(async () => {
        expect(await engine.mesh(TOPIC)).toEqual([other.peerId]);
      });
      const largest = MESSAGES['the largest payload']?.() ?? testMessage();
      const fits = { ...largest, pubsubTopic: TOPIC };
      const tooLarge = { ...fits, payload: new Uint8Array(largest.payload.length + 1).fill(1) };
      await expect(session.publish(tooLarge)).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
      expect((await session.publish(fits)).hash).toBe(messageHashText(TOPIC, largest));
      const { message } = await other.untilHeard(largest);
      expect(message.payload).toHaveLength(largest.payload.length);
      expect(other.heard(largest)).toHaveLength(1);
      await session.stop();
    }
    await Promise.all([a.untilMesh([b]), b.untilMesh([a])]);
  });

  it('hear nothing of a topic while unsubscribed, and hear again once subscribed again', async (context) => {
    if (withLibwaku) context.skip(NO_UNSUBSCRIBE);
    const topics = [
      [a, b, topicOf(100)],
      [b, a, topicOf(101)],
    ] as const;
    // Both ways at the same time: the wait until the mesh is back is the same.
    await Promise.all(
      topics.map(async ([from, to, topic]) => {
        await to.engine.unsubscribe(topic);
        await from.untilMesh([], topic);
        const unheard = testMessage();
        await from.engine.publish(topic, unheard).catch(() => undefined);
        await delay(HEARD_MS);
        expect(to.heard(unheard)).toEqual([]);
        await to.engine.subscribe(topic);
        await Promise.all([
          from.untilMesh([to], topic, MESH_BACK_MS),
          to.untilMesh([from], topic, MESH_BACK_MS),
        ]);
        await cross(from, to, testMessage(), topic);
        await cross(to, from, testMessage(), topic);
      }),
    );
  });
}

async function untilOneMesh(a: TestNode, b: TestNode): Promise<void> {
  await Promise.all(
    [TOPIC, ...SHARDS.map(topicOf)].flatMap((topic) => [
      a.untilMesh([b], topic, MESH_BACK_MS),
      b.untilMesh([a], topic, MESH_BACK_MS),
    ]),
  );
}

async function failureOf(call: Promise<unknown>): Promise<WakuDeskError> {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof WakuDeskError) return outcome;
  throw new Error('the call did not fail as it should');
}

async function untilHealth(node: TestNode, health: string): Promise<void> {
  await eventually(() => {
    const last = node.told('topicHealthChanged').filter(({ pubsubTopic }) => pubsubTopic === TOPIC);
    expect(last.at(-1)?.health).toBe(health);
  });
}
