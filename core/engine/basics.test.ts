import { spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nowNs } from './clock.ts';
import { delay, withDeadline } from './deadline.ts';
import { asWakuDeskError, describeCause, ERROR_CODES, WakuDeskError } from './errors.ts';
import { EventHub } from './event-hub.ts';
import { PROFILES } from './profiles.ts';

describe('errors', () => {
  it('cross a boundary as data and come back the same', () => {
    const cause = new Error('outer', { cause: new Error('inner') });
    const error = new WakuDeskError('CONNECT_FAILED', 'No.', { operation: 'a.b', hint: 'Yes.', cause });
    const data = error.toData();
    expect(data).toEqual({
      code: 'CONNECT_FAILED',
      operation: 'a.b',
      message: 'No.',
      hint: 'Yes.',
      cause: 'outer (inner)',
    });
    expect(WakuDeskError.fromData(data).toData()).toEqual(data);
  });

  it('of others are wrapped once, and ours stay themselves', () => {
    const fallback = { code: 'ENGINE_FAILED', operation: 'a.b', hint: 'Look.' } as const;
    const wrapped = asWakuDeskError('text', fallback);
    expect(wrapped).toMatchObject({ code: 'ENGINE_FAILED', message: 'text' });
    expect(asWakuDeskError(wrapped, fallback)).toBe(wrapped);
    expect(describeCause(new TypeError())).toBe('TypeError');
  });

  it('have codes that name themselves', () => {
    for (const [name, value] of Object.entries(ERROR_CODES)) expect(value).toBe(name);
  });
});

describe('deadlines', () => {
  it('pass an answer on and leave no listener behind', async () => {
    const controller = new AbortController();
    const options = { timeoutMs: 1_000, signal: controller.signal };
    expect(await withDeadline('a.b', options, () => Promise.resolve(7))).toBe(7);
    await delay(1, controller.signal);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('end work that does not listen, with TIMED_OUT and the signal fired', async () => {
    let seen: AbortSignal | undefined;
    const work = (signal: AbortSignal): Promise<never> => {
      seen = signal;
      return new Promise(() => undefined);
    };
    await expect(withDeadline('a.b', { timeoutMs: 10 }, work)).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(seen?.aborted).toBe(true);
  });

  it('are cancelled by the caller, also before the start', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const controller = new AbortController();
    const pending = withDeadline('a.b', { signal: controller.signal }, never);
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(withDeadline('a.b', { signal: controller.signal }, never)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('a delay ends with its signal', async () => {
    const controller = new AbortController();
    const startMs = performance.now();
    setTimeout(() => {
      controller.abort();
    }, 10);
    await delay(5_000, controller.signal);
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });
});

it('the clock follows Unix time and never gives one time twice', () => {
  const before = BigInt(Date.now() - 10) * 1_000_000n;
  let last = 0n;
  for (let i = 0; i < 10_000; i++) {
    const now = nowNs();
    expect(now > last).toBe(true);
    last = now;
  }
  expect(last > before && last < BigInt(Date.now() + 10) * 1_000_000n).toBe(true);
});

it('two processes agree on the time to less than a millisecond', async () => {
  const clock = new URL('clock.ts', import.meta.url).href;
  const script = `import { nowNs } from '${clock}'; process.stdin.on('data', () => process.stdout.write(String(nowNs())));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  onTestFinished(() => {
    child.kill();
  });
  for (let i = 0; i < 10; i++) {
    const before = nowNs();
    child.stdin.write('?');
    const [answer] = (await once(child.stdout, 'data')) as [Buffer];
    const theirs = BigInt(answer.toString());
    expect(theirs > before - 1_000_000n && theirs < nowNs() + 1_000_000n).toBe(true);
  }
});

it('a listener added twice hears twice, and leaves once', () => {
  const hub = new EventHub<number>();
  const heard: number[] = [];
  const listener = (event: number): void => {
    heard.push(event);
  };
  const leave = hub.add(listener);
  hub.add(listener);
  hub.emit(1);
  leave();
  leave();
  hub.emit(2);
  expect(heard).toEqual([1, 1, 2]);
});

it('only the harness falls back to another engine by itself', () => {
  expect(Object.values(PROFILES).filter(({ fallsBack }) => fallsBack)).toEqual([PROFILES.harness]);
  expect(PROFILES.nwaku.lightClient).toBe(false);
});
