/**
 * Native engines and go-waku's own node, each as sender and as receiver. The embedded engine's turn is interop.test.ts,
 * through the command line.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delay } from '../core/engine/deadline.ts';
import { messageHashText } from '../core/waku/hash.ts';
import { createMessage, type WakuMessage } from '../core/waku/message.ts';
import type { EngineAdapter } from '../engines/conformance/adapter.ts';
import { testMessage } from '../engines/conformance/message.ts';
import { back, MESSAGES } from '../engines/conformance/messages.ts';
import { Stage } from '../engines/conformance/stage.ts';
import { TOPIC, type TestNode } from '../engines/conformance/test-node.ts';
import { NO_DETAILS, NO_UNSUBSCRIBE } from '../engines/native/libwaku-limits.ts';
import { nativeAdapters } from '../engines/native/fixture-adapters.ts';
import { buildCmdWaku } from './cmd-waku/build.mjs';
import { startCmdWaku, type CmdWaku } from './cmd-waku/cmd-waku.ts';
import { eventually, GoInbox, untilConnected } from './go-waku.ts';

const START_MS = 120_000;
/** Gossipsub waits this long after an unsubscribe before it grafts again, and a heartbeat or two. */
const MESH_BACK_MS = 30_000;
/** On loopback a message takes a few ms. */
const HEARD_MS = 300;
/** With twenty, cmd/waku hangs now and then. */
const SHARDS = Array.from({ length: 7 }, (_, index) => 100 + index);
const topicOf = (shard: number): string => `/waku/2/rs/16/${shard}`;

const build = await buildCmdWaku();
const { goWaku, inPlace, nwaku } = await nativeAdapters();

// Most of the time is waiting for heartbeats: the engines wait together.
for (const { name, adapter, missing } of [goWaku, inPlace, nwaku])
  describe(name, { concurrent: true, timeout: 60_000 }, () => {
    describe("and go-waku's own node", { concurrent: false }, () => {
      if ('path' in build && adapter !== null) exchange(adapter, build.path, adapter === nwaku.adapter);
      else
        it('are one network', (context) => {
          context.skip('skipped' in build ? build.skipped : missing);
        });
    });
  });

function exchange(adapter: EngineAdapter, path: string, isLibwaku: boolean): void {
  const stage = new Stage(adapter);
  let node: TestNode;
  let go: CmdWaku;
  let inbox: GoInbox;

  beforeAll(async () => {
    go = await startCmdWaku(path, { clusterId: 16, shards: [32, ...SHARDS] });
    stage.atEnd(() => go.stop());
    inbox = new GoInbox(go);
    node = await stage.node({ shards: [32, ...SHARDS] });
    await node.engine.connect(go.multiaddr);
    await untilMesh();
  }, START_MS);
  afterAll(() => stage.end());

  const untilMesh = async (topic = TOPIC): Promise<void> => {
    await eventually(`mesh of ${topic}`, MESH_BACK_MS, async () => {
      return (await node.engine.mesh(topic)).includes(go.peerId) ? true : undefined;
    });
  };

  /** As the node's REST API has it, which knows no proof. */
  const isThere = async (message: WakuMessage): Promise<void> => {
    const there = await inbox.waitFor(messageHashText(TOPIC, message));
    expect(createMessage({ ...there, rateLimitProof: message.rateLimitProof })).toEqual(message);
  };

  for (const [what, create] of Object.entries(MESSAGES))
    it(`pass on unchanged, both ways: ${what}`, async () => {
      const message = create();
      expect(await node.engine.publish(TOPIC, message)).toEqual({ sentToPeers: 1 });
      await isThere(message);
      const { payload, contentTopic, timestampNs, meta, ephemeral, version } = back(create());
      const theirs = { payload, contentTopic, timestampNs, meta, ephemeral, version };
      await go.publish(TOPIC, theirs);
      const event = await node.untilHeard(createMessage(theirs));
      expect(event).toMatchObject({ pubsubTopic: TOPIC, message: theirs, own: false, fromPeer: go.peerId });
      expect(event.claimedHash).toBe(messageHashText(TOPIC, createMessage(theirs)));
    });

  it('know who the other is', async (context) => {
    if (isLibwaku) context.skip(NO_DETAILS);
    const peer = await eventually('shards of the peer', 10_000, async () =>
      (await node.engine.peers()).find(({ shards }) => shards !== null),
    );
    expect(peer).toMatchObject({ peerId: go.peerId, direction: 'outbound', origin: 'manual' });
    expect(peer.agent).toContain('go-waku');
    expect(peer.shards?.sort((x, y) => x - y)).toEqual([32, ...SHARDS]);
    await untilConnected(go, node.peerId);
    expect((await go.peers()).find(({ id }) => id === node.peerId)).toMatchObject({
      protocols: expect.arrayContaining(['/vac/waku/relay/2.0.0']) as string[],
      multiaddrs: [node.address],
    });
    expect(await node.engine.ping(go.peerId)).toBeGreaterThan(0);
  });

  it('carry messages of seven shards at once, each on its own', async () => {
    const sent = SHARDS.map((shard) => ({ topic: topicOf(shard), message: testMessage() }));
    await Promise.all(sent.map(({ topic, message }) => node.engine.publish(topic, message)));
    await Promise.all(
      sent.map(({ topic, message }) => new GoInbox(go, topic).waitFor(messageHashText(topic, message))),
    );
    const theirs = SHARDS.map((shard) => ({ topic: topicOf(shard), message: testMessage() }));
    await Promise.all(theirs.map(({ topic, message }) => go.publish(topic, message)));
    for (const { topic, message } of theirs)
      expect(await node.untilHeard(message)).toMatchObject({ pubsubTopic: topic, message });
  });

  it('hear one message once, however often and by whom it is published', async () => {
    const message = testMessage();
    await node.engine.publish(TOPIC, message);
    await isThere(message);
    await expect(node.engine.publish(TOPIC, { ...message })).rejects.toMatchObject({
      code: 'MESSAGE_DUPLICATE',
    });
    const hash = messageHashText(TOPIC, message);
    expect((await inbox.hashes()).filter((there) => there === hash)).toHaveLength(1);
    // Its REST API then has it twice: it shows what it publishes itself.
    await go.publish(TOPIC, message).catch(() => undefined);
    const next = testMessage();
    await go.publish(TOPIC, next);
    await node.untilHeard(next);
    expect([node.heard(message).length, node.echoes(message).length]).toEqual([0, 1]);
  });

  it('part, and find each other again, whoever dials', async () => {
    const dials = [
      async () => {
        expect(await node.engine.connect(go.multiaddr)).toBe(go.peerId);
      },
      () => go.connect(node.address),
    ];
    for (const dial of dials) {
      await node.engine.disconnect(go.peerId);
      await node.untilAlone();
      await untilConnected(go, node.peerId, false);
      await dial();
      await untilMesh();
      const message = testMessage();
      await node.engine.publish(TOPIC, message);
      await isThere(message);
      const theirs = testMessage();
      await go.publish(TOPIC, theirs);
      await node.untilHeard(theirs);
    }
    expect(await node.engine.peers()).toMatchObject([{ direction: 'inbound', origin: 'inbound' }]);
  });

  it('are not of one network when their clusters differ, whoever dials', async () => {
    const other = await stage.node({ clusterId: 17 });
    await expect(other.engine.connect(go.multiaddr)).rejects.toMatchObject({
      code: expect.stringMatching(/^(WRONG_CLUSTER|CONNECT_FAILED)$/) as string,
    });
    await other.untilAlone();
    await go.connect(other.address).catch(() => undefined);
    await untilConnected(go, other.peerId, false);
    await other.untilAlone();
    expect(other.told('peerIdentified')).toEqual([]);
  });

  it('hear nothing of a topic while unsubscribed, and hear again once subscribed again', async (context) => {
    if (isLibwaku) context.skip(NO_UNSUBSCRIBE);
    const topic = topicOf(100);
    await node.engine.unsubscribe(topic);
    const unheard = testMessage();
    await go.publish(topic, unheard);
    await delay(HEARD_MS);
    expect(node.heard(unheard)).toEqual([]);
    await node.engine.subscribe(topic);
    await untilMesh(topic);
    const theirs = testMessage();
    await go.publish(topic, theirs);
    await node.untilHeard(theirs);
  });
}
