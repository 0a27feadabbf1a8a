/** Values of scenarios as people write them, as schemas. */
import * as z from 'zod';
import { readSizes } from '../traffic/sizes.ts';
import { readRate } from '../traffic/rate.ts';
import { readSize } from '../../core/filter/sizes.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const LONGEST_MS = 24 * 3_600_000;

/** `250ms`, `5s`, `2m`, `1h` in ms, or null. */
export function readDuration(text: string): number | null {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h)$/.exec(text.trim());
  const unit = UNIT_MS[match?.[2] ?? ''];
  if (match === null || unit === undefined) return null;
  const ms = Number(match[1]) * unit;
  return ms <= LONGEST_MS ? ms : null;
}

/** ms as the shortest text that {@link readDuration} reads back. */
export function formatDuration(ms: number): string {
  for (const unit of ['h', 'm', 's'] as const) {
    const count = ms / (UNIT_MS[unit] ?? 1);
    if (count >= 1 && Number.isInteger(count * 1_000)) return `${count}${unit}`;
  }
  return `${ms}ms`;
}

/** A schema for text that `read` understands; null is a refusal with these words. */
function reading<T>(read: (text: string) => T | null, words: string) {
  return z.union([z.string(), z.number()], words).transform((value, context): T => {
    const result = read(String(value));
    if (result === null) {
      context.addIssue(words);
      return z.NEVER;
    }
    return result;
  });
}

export const durationSchema = reading(
  readDuration,
  'must be a time such as 250ms, 5s, 2m or 1h, 24h at most',
);

/** In `[0, 1]`; written `98%`. */
export const shareSchema = reading((text) => {
  const match = /^(\d{1,3}(?:\.\d{1,4})?)%$/.exec(text);
  const share = Number(match?.[1]) / 100;
  return match !== null && share <= 1 ? share : null;
}, 'must be a share such as 98% or 99.5%');

/** Bytes. */
export const sizeSchema = reading((text) => {
  const bytes = readSize(text);
  return bytes !== null && Number.isInteger(bytes) && bytes >= 1 ? bytes : null;
}, 'must be a size such as 100kb');

/** Bytes a second. */
export const byteRateSchema = reading((text) => {
  const match = /^(.+)\/s$/.exec(text);
  const bytes = match === null ? null : readSize(match[1] ?? '');
  return bytes !== null && bytes >= 1_024 ? bytes : null;
}, 'must be bytes a second such as 100kb/s, 1kb/s at least');

/** Messages a second. */
export const rateSchema = reading(readRate, 'must be a rate such as 10/s or 30/min, 100,000/s at most');

/** One fixed payload size or a range, as traffic has them. */
export const payloadSizesSchema = reading(readSizes, 'must be a size such as 1kb or 1kb..10kb');
