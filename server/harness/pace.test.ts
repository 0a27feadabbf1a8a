import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from './pace.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function start(): { pace: Pace; looksIn: (ms: number) => number; happens: (value: boolean) => void } {
  let happens = false;
  let looks = 0;
  const pace = new Pace(() => {
    looks++;
    return happens;
  });
  pace.wake();
  return {
    pace,
    looksIn(ms) {
      looks = 0;
      vi.advanceTimersByTime(ms);
      return looks;
    },
    happens(value) {
      happens = value;
    },
  };
}

describe('a pace', () => {
  it('looks four times a second while something happens, however long', () => {
    const { looksIn, happens } = start();
    happens(true);
    expect(looksIn(60_000)).toBe(240);
  });

  it('looks twice in 10 s when nothing has happened for a while', () => {
    const { looksIn } = start();
    looksIn(10_000);
    expect(looksIn(10_000)).toBe(2);
    expect(looksIn(60_000)).toBe(12);
  });

  it('looks often again as soon as it is woken, or sees something', () => {
    const { pace, looksIn, happens } = start();
    looksIn(30_000);
    pace.wake();
    expect(looksIn(250)).toBe(1);
    looksIn(30_000);
    happens(true);
    looksIn(5_000);
    expect(looksIn(1_000)).toBe(4);
  });

  it('keeps its turns when it is woken more often than it looks', () => {
    const { pace, looksIn } = start();
    let looks = 0;
    for (let turn = 0; turn < 100; turn++) {
      pace.wake();
      looks += looksIn(10);
    }
    expect(looks).toBe(4);
  });

  it('looks no more when it is stopped, until it is woken', () => {
    const { pace, looksIn } = start();
    pace.stop();
    expect(looksIn(60_000)).toBe(0);
    pace.wake();
    expect(looksIn(1_000)).toBe(4);
  });
});
