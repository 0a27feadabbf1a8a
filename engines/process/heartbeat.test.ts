import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startHeartbeat } from './heartbeat.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const never = (): Promise<never> => new Promise(() => undefined);

describe('a heartbeat', () => {
  it('tells once of a side that does not answer for so long', async () => {
    const onHang = vi.fn();
    startHeartbeat(never, 6_000, onHang);
    await vi.advanceTimersByTimeAsync(7_500);
    expect(onHang).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(onHang).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onHang).toHaveBeenCalledOnce();
  });

  it('is content with any answer, also a failure, and asks one thing at a time', async () => {
    const onHang = vi.fn();
    const ask = vi.fn(() => Promise.reject(new Error('no')));
    startHeartbeat(ask, 5_000, onHang);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onHang).not.toHaveBeenCalled();
    expect(ask).toHaveBeenCalledTimes(30);
  });

  it('does not count time in which this process itself stood still', async () => {
    const onHang = vi.fn();
    const clock = vi.spyOn(performance, 'now');
    let nowMs = 0;
    clock.mockImplementation(() => nowMs);
    startHeartbeat(never, 5_000, onHang);
    // Eight turns, each an hour late.
    for (let turn = 0; turn < 8; turn++) {
      nowMs += 3_600_000;
      await vi.advanceTimersByTimeAsync(2_000);
    }
    expect(onHang).not.toHaveBeenCalled();
    clock.mockRestore();
  });

  it('ends when it is stopped', async () => {
    const ask = vi.fn(never);
    const onHang = vi.fn();
    startHeartbeat(ask, 5_000, onHang)();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).not.toHaveBeenCalled();
    expect(onHang).not.toHaveBeenCalled();
  });
});
