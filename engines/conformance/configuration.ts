/** What the configuration makes of a node. */
import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { freePort } from './tcp.ts';

/** Its peer id, the public key as an identity multihash in base58, was computed without any libp2p. */
const KNOWN_KEY = '364d111d729a6eb6d2e6113e163f017b5ef03a6f94c9b5b7bb1bb36fa5cb07a9';
const KNOWN_PEER_ID = '16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie';

export function configuration(suite: Suite): void {
  suite.test('the node key decides the peer id, with and without 0x', async (stage) => {
    const plain = await stage.node({ nodeKey: KNOWN_KEY });
    const prefixed = await stage.node({ nodeKey: `0x${KNOWN_KEY.toUpperCase()}` });
    expect([plain.peerId, prefixed.peerId]).toEqual([KNOWN_PEER_ID, KNOWN_PEER_ID]);
  });

  suite.test('without a node key every node is another peer', async (stage) => {
    const { a, b } = await stage.pair();
    expect(a.peerId).not.toBe(b.peerId);
  });

  suite.test('the node listens on the configured port', async (stage) => {
    const tcpPort = await freePort(stage);
    expect((await stage.node({ tcpPort })).port).toBe(tcpPort);
  });

  suite.test('shards, pubsub topics and content topics are subscribed from the start', async (stage) => {
    const { engine } = await stage.node({
      shards: [5, 1, 5],
      shardsInNetwork: 8,
      // Shard 3 of 8, by the specification's own example.
      contentTopics: ['/toychat/2/huilong/proto'],
      // The last one of another cluster.
      pubsubTopics: ['/waku/2/rs/16/7', '/waku/2/rs/17/7'],
    });
    const shards = [1, 3, 5, 7].map((shard) => `/waku/2/rs/16/${String(shard)}`);
    expect((await engine.topics()).sort()).toEqual([...shards, '/waku/2/rs/17/7']);
  });

  suite.test('a node may begin without any topic', async (stage) => {
    const { engine } = await stage.node({ shards: [] });
    expect(await engine.topics()).toEqual([]);
  });
}
