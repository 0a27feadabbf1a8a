/** On libgowaku, by a node without neighbours: its answers carry the hash of the bytes that it was given. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine.ts';
import type { EngineEvent } from '../../core/engine/events.ts';
import { createMessage, type WakuMessage } from '../../core/waku/message.ts';
import { nativeAdapters } from './fixture-adapters.ts';
import { nativeHashText } from './message-hash.ts';

const TOPIC = '/waku/2/rs/16/32';
const { goWaku } = await nativeAdapters();
const engines: Engine[] = [];

afterAll(async () => {
  for (const engine of engines) await engine.stop();
});

describe('messages that are published in batches', { timeout: 120_000 }, () => {
  it('are each sent and answered as what they are, and a flood is bounded', async (context) => {
    if (goWaku.adapter === null) return context.skip(goWaku.missing);
    const engine = await goWaku.adapter.create({ clusterId: 16, shards: [32] });
    engines.push(engine);
    const echoed = new Map<WakuMessage, string | null>();
    engine.onEvent((event: EngineEvent) => {
      if (event.type === 'messageReceived' && event.own) echoed.set(event.message, event.claimedHash);
    });
    await engine.start();
    // 1,024 are under way at a time, 16,384 wait.
    const messages = Array.from({ length: 20_000 }, (_none, index) =>
      createMessage({
        payload: Buffer.from(`number ${index}`),
        contentTopic: '/test/1/a/proto',
        timestampNs: 1_700_000_000_000_000_000n + BigInt(index),
      }),
    );
    const outcomes = await Promise.allSettled(messages.map((message) => engine.publish(TOPIC, message)));
    const taken = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(taken).toBe(1_024 + 16_384);
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: 'ENGINE_FAILED' } });
    expect(echoed.size).toBe(taken);
    expect([...echoed].filter(([message, hash]) => hash !== nativeHashText(TOPIC, message))).toEqual([]);
  });

  it('go one by one as well: as many wait', async (context) => {
    if (goWaku.adapter === null) return context.skip(goWaku.missing);
    const engine = await goWaku.adapter.create({ clusterId: 16, shards: [32] });
    engines.push(engine);
    await engine.start();
    const published: Promise<unknown>[] = [];
    for (let index = 0; index < 3_000; index++) {
      const message = createMessage({
        payload: Buffer.from(`alone ${index}`),
        contentTopic: '/test/1/a/proto',
      });
      published.push(engine.publish(TOPIC, message));
      await new Promise<void>((resolve) => {
        process.nextTick(resolve);
      });
    }
    await Promise.all(published);
  });

  it('fail alone, each with its own reason, and leave the others', async (context) => {
    if (goWaku.adapter === null) return context.skip(goWaku.missing);
    const engine = await goWaku.adapter.create({ clusterId: 16, shards: [32] });
    engines.push(engine);
    await engine.start();
    const message = (version: number, size = 10) =>
      createMessage({ payload: Buffer.alloc(size, version), contentTopic: '/test/1/a/proto', version });
    const good = message(1);
    const outcomes = await Promise.allSettled([
      engine.publish(TOPIC, good),
      engine.publish(TOPIC, { ...good }),
      engine.publish(TOPIC, message(2 ** 32)),
      engine.publish(TOPIC, message(2, 200_000)),
      engine.publish(TOPIC, message(3)),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: { sentToPeers: 0 } },
      { status: 'rejected', reason: { code: 'MESSAGE_DUPLICATE' } },
      { status: 'rejected', reason: { code: 'ENGINE_FAILED' } },
      { status: 'rejected', reason: { code: 'ENGINE_FAILED' } },
      { status: 'fulfilled', value: { sentToPeers: 0 } },
    ]);
  });

  it('go on when their caller gives up: the echo is told', async (context) => {
    if (goWaku.adapter === null) return context.skip(goWaku.missing);
    const engine = await goWaku.adapter.create({ clusterId: 16, shards: [32] });
    engines.push(engine);
    await engine.start();
    const echo = new Promise<WakuMessage>((resolve) => {
      engine.onEvent((event) => {
        if (event.type === 'messageReceived' && event.own) resolve(event.message);
      });
    });
    const controller = new AbortController();
    const message = createMessage({ payload: Uint8Array.of(1), contentTopic: '/test/1/a/proto' });
    const published = engine.publish(TOPIC, message, { signal: controller.signal });
    controller.abort();
    await expect(published).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await echo).toBe(message);
  });
});
