/** The mesh of a topic and its health. */
import { expect } from 'vitest';
import { delay } from '../../core/engine/deadline.ts';
import { testMessage } from './message.ts';
import type { Suite } from './suite.ts';
import { eventually, TOPIC, type TestNode } from './test-node.ts';

/** Gossipsub may wait this long before it grafts again after an unsubscribe. */
const MESH_BACK_MS = 30_000;
/** On loopback a message takes a few ms. */
const HEARD_MS = 300;

export function mesh(suite: Suite): void {
  suite.test('the events and mesh() agree, from the first peer to the last', async (stage) => {
    const { a, b } = await stage.meshedPair();
    for (const [node, other] of [
      [a, b],
      [b, a],
    ] as const)
      await eventually(() => {
        expect(lastMesh(node)).toEqual([other.peerId]);
        expect(lastHealth(node)).toBe('MinimallyHealthy');
      });
    await a.engine.disconnect(b.peerId);
    await Promise.all([a.untilMesh([]), b.untilMesh([])]);
    for (const node of [a, b])
      await eventually(() => {
        expect(lastMesh(node)).toEqual([]);
        expect(lastHealth(node)).toBe('UnHealthy');
      });
  });

  suite.test('tells who relays a topic, until the peer unsubscribes it', async (stage) => {
    const { a, b } = await stage.meshedPair();
    expect(await a.engine.relayPeers(TOPIC)).toEqual([b.peerId]);
    await b.engine.unsubscribe(TOPIC);
    await eventually(async () => {
      expect(await a.engine.relayPeers(TOPIC)).toEqual([]);
    });
  });

  suite.test('four peers make a topic sufficiently healthy', async (stage) => {
    const [hub, ...others] = await stage.nodes(5);
    if (hub === undefined) throw new Error('five nodes are some');
    await Promise.all(others.map(({ address }) => hub.engine.connect(address)));
    await hub.untilMesh(others);
    await eventually(() => {
      expect(lastMesh(hub)).toHaveLength(4);
      expect(lastHealth(hub)).toBe('SufficientlyHealthy');
    });
  });

  suite.test('a topic that is not subscribed has no mesh', async (stage) => {
    const { a } = await stage.meshedPair();
    expect(await a.engine.mesh('/waku/2/rs/16/33')).toEqual([]);
    expect(await a.engine.relayPeers('/waku/2/rs/16/33')).toEqual([]);
    await a.engine.unsubscribe(TOPIC);
    expect(await a.engine.mesh(TOPIC)).toEqual([]);
    await eventually(() => {
      expect(lastMesh(a)).toEqual([]);
    });
  });

  suite.test('a peer without the topic is not in its mesh and gets none of its messages', async (stage) => {
    const [a, b, other] = await Promise.all([stage.node(), stage.node(), stage.node({ shards: [33] })]);
    await Promise.all([a.engine.connect(b.address), a.engine.connect(other.address)]);
    await a.untilMesh([b]);
    const message = testMessage();
    const { sentToPeers } = await a.engine.publish(TOPIC, message);
    if (suite.info.capabilities.sendCount.supported) expect(sentToPeers).toBe(1);
    await b.untilHeard(message);
    expect(other.told('messageReceived')).toEqual([]);
  });

  suite.test('unsubscribed hears nothing; subscribed again hears, and is back in the mesh', async (stage) => {
    const { a, b } = await stage.meshedPair();
    await b.engine.unsubscribe(TOPIC);
    await a.untilMesh([]);
    await a.engine.publish(TOPIC, testMessage()).catch(() => undefined);
    // Long enough to arrive, had it been sent; once subscribed again, b may ask for what it missed.
    await delay(HEARD_MS);
    expect(b.told('messageReceived')).toEqual([]);
    await b.engine.subscribe(TOPIC);
    await Promise.all([a.untilMesh([b], TOPIC, MESH_BACK_MS), b.untilMesh([a], TOPIC, MESH_BACK_MS)]);
    const message = testMessage();
    await a.engine.publish(TOPIC, message);
    await b.untilHeard(message);
  });
}

function lastMesh(node: TestNode): string[] | undefined {
  return node
    .told('meshChanged')
    .filter(({ pubsubTopic }) => pubsubTopic === TOPIC)
    .at(-1)?.peerIds;
}

function lastHealth(node: TestNode): string | undefined {
  return node
    .told('topicHealthChanged')
    .filter(({ pubsubTopic }) => pubsubTopic === TOPIC)
    .at(-1)?.health;
}
