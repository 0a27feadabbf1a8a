/** What two connected nodes know of each other, and how they part. */
import { expect } from 'vitest';
import type { EngineEvent } from '../../core/engine/events.ts';
import type { Suite } from './suite.ts';
import { eventually, type TestNode } from './test-node.ts';

const NOBODY = '16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie';
const PROTOCOLS = ['/vac/waku/relay/2.0.0', '/vac/waku/metadata/1.0.0', '/ipfs/ping/1.0.0', '/ipfs/id/1.0.0'];

export function peers(suite: Suite): void {
  const pair = suite.shared(async (stage) => {
    const [a, b] = await Promise.all([
      stage.node({ agentString: 'conformance a', shards: [32, 5] }),
      stage.node({ agentString: 'conformance b', shards: [32] }),
    ]);
    await a.engine.connect(b.address);
    return { a, b };
  });

  suite.test('both sides know address, protocols, direction, origin and shards', async () => {
    const { a, b } = pair();
    const [seenByA, seenByB] = await Promise.all([a.untilIdentified(b), b.untilIdentified(a)]);
    expect(seenByA).toMatchObject({ direction: 'outbound', origin: 'manual', shards: [32] });
    expect(seenByB).toMatchObject({ direction: 'inbound', origin: 'inbound' });
    expect(seenByB.shards?.sort((x, y) => x - y)).toEqual([5, 32]);
    for (const { protocols } of [seenByA, seenByB])
      expect(protocols).toEqual(expect.arrayContaining(PROTOCOLS));
    expect(seenByA.addresses[0]).toContain(`/tcp/${String(b.port)}`);
    expect(seenByB.addresses.join()).toContain(`/tcp/${String(a.port)}`);
  });

  suite.test("both sides know the other's agent", async () => {
    const { a, b } = pair();
    expect((await a.untilIdentified(b)).agent).toBe('conformance b');
    expect((await b.untilIdentified(a)).agent).toBe('conformance a');
  });

  suite.test('both sides know since when they are connected', async () => {
    const { a, b } = pair();
    for (const peer of [await a.untilIdentified(b), await b.untilIdentified(a)]) {
      const agoMs = Date.now() - Number(peer.connectedSinceNs / 1_000_000n);
      expect(agoMs).toBeGreaterThanOrEqual(-1);
      expect(agoMs).toBeLessThan(60_000);
    }
  });

  suite.test('the events tell what peers() answers', async () => {
    const { a, b } = pair();
    await Promise.all([a.untilIdentified(b), b.untilIdentified(a)]);
    for (const [node, other] of [
      [a, b],
      [b, a],
    ] as const) {
      expect(node.told('peerJoined')).toMatchObject([{ peer: { peerId: other.peerId } }]);
      const told = await eventually(() => {
        const [event] = node.told('peerIdentified');
        if (event === undefined) throw new Error('the peer is not identified');
        return event.peer;
      });
      const [now] = await node.engine.peers();
      expect({ ...now, latencyMs: null }).toEqual({ ...told, latencyMs: null });
    }
  });

  suite.test('a ping answers with the time of a round trip', async () => {
    const { a, b } = pair();
    const latencyMs = await a.engine.ping(b.peerId);
    expect(latencyMs).toBeGreaterThan(0);
    expect(latencyMs).toBeLessThan(5_000);
    expect((await a.engine.peers())[0]?.latencyMs).toBe(latencyMs);
    expect(await b.engine.ping(a.peerId, { timeoutMs: 5_000 })).toBeGreaterThan(0);
  });

  suite.test('a ping fails for who is not connected, for no peer id, and when cancelled', async () => {
    const { a, b } = pair();
    const controller = new AbortController();
    controller.abort();
    await expect(a.engine.ping(NOBODY)).rejects.toMatchObject({ code: 'PEER_NOT_CONNECTED' });
    await expect(a.engine.ping('nobody')).rejects.toMatchObject({ code: 'PEER_ID_INVALID' });
    await expect(a.engine.ping(b.peerId, { signal: controller.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  suite.test('disconnecting who is not connected is no error; what is no peer id is one', async () => {
    const { a } = pair();
    await a.engine.disconnect(NOBODY);
    await expect(a.engine.disconnect('nobody')).rejects.toMatchObject({ code: 'PEER_ID_INVALID' });
    expect(await a.engine.peers()).toHaveLength(1);
  });

  suite.test('joined, identified and left are told in this order on both sides', async (stage) => {
    const { a, b } = await stage.pair();
    await a.engine.connect(b.address);
    await Promise.all([a.untilIdentified(b), b.untilIdentified(a)]);
    await a.engine.disconnect(b.peerId);
    await Promise.all([a.untilAlone(), b.untilAlone()]);
    for (const [node, other] of [
      [a, b],
      [b, a],
    ] as const)
      await eventually(() => {
        expect(historyOf(other, node)).toEqual(['peerJoined', 'peerIdentified', 'peerLeft']);
      });
  });

  suite.test('a peer that stops has left', async (stage) => {
    const { a, b } = await stage.pair();
    await a.engine.connect(b.address);
    await a.untilIdentified(b);
    await b.engine.stop();
    await a.untilAlone();
    expect(historyOf(b, a)).toEqual(['peerJoined', 'peerIdentified', 'peerLeft']);
  });
}

/** What a node told of another one. */
function historyOf(other: TestNode, node: TestNode): string[] {
  const isAbout = (event: EngineEvent): boolean => {
    if (event.type === 'peerLeft') return event.peerId === other.peerId;
    if (event.type !== 'peerJoined' && event.type !== 'peerIdentified') return false;
    return event.peer.peerId === other.peerId;
  };
  return node.events.filter(isAbout).map(({ type }) => type);
}
