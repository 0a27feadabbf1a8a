/** Random numbers that are the same in every run, for this room's tests. */

export interface Random {
  /** 0 or more and less than `limit`. */
  integer: (limit: number) => number;
  pick: <T>(values: readonly T[]) => T;
  text: (alphabet: string, length: number) => string;
}

/** Mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed;
  const integer = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  const pick = <T>(values: readonly T[]): T => {
    const value = values[integer(values.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  };
  const text = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet.charAt(integer(alphabet.length))).join('');
  return { integer, pick, text };
}
