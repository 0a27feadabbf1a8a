/** Payload sizes as people write them: one, a range, or a list with weights. */
import { readSize } from '../../core/filter/sizes.ts';
import type { Random } from '../random.ts';

/** Drawn evenly from `minBytes` to `maxBytes`, both included. A weighted list draws one of them first. */
export interface SizeRange {
  minBytes: number;
  maxBytes: number;
  /** Against the other weights of the list. */
  weight: number;
}

/** `1kb`, `1kb..10kb`, or `1kb:9,100kb..150kb:1` with weights. @returns null when it is none of them */
export function readSizes(text: string): SizeRange[] | null {
  const ranges = text.split(',').map(readRange);
  return ranges.every((range) => range !== null) ? ranges : null;
}

function readRange(text: string): SizeRange | null {
  const [sizes = '', weightText = '1', ...tooMany] = text.trim().split(':');
  const [least = '', most = least, ...more] = sizes.split('..');
  const minBytes = readSize(least);
  const maxBytes = readSize(most);
  const weight = /^\d{1,7}$/.test(weightText) ? Number(weightText) : 0;
  if (tooMany.length > 0 || more.length > 0 || weight < 1) return null;
  if (minBytes === null || maxBytes === null || minBytes > maxBytes) return null;
  return Number.isInteger(minBytes) && Number.isInteger(maxBytes) ? { minBytes, maxBytes, weight } : null;
}

export function drawSize(ranges: readonly SizeRange[], random: Random): number {
  const total = ranges.reduce((sum, { weight }) => sum + weight, 0);
  let place = random.fraction() * total;
  for (const { minBytes, maxBytes, weight } of ranges) {
    if (place < weight) return minBytes + random.below(maxBytes - minBytes + 1);
    place -= weight;
  }
  throw new RangeError('no sizes to draw from');
}
