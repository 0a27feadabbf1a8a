import { expect, it } from 'vitest';
import { Fifo } from './fifo.ts';

it('a queue gives back what it took, in order, while it grows and shrinks', () => {
  const queue = new Fifo<number>();
  let [pushed, shifted] = [0, 0];
  for (const [more, less] of [
    [10_000, 9_000],
    [5_000, 6_000],
    [3, 3],
    [20_000, 20_000],
  ] as const) {
    for (let n = 0; n < more; n++) queue.push(++pushed);
    for (let n = 0; n < less; n++) {
      expect(queue.first).toBe(++shifted);
      expect(queue.shift()).toBe(shifted);
    }
  }
  expect(shifted).toBe(pushed);
  expect([queue.first, queue.shift()]).toEqual([undefined, undefined]);
  queue.push(1);
  queue.clear();
  expect(queue.first).toBeUndefined();
});
