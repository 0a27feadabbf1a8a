import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import { connectEngine } from './connect.ts';
import { acrossChannel, FixtureEngine } from './fixture.ts';
import { nodePort } from './port.ts';
import { refuseEngine, serveEngine } from './serve.ts';

const MISSING: ErrorData = {
  code: 'LIBRARY_MISSING',
  operation: 'engine.load',
  message: 'There is no libwaku here.',
  hint: 'Add one.',
  cause: 'ENOENT',
};

describe('an engine that cannot be made', () => {
  it('is refused with the code, the words, the hint and the cause of the other side', async () => {
    const { port1, port2 } = new MessageChannel();
    const refused = refuseEngine(MISSING, nodePort(port1));
    const error: unknown = await connectEngine(nodePort(port2)).catch((thrown: unknown) => thrown);
    expect(error instanceof WakuDeskError && error.toData()).toEqual(MISSING);
    await refused;
  });
});

describe('a measurement', () => {
  it('crosses the port, once for all who ask at the same time', async () => {
    const { port1, port2 } = new MessageChannel();
    const measure = vi.fn(() => ({ cpuPercent: 12.5, rssBytes: 4_096 }));
    serveEngine(new FixtureEngine(), nodePort(port1), { measure });
    const remote = await connectEngine(nodePort(port2));
    expect(await Promise.all([remote.measure(), remote.measure()])).toEqual([
      { cpuPercent: 12.5, rssBytes: 4_096 },
      { cpuPercent: 12.5, rssBytes: 4_096 },
    ]);
    expect(measure).toHaveBeenCalledOnce();
    remote.close();
    expect(await remote.measure()).toBeNull();
  });

  it('is null of an engine without a process of its own, and when the other side is gone', async () => {
    const { remote, enginePort } = await acrossChannel(new FixtureEngine());
    expect(await remote.measure()).toBeNull();
    const asked = remote.measure();
    enginePort.close();
    expect(await asked).toBeNull();
  });
});
