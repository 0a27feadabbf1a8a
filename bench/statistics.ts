/** From many measured values to the one that is reported. */
import { nearestRank } from '../sim/traffic/distribution.ts';

/** The middle value; of an even number the mean of the middle two. @throws RangeError without values */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  if (lower === undefined || upper === undefined) throw new RangeError('no values, no median');
  return (lower + upper) / 2;
}

/** As {@link nearestRank}, of values in any order. @throws RangeError */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  return nearestRank(Float64Array.from(values).sort(), fraction);
}

/** The largest value minus the smallest: with a handful of runs no less can be said honestly. */
export function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** Four digits that count: what comes after them is noise. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}
