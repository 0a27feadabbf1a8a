import { describe, expect, it, vi } from 'vitest';
import type { TimedCallOptions } from '../../core/engine/engine.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { createMessage } from '../../core/waku/message.ts';
import { acrossChannel, FIXTURE_IDENTITY, FIXTURE_INFO, FixtureEngine, TOPIC } from './fixture.ts';

describe('calls across a port', () => {
  it('know who the engine is before it starts', async () => {
    const { remote } = await acrossChannel(new FixtureEngine());
    expect(remote.info).toEqual(FIXTURE_INFO);
    expect(remote.state).toBe('stopped');
    remote.close();
  });

  it('carry arguments there and values back', async () => {
    const { engine, remote } = await acrossChannel(new FixtureEngine());
    expect(await remote.start()).toEqual(FIXTURE_IDENTITY);
    expect(await remote.mesh(TOPIC)).toEqual(['a', 'b']);
    expect(await remote.scores()).toEqual({ a: 0.5 });
    expect(await remote.relayPeers(TOPIC)).toEqual(['a', 'b', 'c']);
    await expect(remote.subscribe(TOPIC)).resolves.toBeUndefined();
    const message = createMessage({ payload: new Uint8Array([1, 2]), timestampNs: -(2n ** 63n) });
    expect(await remote.publish(TOPIC, message)).toEqual({ sentToPeers: 0 });
    expect(engine.published).toEqual([message]);
    remote.close();
  });

  it('carry a failure with its code, words, hint and cause', async () => {
    const { engine, remote } = await acrossChannel(new FixtureEngine());
    const dataOf = (error: unknown) => error instanceof WakuDeskError && error.toData();
    const direct = await engine.ping('p').catch(dataOf);
    const across = await remote.ping('p').catch(dataOf);
    expect(across).toEqual(direct);
    expect(across).toMatchObject({
      code: 'PEER_NOT_CONNECTED',
      operation: 'engine.ping',
      message: 'p is not connected.',
      hint: 'Connect to it first.',
      cause: 'no socket',
    });
    remote.close();
  });

  it('turn an unknown throw into ENGINE_FAILED', async () => {
    const { remote } = await acrossChannel(new FixtureEngine());
    await expect(remote.metrics()).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      operation: 'engine.metrics',
      message: 'no such thing',
    });
    remote.close();
  });

  it('turn a throw before the promise into a rejection', async () => {
    const engine = new FixtureEngine();
    vi.spyOn(engine, 'mesh').mockImplementation(() => {
      throw new RangeError('at once');
    });
    const { remote } = await acrossChannel(engine);
    await expect(remote.mesh(TOPIC)).rejects.toMatchObject({ code: 'ENGINE_FAILED', message: 'at once' });
    remote.close();
  });

  it('turn an answer that is not of the contract into ENGINE_FAILED', async () => {
    const engine = new FixtureEngine();
    vi.spyOn(engine, 'connect').mockResolvedValue(Object(7) as string);
    const { remote } = await acrossChannel(engine);
    await expect(remote.connect('/x')).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    remote.close();
  });

  it('turn an answer that cannot be cloned into ENGINE_FAILED', async () => {
    const engine = new FixtureEngine();
    const uncloneable: unknown = () => 7;
    vi.spyOn(engine, 'connect').mockResolvedValue(uncloneable as string);
    const { remote } = await acrossChannel(engine);
    await expect(remote.connect('/x')).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    expect(await remote.mesh(TOPIC)).toEqual(['a', 'b']);
    remote.close();
  });

  it('run at the same time, each with its own answer', async () => {
    const engine = new FixtureEngine();
    const answers: ((value: string) => void)[] = [];
    vi.spyOn(engine, 'connect').mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    const { remote } = await acrossChannel(engine);
    const calls = [remote.connect('/a'), remote.connect('/b')];
    await vi.waitFor(() => {
      expect(answers).toHaveLength(2);
    });
    answers[1]?.('second');
    answers[0]?.('first');
    expect(await Promise.all(calls)).toEqual(['first', 'second']);
    remote.close();
  });

  it('send no more than the bytes of a view', async () => {
    const engine = new FixtureEngine();
    const { remote } = await acrossChannel(engine);
    const big = new Uint8Array(1_000_000);
    const part = big.subarray(10, 20);
    await remote.publish(TOPIC, createMessage({ payload: part, meta: part, rateLimitProof: part }));
    const [{ payload, meta, rateLimitProof } = createMessage({})] = engine.published;
    for (const view of [payload, meta, rateLimitProof]) expect(view.buffer.byteLength).toBe(10);
    expect(part.buffer.byteLength).toBe(1_000_000);
    remote.close();
  });
});

describe('options across a port', () => {
  it('take the time limit along as a number', async () => {
    const engine = new FixtureEngine();
    const connect = vi.spyOn(engine, 'connect');
    const { remote } = await acrossChannel(engine);
    await remote.connect('/a', { timeoutMs: 1_234 });
    await remote.connect('/a', {});
    expect(connect.mock.calls.map(([, options]) => options)).toEqual([
      { timeoutMs: 1_234, signal: expect.any(AbortSignal) as unknown },
      { signal: expect.any(AbortSignal) as unknown },
    ]);
    remote.close();
  });

  it('cancel on the other side, and answer CANCELLED at once', async () => {
    const engine = new FixtureEngine();
    let signal: AbortSignal | undefined;
    vi.spyOn(engine, 'connect').mockImplementation((_address, options?: unknown) => {
      ({ signal } = options as TimedCallOptions);
      return new Promise<string>(() => undefined);
    });
    const { remote } = await acrossChannel(engine);
    const controller = new AbortController();
    const call = remote.connect('/a', { signal: controller.signal });
    await vi.waitFor(() => {
      expect(signal?.aborted).toBe(false);
    });
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED', operation: 'engine.connect' });
    await vi.waitFor(() => {
      expect(signal?.aborted).toBe(true);
    });
    remote.close();
  });

  it('send nothing when the call was cancelled before it began', async () => {
    const engine = new FixtureEngine();
    const connect = vi.spyOn(engine, 'connect');
    const { remote } = await acrossChannel(engine);
    const controller = new AbortController();
    controller.abort();
    await expect(remote.connect('/a', { signal: controller.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    await remote.topics();
    expect(connect).not.toHaveBeenCalled();
    remote.close();
  });

  it('leave no listener on a signal that outlives the call', async () => {
    const { remote } = await acrossChannel(new FixtureEngine());
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await remote.connect('/a', { signal });
    expect(removed.mock.calls).toEqual(added.mock.calls);
    expect(added).toHaveBeenCalledOnce();
    remote.close();
  });
});
