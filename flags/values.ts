/** Values of flags: read strictly, refused with a sentence. */
import { InvalidArgumentError } from 'commander';
import { readSize } from '../core/filter/sizes.ts';

export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** A day. */
export const MAX_MS = 24 * 3600 * 1_000;
export const milliseconds = integer(1, MAX_MS);

export function decimal(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}

export function int64(text: string): bigint {
  if (/^-?\d{1,19}$/.test(text)) {
    const value = BigInt(text);
    if (BigInt.asIntN(64, value) === value) return value;
  }
  throw new InvalidArgumentError('It must be a signed 64-bit number of nanoseconds.');
}

/** ISO 8601 (local time without a zone), or Unix ns. */
export function instant(text: string): bigint {
  if (/^-?\d{5,}$/.test(text)) return int64(text);
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return BigInt(ms) * 1_000_000n;
  throw new InvalidArgumentError('It must be a time such as 2026-01-31T12:00:00Z, or Unix time in ns.');
}

export function boolean(text: string): boolean {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  if (/^(false|0|no|off)$/i.test(text)) return false;
  throw new InvalidArgumentError('It must be true or false.');
}

export function bytes(text: string): number {
  const value = readSize(text);
  if (value !== null && Number.isInteger(value)) return value;
  throw new InvalidArgumentError('It must be a size such as 150KiB.');
}

/** Collects a repeatable flag; each value is read by `read`. */
export function list<T>(read: (text: string) => T): (text: string, before: T[] | undefined) => T[] {
  return (text, before = []) => [...before, read(text)];
}

/** A value that looks like a flag is most often the next flag, after one whose value is missing. */
export function text(value: string): string {
  if (!value.startsWith('--')) return value;
  throw new InvalidArgumentError('It looks like the next flag: the value is missing.');
}

/** @returns the address without a path */
export function url(value: string): string {
  try {
    const { protocol, origin } = new URL(value);
    if (/^https?:$/.test(protocol)) return origin;
  } catch {
    // It is none.
  }
  throw new InvalidArgumentError('It must be an address such as http://127.0.0.1:8645.');
}
