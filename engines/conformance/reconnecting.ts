/** Static nodes: dialled in the background, and again whenever they come back. */
import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { freePort } from './tcp.ts';
import { eventually } from './test-node.ts';

const NODE_KEY = '364d111d729a6eb6d2e6113e163f017b5ef03a6f94c9b5b7bb1bb36fa5cb07a9';
const PEER_ID = '16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie';

export function reconnecting(suite: Suite): void {
  suite.test('a static node is connected after the start, and again after it was away', async (stage) => {
    const tcpPort = await freePort(stage);
    const first = await stage.node({ nodeKey: NODE_KEY, tcpPort });
    const a = await stage.node({ staticNodes: [first.address] });
    expect(await a.untilIdentified(first)).toMatchObject({ origin: 'static', direction: 'outbound' });
    await first.engine.stop();
    await a.untilAlone();
    // Another engine with the same key and port: not every engine starts twice in one process.
    const second = await stage.node({ nodeKey: NODE_KEY, tcpPort });
    await eventually(async () => {
      expect(await second.engine.peers()).toMatchObject([{ peerId: a.peerId }]);
    }, 20_000);
    expect(await a.untilIdentified(second)).toMatchObject({ origin: 'static' });
  });

  suite.test(
    'a static node that is not there does not hold up the start, and is found later',
    async (stage) => {
      const tcpPort = await freePort(stage);
      const a = await stage.node({ staticNodes: [`/ip4/127.0.0.1/tcp/${String(tcpPort)}/p2p/${PEER_ID}`] });
      expect(a.engine.state).toBe('running');
      expect(await a.engine.peers()).toEqual([]);
      const late = await stage.node({ nodeKey: NODE_KEY, tcpPort });
      await eventually(async () => {
        expect(await late.engine.peers()).toMatchObject([{ peerId: a.peerId }]);
      }, 20_000);
    },
  );
}
