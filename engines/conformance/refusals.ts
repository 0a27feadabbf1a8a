/** What publish refuses. */
import { expect } from 'vitest';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { testMessage } from './message.ts';
import type { Suite } from './suite.ts';
import { eventually, TOPIC } from './test-node.ts';

/** On loopback a message takes a few ms. */
const HEARD_MS = 1_000;

export function refusals(suite: Suite): void {
  const pair = suite.shared((stage) => stage.meshedPair());

  suite.test('NOT_SUBSCRIBED: never subscribed, or no longer', async () => {
    const { a, b } = pair();
    const other = '/waku/2/rs/16/33';
    await expect(a.engine.publish(other, testMessage())).rejects.toMatchObject({ code: 'NOT_SUBSCRIBED' });
    await a.engine.subscribe(other);
    await a.engine.unsubscribe(other);
    await expect(a.engine.publish(other, testMessage())).rejects.toMatchObject({ code: 'NOT_SUBSCRIBED' });
    expect(b.told('messageReceived').filter(({ pubsubTopic }) => pubsubTopic === other)).toEqual([]);
  });

  suite.test('publishes on a topic that is not subscribed where that is asked', async (stage) => {
    const other = '/waku/2/rs/16/33';
    const [a, b] = await Promise.all([stage.node(), stage.node({ shards: [33] })]);
    await a.engine.connect(b.address);
    // The peer's subscription may be on its way still: until then nobody gets it.
    await eventually(async () => {
      const message = testMessage();
      await a.engine.publishUnsubscribed(other, message).catch(refuseNobody);
      await eventually(() => {
        expect(b.heard(message)).toHaveLength(1);
      }, HEARD_MS);
    });
    expect(await a.engine.topics()).toEqual([TOPIC]);
  });

  suite.test('MESSAGE_DUPLICATE: the same message again; the other side hears it once', async () => {
    const { a, b } = pair();
    const message = testMessage();
    await a.engine.publish(TOPIC, message);
    await expect(a.engine.publish(TOPIC, { ...message })).rejects.toMatchObject({
      code: 'MESSAGE_DUPLICATE',
    });
    const next = testMessage();
    await a.engine.publish(TOPIC, next);
    await b.untilHeard(next);
    expect(b.heard(message)).toHaveLength(1);
    expect(a.echoes(message)).toHaveLength(1);
  });

  suite.test('CANCELLED: the caller gave up before, and nothing is sent', async () => {
    const { a, b } = pair();
    const controller = new AbortController();
    controller.abort();
    const [unsent, next] = [testMessage(), testMessage()];
    await expect(a.engine.publish(TOPIC, unsent, { signal: controller.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    await a.engine.publish(TOPIC, next);
    await b.untilHeard(next);
    expect(b.heard(unsent)).toEqual([]);
  });
}

/** Published to nobody is published. */
function refuseNobody(error: unknown): void {
  if (!(error instanceof WakuDeskError && error.code === 'NO_PEERS')) throw error;
}
