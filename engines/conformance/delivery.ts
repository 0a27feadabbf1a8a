/** Messages through a network: counted sends, relaying, order, traffic. */
import { expect } from 'vitest';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { testMessage } from './message.ts';
import type { Stage } from './stage.ts';
import type { Suite } from './suite.ts';
import { eventually, TOPIC, type TestNode } from './test-node.ts';

const MANY = 1_000;
/** 36 MB in all: more than any queue of sends holds. */
const BURST = 240;
const LARGE_BYTES = 150_000;

export function delivery(suite: Suite): void {
  suite.test(
    'counts to how many peers a message was really sent: none, one, two',
    async (stage) => {
      const [a, b, c] = await three(stage);
      await a.engine.connect(b.address);
      await a.untilMesh([b]);
      expect(await a.engine.publish(TOPIC, testMessage())).toEqual({ sentToPeers: 1 });
      await a.engine.connect(c.address);
      await a.untilMesh([b, c]);
      expect(await a.engine.publish(TOPIC, testMessage())).toEqual({ sentToPeers: 2 });
      expect(await sentByLonely(stage)).toBe(0);
    },
    {
      needs: 'sendCount',
      otherwise: async (stage) => {
        const { a } = await stage.meshedPair();
        expect(await a.engine.publish(TOPIC, testMessage())).toEqual({ sentToPeers: null });
      },
    },
  );

  suite.test('a node in the middle relays, and is whom the message came from', async (stage) => {
    const [a, b, c] = await three(stage);
    await Promise.all([a.engine.connect(b.address), c.engine.connect(b.address)]);
    await Promise.all([a.untilMesh([b]), b.untilMesh([a, c]), c.untilMesh([b])]);
    const message = testMessage();
    await a.engine.publish(TOPIC, message);
    const { messageOrigin } = suite.info.capabilities;
    const origin = (peer: TestNode): string | null => (messageOrigin.supported ? peer.peerId : null);
    expect(await b.untilHeard(message)).toMatchObject({ message, fromPeer: origin(a) });
    expect(await c.untilHeard(message)).toMatchObject({ message, fromPeer: origin(b), own: false });
  });

  suite.test('a message that comes on two ways is heard once', async (stage) => {
    const [a, b, c] = await three(stage);
    await Promise.all([
      a.engine.connect(b.address),
      b.engine.connect(c.address),
      c.engine.connect(a.address),
    ]);
    await Promise.all([a.untilMesh([b, c]), b.untilMesh([a, c]), c.untilMesh([a, b])]);
    const sent = Array.from({ length: 20 }, () => testMessage());
    for (const message of sent) await a.engine.publish(TOPIC, message);
    for (const message of sent) await Promise.all([b.untilHeard(message), c.untilHeard(message)]);
    expect([b, c].map((node) => node.told('messageReceived').length)).toEqual([20, 20]);
    expect(a.told('messageReceived').every(({ own }) => own)).toBe(true);
  });

  suite.test('a thousand messages arrive once each', async (stage) => {
    const { sent, heard } = await sendMany(stage, MANY);
    expect(heard.sort(ascending)).toEqual(sent.sort(ascending));
  });

  suite.test('messages arrive in the order of sending', async (stage) => {
    const { sent, heard } = await sendMany(stage, MANY / 5);
    expect(heard).toEqual(sent);
  });

  suite.test('what was published right before a stop arrives', async (stage) => {
    const { a, b } = await stage.meshedPair();
    const sent = Array.from({ length: MANY }, () => testMessage());
    await Promise.all(sent.map((message) => a.engine.publish(TOPIC, message)));
    await a.engine.stop();
    await eventually(() => {
      expect(b.told('messageReceived')).toHaveLength(MANY);
    });
  });

  suite.test('a burst of large messages, each awaited, arrives whole', async (stage) => {
    const { a, b } = await stage.meshedPair();
    const payload = new Uint8Array(LARGE_BYTES).fill(1);
    for (let n = 0; n < BURST; n++) await a.engine.publish(TOPIC, testMessage({ payload }));
    await eventually(() => {
      expect(b.told('messageReceived')).toHaveLength(BURST);
    }, 30_000);
    expect(a.told('peerLeft')).toEqual([]);
  });

  suite.test('stopping under traffic ends the calls under way and throws nothing', async (stage) => {
    const { a, b } = await stage.meshedPair();
    const traffic = Promise.all([publishUntilItStops(a), publishUntilItStops(b)]);
    await eventually(() => {
      expect(b.told('messageReceived').length).toBeGreaterThan(50);
    });
    await b.engine.stop();
    expect(b.engine.state).toBe('stopped');
    const heard = b.told('messageReceived').length;
    await a.engine.stop();
    for (const error of await traffic) expect(error).toBeInstanceOf(WakuDeskError);
    expect(b.told('messageReceived')).toHaveLength(heard);
  });
}

async function three(stage: Stage): Promise<[TestNode, TestNode, TestNode]> {
  return Promise.all([stage.node(), stage.node(), stage.node()]);
}

/** Without any peer: 0, or NO_PEERS, which says the same. */
/** @returns the timestamps of what was sent and of what was heard, each in its order */
async function sendMany(stage: Stage, count: number): Promise<{ sent: bigint[]; heard: bigint[] }> {
  const { a, b } = await stage.meshedPair();
  const sent: bigint[] = [];
  for (let n = 0; n < count; n++) {
    const message = testMessage();
    sent.push(message.timestampNs);
    await a.engine.publish(TOPIC, message);
  }
  await eventually(() => {
    expect(b.told('messageReceived').length).toBeGreaterThanOrEqual(count);
    expect(a.told('messageReceived').length).toBeGreaterThanOrEqual(count);
  });
  expect(a.told('messageReceived')).toHaveLength(count);
  for (const node of [a, b]) expect(node.told('gapped')).toEqual([]);
  return { sent, heard: b.told('messageReceived').map(({ message }) => message.timestampNs) };
}

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));

async function sentByLonely(stage: Stage): Promise<number | null> {
  const lonely = await stage.node();
  try {
    return (await lonely.engine.publish(TOPIC, testMessage())).sentToPeers;
  } catch (error) {
    expect(error).toMatchObject({ code: 'NO_PEERS' });
    return 0;
  }
}

/** @returns what ended it: a call that was refused */
async function publishUntilItStops({ engine }: TestNode): Promise<unknown> {
  try {
    for (;;) {
      await engine.publish(TOPIC, testMessage({ payload: new Uint8Array(1_024).fill(1) }));
      // An engine in this thread may answer without giving way to its own sockets.
      await new Promise(setImmediate);
    }
  } catch (error) {
    return error;
  }
}
