/** Connecting to what is not there, not a node, or of another network; cancelling and time limits. */
import { expect } from 'vitest';
import type { ErrorCode } from '../../core/engine/errors.ts';
import type { Suite } from './suite.ts';
import { freePort, NOBODY, tcpServer } from './tcp.ts';
import { eventually, type TestNode } from './test-node.ts';

const NO_ADDRESSES = [
  '',
  'node',
  '127.0.0.1:60000',
  '/ip4/127.0.0.1',
  '/ip4/999.0.0.1/tcp/1',
  '/ip4/127.0.0.1/tcp/x',
];
/** Well beyond what cancelling takes, well below every time limit of an engine's own. */
const AT_ONCE_MS = 2_000;

export function failingToConnect(suite: Suite): void {
  suite.test('CONNECT_FAILED: nobody listens', async (stage) => {
    const node = await stage.node();
    await fails(node, `/ip4/127.0.0.1/tcp/${String(await freePort(stage))}/p2p/${NOBODY}`, 'CONNECT_FAILED');
  });

  suite.test('CONNECT_FAILED: the other side hangs up, or speaks another language', async (stage) => {
    const node = await stage.node();
    const [rude, web] = await Promise.all([
      tcpServer(stage, (socket) => socket.destroy()),
      tcpServer(stage, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    ]);
    await Promise.all([rude, web].map(({ address }) => fails(node, address, 'CONNECT_FAILED')));
  });

  suite.test('MULTIADDR_INVALID: the text is no address', async (stage) => {
    const node = await stage.node();
    for (const text of NO_ADDRESSES) await fails(node, text, 'MULTIADDR_INVALID');
  });

  suite.test('CONNECT_FAILED: the address is its own', async (stage) => {
    const node = await stage.node();
    await fails(node, node.address, 'CONNECT_FAILED');
    if (suite.info.capabilities.dialUnnamed.supported)
      await fails(node, node.address.replace(/\/p2p\/.*$/, ''), 'CONNECT_FAILED');
  });

  suite.test('CONNECT_FAILED: another peer listens there', async (stage) => {
    const [a, b, other] = await stage.nodes(3);
    if (a === undefined || b === undefined || other === undefined) throw new Error('three nodes are some');
    await fails(a, b.address.replace(b.peerId, other.peerId), 'CONNECT_FAILED');
    await b.untilAlone();
    expect(await a.engine.connect(b.address)).toBe(b.peerId);
  });

  suite.test('WRONG_CLUSTER: the peer is of another network, and gone on both sides', async (stage) => {
    const [a, b] = await Promise.all([stage.node({ clusterId: 16 }), stage.node({ clusterId: 17 })]);
    await expect(a.engine.connect(b.address)).rejects.toMatchObject({ code: 'WRONG_CLUSTER' });
    await Promise.all([a.untilAlone(), b.untilAlone()]);
    for (const node of [a, b]) expect(node.told('peerIdentified')).toEqual([]);
    // The refusal may be known before the peer is seen to join, and to leave.
    await eventually(() => {
      expect(a.told('peerLeft')).toHaveLength(a.told('peerJoined').length);
    });
  });

  suite.test('TIMED_OUT: the other side never says a word, and is let go', async (stage) => {
    const [node, server] = await Promise.all([stage.node(), tcpServer(stage)]);
    const startMs = performance.now();
    await expect(node.engine.connect(server.address, { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'TIMED_OUT',
    });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(295);
    expect(performance.now() - startMs).toBeLessThan(300 + AT_ONCE_MS);
    await eventually(() => {
      expect(server.open.size).toBe(0);
    });
    expect(await node.engine.peers()).toEqual([]);
  });

  suite.test('CANCELLED: the caller gives up, and the other side is let go', async (stage) => {
    const [node, server] = await Promise.all([stage.node(), tcpServer(stage)]);
    const controller = new AbortController();
    const call = node.engine.connect(server.address, { signal: controller.signal });
    await eventually(() => {
      expect(server.open.size).toBe(1);
    });
    const startMs = performance.now();
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - startMs).toBeLessThan(AT_ONCE_MS);
    await eventually(() => {
      expect(server.open.size).toBe(0);
    });
  });

  suite.test('CANCELLED: the caller gave up before', async (stage) => {
    const { a, b } = await stage.pair();
    const controller = new AbortController();
    controller.abort();
    await expect(a.engine.connect(b.address, { signal: controller.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(await a.engine.connect(b.address)).toBe(b.peerId);
  });

  suite.test('a call that waits ends when the node stops', async (stage) => {
    const [node, server] = await Promise.all([stage.node(), tcpServer(stage)]);
    const outcome = Promise.allSettled([node.engine.connect(server.address)]);
    await eventually(() => {
      expect(server.open.size).toBe(1);
    });
    const startMs = performance.now();
    await node.engine.stop();
    expect((await outcome)[0].status).toBe('rejected');
    expect(performance.now() - startMs).toBeLessThan(AT_ONCE_MS);
  });
}

async function fails({ engine }: TestNode, address: string, code: ErrorCode): Promise<void> {
  await expect(engine.connect(address), address).rejects.toMatchObject({ code });
  expect(await engine.peers()).toEqual([]);
}
