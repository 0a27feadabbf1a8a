import { describe, expect, it } from 'vitest';
import { messageHashText } from '../../core/waku/hash.ts';
import { createMessage, type WakuMessage } from '../../core/waku/message.ts';
import { MessageCache } from './message-cache.ts';

const TOPIC = '/waku/2/rs/16/32';
const message = (n: number, contentTopic = '/a/1/b/c'): WakuMessage =>
  createMessage({ payload: Uint8Array.of(n % 256, n >> 8), contentTopic, timestampNs: BigInt(n) });
const numbers = (messages: readonly WakuMessage[] | null): number[] | null =>
  messages === null ? null : messages.map(({ timestampNs }) => Number(timestampNs));

function filled(capacity: number, count: number): MessageCache {
  const cache = new MessageCache(capacity);
  for (let n = 0; n < count; n++) add(cache, message(n));
  return cache;
}

function add(cache: MessageCache, one: WakuMessage, topic = TOPIC): void {
  cache.add(topic, messageHashText(topic, one), one);
}

describe('the cache of messages', () => {
  it('gives each message once, by either of its topics', () => {
    const cache = filled(50, 3);
    add(cache, message(3, '/other/1/b/c'));
    expect(numbers(cache.takeContent('/a/1/b/c'))).toEqual([0, 1, 2]);
    expect(numbers(cache.takePubsub(TOPIC))).toEqual([3]);
    expect(numbers(cache.takePubsub(TOPIC))).toEqual([]);
  });

  it('keeps the newest of each pubsub topic', () => {
    const cache = filled(5, 12);
    add(cache, message(99), '/waku/2/rs/16/33');
    expect(numbers(cache.takePubsub(TOPIC))?.sort((a, b) => a - b)).toEqual([7, 8, 9, 10, 11]);
    expect(numbers(cache.takePubsub('/waku/2/rs/16/33'))).toEqual([99]);
  });

  it('keeps the newest one where there is room for one', () => {
    expect(numbers(filled(1, 3).takePubsub(TOPIC))).toEqual([2]);
  });

  it('takes a message once while it waits', () => {
    const cache = filled(50, 2);
    add(cache, message(1));
    expect(numbers(cache.takePubsub(TOPIC))).toEqual([0, 1]);
  });

  it('knows a content topic that has messages, or was subscribed', () => {
    const cache = filled(50, 1);
    expect(cache.takeContent('/never/1/b/c')).toBeNull();
    cache.subscribeContent('/never/1/b/c');
    expect(cache.takeContent('/never/1/b/c')).toEqual([]);
    cache.unsubscribeContent('/a/1/b/c');
    expect(cache.takeContent('/a/1/b/c')).toBeNull();
    expect(cache.takePubsub(TOPIC)).toEqual([]);
  });

  it('does not look through what it holds for each message', () => {
    const count = 100_000;
    const cache = new MessageCache(count);
    const one = message(1);
    const startMs = performance.now();
    for (let n = 0; n < 2 * count; n++) cache.add(TOPIC, `0x${n}`, one);
    expect(cache.takePubsub(TOPIC)).toHaveLength(count);
    // Looking through would be 20,000,000,000 steps.
    expect(performance.now() - startMs).toBeLessThan(15_000);
  });
});
