/** Subscribing and unsubscribing. */
import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { TOPIC } from './test-node.ts';

const OTHER = '/waku/2/rs/16/33';

const NO_TOPICS = [
  '',
  '/waku/2/rs/16',
  '/waku/2/rs/16/65536',
  '/waku/2/rs/-1/0',
  '/waku/2/default-waku/proto',
];

export function topics(suite: Suite): void {
  const node = suite.shared((stage) => stage.node());

  suite.test('subscribing twice is subscribing once', async () => {
    const { engine } = node();
    await engine.subscribe(OTHER);
    await engine.subscribe(OTHER);
    expect((await engine.topics()).sort()).toEqual([TOPIC, OTHER]);
    await engine.unsubscribe(OTHER);
    expect(await engine.topics()).toEqual([TOPIC]);
  });

  suite.test('unsubscribing what is not subscribed is no error', async () => {
    const { engine } = node();
    await engine.unsubscribe(OTHER);
    await engine.unsubscribe('/waku/2/rs/16/34');
    expect(await engine.topics()).toEqual([TOPIC]);
  });

  suite.test('subscribing what is no pubsub topic fails with TOPIC_INVALID', async () => {
    const { engine } = node();
    for (const text of NO_TOPICS)
      await expect(engine.subscribe(text)).rejects.toMatchObject({ code: 'TOPIC_INVALID' });
    expect(await engine.topics()).toEqual([TOPIC]);
  });

  suite.test('every topic can be unsubscribed, and subscribed again', async () => {
    const { engine } = node();
    await engine.unsubscribe(TOPIC);
    expect(await engine.topics()).toEqual([]);
    await engine.subscribe(TOPIC);
    expect(await engine.topics()).toEqual([TOPIC]);
  });
}
