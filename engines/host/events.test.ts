import { describe, expect, it, vi } from 'vitest';
import type { EngineEvent } from '../../core/engine/events.ts';
import { acrossChannel, FixtureEngine, inShort, numbered, received } from './fixture.ts';

describe('events across a port', () => {
  it('arrive in order and equal', async () => {
    const { engine, remote, events } = await acrossChannel(new FixtureEngine());
    const sent = [
      numbered(1),
      received({ payload: new Uint8Array([0, 255]), timestampNs: 2n ** 63n - 1n, ephemeral: true }),
      numbered(2),
    ];
    for (const event of sent) engine.emit(event);
    await vi.waitFor(() => {
      expect(events).toEqual(sent);
    });
    remote.close();
  });

  it('arrive before the answer of the call during which they were emitted', async () => {
    const engine = new FixtureEngine();
    vi.spyOn(engine, 'connect').mockImplementation(() => {
      for (let n = 0; n < 10; n++) engine.emit(numbered(n));
      return Promise.resolve('p');
    });
    const { remote, events } = await acrossChannel(engine, { batchEvents: 2, batchesInFlight: 1 });
    await remote.connect('/a');
    expect(events.map(inShort).join(' ')).toBe('0 1 2 3 4 5 6 7 8 9');
    remote.close();
  });

  it('set the state before start and stop answer', async () => {
    const { engine, remote } = await acrossChannel(new FixtureEngine());
    await remote.start();
    expect(remote.state).toBe('running');
    await remote.stop();
    expect(remote.state).toBe('stopped');
    engine.enter('starting');
    await vi.waitFor(() => {
      expect(remote.state).toBe('starting');
    });
    remote.close();
  });

  it('stop with the unsubscribe, for that listener alone', async () => {
    const { engine, remote, events } = await acrossChannel(new FixtureEngine());
    const other: EngineEvent[] = [];
    const unsubscribe = remote.onEvent((event) => other.push(event));
    engine.emit(numbered(1));
    await remote.topics();
    unsubscribe();
    engine.emit(numbered(2));
    await remote.topics();
    expect(other.map(inShort)).toEqual(['1']);
    expect(events.map(inShort)).toEqual(['1', '2']);
    remote.close();
  });

  it('that cannot be cloned are counted as a gap', async () => {
    const { engine, remote, events } = await acrossChannel(new FixtureEngine());
    const text: unknown = () => 7;
    engine.emit({ type: 'peerLeft', peerId: 'p', reason: text as string });
    await remote.topics();
    expect(events).toMatchObject([{ type: 'gapped', reason: 'engine', lost: 1 }]);
    remote.close();
  });

  it('that are not of the contract are counted as a gap', async () => {
    const { engine, remote, events } = await acrossChannel(new FixtureEngine());
    engine.emit(numbered(1));
    engine.emit({ type: 'peerLeft', peerId: Object(7) as string, reason: null });
    engine.emit(numbered(2));
    await remote.topics();
    expect(events.map(inShort)).toEqual(['1', '2', 'lost 1']);
    remote.close();
  });
});

describe('a listener that throws', () => {
  it('costs no event and no acknowledgement, and is not hushed up', async () => {
    const { engine, remote, events } = await acrossChannel(new FixtureEngine(), {
      batchEvents: 1,
      batchesInFlight: 1,
    });
    const thrown: unknown[] = [];
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    remote.onEvent((event) => {
      if (event.type === 'logged') throw new Error(`listener ${event.text}`);
    });
    engine.emit(numbered(1));
    engine.emit(numbered(2));
    await remote.topics();
    await vi.waitFor(() => {
      expect(thrown.map(String)).toEqual(['Error: listener 1', 'Error: listener 2']);
    });
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
    expect(events.map(inShort)).toEqual(['1', '2']);
    remote.close();
  });
});
