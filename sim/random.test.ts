import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

const take = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

describe('Random', () => {
  it('gives the numbers of the reference implementation', () => {
    const random = new Random([1, 2, 3, 4]);
    // Of xoshiro128starstar.c 1.1, as the tests of other implementations have them.
    expect(take(10, () => random.uint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('repeats itself with the same seed and use, and with no other', () => {
    const first = take(5, numbers(7, 'sizes'));
    expect(take(5, numbers(7, 'sizes'))).toEqual(first);
    expect(take(5, numbers(8, 'sizes'))).not.toEqual(first);
    expect(take(5, numbers(7, 'times'))).not.toEqual(first);
  });

  it('draws whole numbers evenly', () => {
    const random = Random.seeded(1, 'test');
    const counts = new Map<number, number>();
    for (let i = 0; i < 60_000; i++) {
      const value = random.below(6);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    // Five standard deviations.
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(457);
  });

  it('draws exponential times with their mean and spread', () => {
    const random = Random.seeded(1, 'test');
    const times = take(100_000, () => random.exponential(20));
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / times.length;
    expect(mean).toBeCloseTo(20, 0);
    expect(Math.sqrt(variance)).toBeCloseTo(20, 0);
  });
});

function numbers(seed: number, use: string): () => number {
  const random = Random.seeded(seed, use);
  return () => random.uint32();
}
