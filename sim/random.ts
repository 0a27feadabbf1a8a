/** Random numbers that a seed repeats: xoshiro128** 1.1 by Blackman and Vigna. */
import { createHash } from 'node:crypto';

export type RandomState = readonly [number, number, number, number];

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Four unsigned 32-bit numbers, not all 0. */
  constructor([a, b, c, d]: RandomState) {
    [this.#a, this.#b, this.#c, this.#d] = [a, b, c, d];
  }

  /** @param use names what the numbers are for: what is drawn for one use never shifts those of another */
  static seeded(seed: number, use: string): Random {
    const digest = createHash('sha256').update(`${use}\n${seed}`).digest();
    return new Random([0, 4, 8, 12].map((at) => digest.readUInt32LE(at)) as unknown as RandomState);
  }

  /** 0 to 2^32 - 1. */
  uint32(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** From 0 up to, not including, 1, with 53 bits. */
  fraction(): number {
    return ((this.uint32() >>> 5) * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** Time to the next event of a Poisson process with this mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.fraction());
  }
}
