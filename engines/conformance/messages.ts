/** Messages from one node to the next: every field, both ways. */
import { expect } from 'vitest';
import { nowNs } from '../../core/engine/clock.ts';
import { maxPayloadBytes } from '../../core/waku/limits.ts';
import { messageHashText } from '../../core/waku/hash.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import { CONTENT_TOPIC, testMessage } from './message.ts';
import type { Suite } from './suite.ts';
import { eventually, TOPIC, type TestNode } from './test-node.ts';

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 256);

/** Messages that have to arrive unchanged, by what is special about them. */
export const MESSAGES: Readonly<Record<string, () => WakuMessage>> = {
  'every field set': () =>
    testMessage({
      payload: counting(256),
      version: 2,
      meta: counting(5),
      rateLimitProof: counting(300),
      ephemeral: true,
    }),
  'no field but the needed ones': () => testMessage(),
  'one byte, zero': () => testMessage({ payload: new Uint8Array(1) }),
  'a negative timestamp': () => testMessage({ timestampNs: -1n }),
  'the earliest timestamp': () => testMessage({ timestampNs: -(2n ** 63n) }),
  'the latest timestamp': () => testMessage({ timestampNs: 2n ** 63n - 1n }),
  'a content topic of many scripts': () => testMessage({ contentTopic: '/wäku/1/消息 ✓ 🦀/proto' }),
  'a content topic without slashes': () => testMessage({ contentTopic: 'toychat' }),
  'meta of 64 bytes': () => testMessage({ meta: counting(64) }),
  'the largest version': () => testMessage({ version: 4_294_967_295 }),
  ephemeral: () => testMessage({ ephemeral: true }),
  '1 KiB': () => testMessage({ payload: counting(1_024) }),
  '100 KiB': () => testMessage({ payload: counting(102_400) }),
  'the largest payload': () => {
    const bare = testMessage();
    return { ...bare, payload: counting(maxPayloadBytes(TOPIC, bare)) };
  },
};

/** The same fields, but not the same message, which would be a duplicate; as long as the other. */
export function back(message: WakuMessage): WakuMessage {
  return { ...message, contentTopic: message.contentTopic.replace(/.$/u, '~') };
}

/** Sends a message to a neighbour, and checks what arrives and what comes back. */
export async function cross(
  from: TestNode,
  to: TestNode,
  message: WakuMessage,
  pubsubTopic = TOPIC,
): Promise<void> {
  await from.engine.publish(pubsubTopic, message);
  const event = await to.untilHeard(message);
  const { messageOrigin } = to.engine.info.capabilities;
  expect(event).toMatchObject({
    pubsubTopic,
    message,
    own: false,
    fromPeer: messageOrigin.supported ? from.peerId : null,
  });
  expect(Math.abs(Number(nowNs() - event.receivedNs) / 1e6)).toBeLessThan(10_000);
  if (event.claimedHash !== null) expect(event.claimedHash).toBe(messageHashText(pubsubTopic, message));
  await eventually(() => {
    expect(from.echoes(message)).toMatchObject([{ pubsubTopic, message, own: true, fromPeer: null }]);
  });
}

export function messages(suite: Suite): void {
  const pair = suite.shared((stage) => stage.meshedPair());

  for (const [what, create] of Object.entries(MESSAGES))
    suite.test(`arrives unchanged, both ways: ${what}`, async () => {
      const { a, b } = pair();
      await cross(a, b, create());
      await cross(b, a, back(create()));
    });

  suite.test('comes back as own exactly once, and reaches the other exactly once', async () => {
    const { a, b } = pair();
    const sent = [testMessage(), testMessage(), testMessage()];
    for (const message of sent) await a.engine.publish(TOPIC, message);
    const last = testMessage({ contentTopic: `${CONTENT_TOPIC}/last` });
    await b.engine.publish(TOPIC, last);
    await a.untilHeard(last);
    for (const message of sent) {
      await b.untilHeard(message);
      expect(a.echoes(message)).toHaveLength(1);
      expect(a.heard(message)).toEqual([]);
      expect(b.heard(message)).toHaveLength(1);
      expect(b.echoes(message)).toEqual([]);
    }
  });

  suite.test('comes back as own without any peer', async (stage) => {
    const alone = await stage.node();
    const message = testMessage();
    const outcome = await alone.engine.publish(TOPIC, message).catch((error: unknown) => error);
    // An engine that refuses to publish to nobody has nothing to echo.
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'NO_PEERS' });
    else
      await eventually(() => {
        expect(alone.echoes(message)).toHaveLength(1);
      });
  });
}
