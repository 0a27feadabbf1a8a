/** Connecting to another node. */
import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { eventually, type TestNode } from './test-node.ts';

export function connecting(suite: Suite): void {
  suite.test('a full multiaddr answers with the peer id, and the peer was told before', async (stage) => {
    const { a, b } = await stage.pair();
    const call = a.engine.connect(b.address).then((peerId) => ({ peerId, told: joins(a) }));
    expect(await call).toEqual({ peerId: b.peerId, told: [b.peerId] });
  });

  suite.test(
    'a multiaddr without a peer id answers with the one that is there, connected or not',
    async (stage) => {
      const { a, b } = await stage.pair();
      expect(await a.engine.connect(withoutPeerId(b.address))).toBe(b.peerId);
      expect(await a.engine.connect(withoutPeerId(b.address))).toBe(b.peerId);
      expect((await a.engine.peers()).map(({ peerId }) => peerId)).toEqual([b.peerId]);
    },
    {
      needs: 'dialUnnamed',
      otherwise: async (stage, { code }) => {
        const { a, b } = await stage.pair();
        await expect(a.engine.connect(withoutPeerId(b.address))).rejects.toMatchObject({ code });
      },
    },
  );

  suite.test('connecting again, or twice at once, is one peer', async (stage) => {
    const { a, b } = await stage.pair();
    await Promise.all([a.engine.connect(b.address), a.engine.connect(b.address)]);
    expect(await a.engine.connect(b.address)).toBe(b.peerId);
    expect(await a.engine.peers()).toHaveLength(1);
    expect(joins(a)).toEqual([b.peerId]);
  });

  suite.test('two nodes that dial each other at once are one peer to each', async (stage) => {
    const { a, b } = await stage.pair();
    const answers = await Promise.all([a.engine.connect(b.address), b.engine.connect(a.address)]);
    expect(answers).toEqual([b.peerId, a.peerId]);
    expect([joins(a), joins(b)]).toEqual([[b.peerId], [a.peerId]]);
    expect(await a.engine.peers()).toHaveLength(1);
    expect(await b.engine.peers()).toHaveLength(1);
  });

  suite.test('a connection that was closed can be made again, from either side', async (stage) => {
    const { a, b } = await stage.pair();
    await a.engine.connect(b.address);
    await a.engine.disconnect(b.peerId);
    await Promise.all([a.untilAlone(), b.untilAlone()]);
    expect(await b.engine.connect(a.address)).toBe(a.peerId);
    await eventually(() => {
      expect(joins(a)).toEqual([b.peerId, b.peerId]);
    });
  });

  suite.test('connecting to many at once reaches each', async (stage) => {
    const [hub, ...others] = await stage.nodes(6);
    if (hub === undefined) throw new Error('six nodes are some');
    const answers = await Promise.all(others.map(({ address }) => hub.engine.connect(address)));
    expect(answers).toEqual(others.map(({ peerId }) => peerId));
    expect(await hub.engine.peers()).toHaveLength(5);
  });
}

function joins(node: TestNode): string[] {
  return node.told('peerJoined').map(({ peer }) => peer.peerId);
}

function withoutPeerId(address: string): string {
  return address.replace(/\/p2p\/.*$/, '');
}
