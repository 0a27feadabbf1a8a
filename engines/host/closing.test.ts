import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { connectEngine } from './connect.ts';
import { acrossChannel, FixtureEngine, inShort, numbered, TOPIC } from './fixture.ts';
import { nodePort } from './port.ts';
import { serveEngine } from './serve.ts';

const never = () => new Promise<never>(() => undefined);

describe('a port that closes by itself', () => {
  it('fails the calls under way and the state, after one gap', async () => {
    const engine = new FixtureEngine();
    vi.spyOn(engine, 'connect').mockImplementation(never);
    vi.spyOn(engine, 'peers').mockImplementation(never);
    const { remote, events, enginePort } = await acrossChannel(engine);
    await remote.start();
    const calls = [remote.connect('/a'), remote.peers()];
    const outcomes = Promise.allSettled(calls);
    enginePort.close();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ENGINE_FAILED' } });
    expect(remote.state).toBe('failed');
    expect(events).toMatchObject([
      { type: 'stateChanged', state: 'running' },
      { type: 'gapped', reason: 'engine', lost: null },
      { type: 'stateChanged', state: 'failed', error: { code: 'ENGINE_FAILED' } },
    ]);
  });

  it('answers a stop under way: the engine is gone', async () => {
    const engine = new FixtureEngine();
    vi.spyOn(engine, 'stop').mockImplementation(never);
    const { remote, enginePort } = await acrossChannel(engine);
    const stop = remote.stop();
    enginePort.close();
    await expect(stop).resolves.toBeUndefined();
  });

  it('leaves an engine that fails calls, has no peers and can be stopped', async () => {
    const { remote, events, enginePort } = await acrossChannel(new FixtureEngine());
    enginePort.close();
    await vi.waitFor(() => {
      expect(remote.state).toBe('failed');
    });
    await expect(remote.start()).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    await expect(remote.subscribe(TOPIC)).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    expect(await Promise.all([remote.peers(), remote.mesh(TOPIC), remote.topics()])).toEqual([[], [], []]);
    await remote.stop();
    await remote.stop();
    expect(remote.state).toBe('stopped');
    expect(events.map(inShort)).toEqual(['lost null', 'stateChanged', 'stateChanged']);
  });

  it('delivers what was sent before', async () => {
    const { engine, remote, events, enginePort } = await acrossChannel(new FixtureEngine());
    for (let n = 0; n < 5; n++) engine.emit(numbered(n));
    await new Promise(setImmediate);
    enginePort.close();
    await vi.waitFor(() => {
      expect(remote.state).toBe('failed');
    });
    expect(events.map(inShort)).toEqual(['0', '1', '2', '3', '4', 'lost null', 'stateChanged']);
  });
});

describe('closing the port', () => {
  it('stops the engine and cancels its calls', async () => {
    const engine = new FixtureEngine();
    let signal: AbortSignal | undefined;
    vi.spyOn(engine, 'connect').mockImplementation((_address, options) => {
      ({ signal } = options as { signal: AbortSignal });
      return never();
    });
    const { remote, served } = await acrossChannel(engine);
    await remote.start();
    const call = remote.connect('/a');
    await vi.waitFor(() => {
      expect(signal).toBeDefined();
    });
    remote.close();
    remote.close();
    await expect(call).rejects.toMatchObject({ code: 'NOT_RUNNING' });
    await served.closed;
    expect(engine.state).toBe('stopped');
    expect(signal?.aborted).toBe(true);
  });

  it('leaves no listener with the engine', async () => {
    const engine = new FixtureEngine();
    const unsubscribe = vi.fn();
    vi.spyOn(engine, 'onEvent').mockReturnValue(unsubscribe);
    const { remote, served } = await acrossChannel(engine);
    expect(unsubscribe).not.toHaveBeenCalled();
    remote.close();
    await served.closed;
    expect(unsubscribe).toHaveBeenCalledOnce();
  });

  it('here is no failure', async () => {
    const { remote, served, events } = await acrossChannel(new FixtureEngine());
    await remote.start();
    remote.close();
    await served.closed;
    expect(remote.state).toBe('stopped');
    expect(events.map(inShort)).toEqual(['stateChanged', 'stateChanged']);
    await expect(remote.subscribe(TOPIC)).rejects.toMatchObject({ code: 'NOT_RUNNING' });
  });

  it("is done by the engine's side as well", async () => {
    const { remote, served, engine } = await acrossChannel(new FixtureEngine());
    await remote.start();
    await served.close();
    expect(engine.state).toBe('stopped');
    await vi.waitFor(() => {
      expect(remote.state).toBe('failed');
    });
  });
});

describe('connecting', () => {
  it('fails when the port closes first', async () => {
    const { port1, port2 } = new MessageChannel();
    const connecting = connectEngine(nodePort(port2));
    port1.close();
    await expect(connecting).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  });

  it('fails on a port that is closed already', async () => {
    const { port1, port2 } = new MessageChannel();
    const port = nodePort(port2);
    port1.close();
    await new Promise<void>((resolve) => port.onClose(resolve));
    await expect(connectEngine(port)).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  });

  it('can be limited and cancelled, and then closes the port', async () => {
    const silent = new MessageChannel();
    silent.port1.start();
    await expect(connectEngine(nodePort(silent.port2), { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'TIMED_OUT',
    });
    await new Promise((resolve) => silent.port1.once('close', resolve));
    const controller = new AbortController();
    const other = new MessageChannel();
    const connecting = connectEngine(nodePort(other.port2), { signal: controller.signal });
    controller.abort();
    await expect(connecting).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('waits for an engine that is served later', async () => {
    const { port1, port2 } = new MessageChannel();
    const connecting = connectEngine(nodePort(port2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    serveEngine(new FixtureEngine(), nodePort(port1));
    const remote = await connecting;
    expect(remote.state).toBe('stopped');
    remote.close();
  });
});
