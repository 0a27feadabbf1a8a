/** Percentiles of measured values, in bounded memory. */
import { Random } from '../random.ts';

export interface Distribution {
  count: number;
  /** false: more values came than are kept, and the percentiles are those of a random sample of that many. */
  exact: boolean;
  min: number;
  p50: number;
  p95: number;
  p99: number;
  /** Always of all values. */
  max: number;
}

/** The smallest value that at least `fraction` of all values do not exceed. @throws RangeError without values */
export function nearestRank(sorted: ArrayLike<number>, fraction: number): number {
  const value = sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('no values, no percentile');
  return value;
}

const FIRST_CAPACITY = 64;

/** Exact up to `limit` values of 8 bytes each; then a reservoir: every value has the same chance to be kept. */
export class Samples {
  readonly #limit: number;
  readonly #random = Random.seeded(0, 'samples');
  #values = new Float64Array(FIRST_CAPACITY);
  #count = 0;
  #min = Infinity;
  #max = -Infinity;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(value: number): void {
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    const place = this.#count < this.#limit ? this.#count : this.#random.below(this.#count + 1);
    this.#count++;
    if (place >= this.#limit) return;
    if (place >= this.#values.length) this.#grow();
    this.#values[place] = value;
  }

  /** null without values. */
  distribution(): Distribution | null {
    if (this.#count === 0) return null;
    const sorted = this.#values.slice(0, Math.min(this.#count, this.#limit)).sort();
    return {
      count: this.#count,
      exact: this.#count <= this.#limit,
      min: this.#min,
      p50: nearestRank(sorted, 0.5),
      p95: nearestRank(sorted, 0.95),
      p99: nearestRank(sorted, 0.99),
      max: this.#max,
    };
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(this.#limit, this.#values.length * 2));
    grown.set(this.#values);
    this.#values = grown;
  }
}
