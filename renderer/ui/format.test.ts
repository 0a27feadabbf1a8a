import { expect, it } from 'vitest';
import {
  formatCount,
  formatCountdown,
  formatDuration,
  formatInstant,
  formatLatency,
  formatMany,
  formatPercent,
  formatRate,
  formatSize,
  formatTime,
  isSameDay,
  shortenMiddle,
} from './format.ts';
import { visibleLine, visibleText } from './visible-text.ts';

const at = (year: number, month: number, day: number, ms = 0): number =>
  new Date(year, month - 1, day, 11, 2, 14, ms).getTime();
const ns = (ms: number): bigint => BigInt(ms) * 1_000_000n;

it('counts have separators and words agree with them', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect(formatMany(1, 'peer')).toBe('1 peer');
  expect(formatMany(0, 'peer')).toBe('0 peers');
});

it('sizes are exact below a KiB and rounded above', () => {
  expect([0, 1_023, 1_024, 153_600, 5 * 1024 ** 3].map(formatSize)).toEqual([
    '0 B',
    '1,023 B',
    '1.0 KiB',
    '150.0 KiB',
    '5.0 GiB',
  ]);
});

it('rates, latencies and durations carry their units', () => {
  expect([0, 0.4, 42.4].map(formatRate)).toEqual(['0/s', '0.4/s', '42/s']);
  expect([0.25, 99.94, 1_204.4].map(formatLatency)).toEqual(['0.3 ms', '99.9 ms', '1,204 ms']);
  expect([-5, 1, 4_400].map(formatCountdown)).toEqual(['0 s', '1 s', '5 s']);
  expect([-5, 4_400, 60_000, 200_000, 7_500_000].map(formatDuration)).toEqual([
    '0 s',
    '4 s',
    '1 min',
    '3 min 20 s',
    '2 h 5 min',
  ]);
});

it('a time of today has no date, of another day has one', () => {
  const now = at(2026, 11, 22);
  expect(formatTime(ns(at(2026, 11, 22, 7)), now)).toBe('11:02:14.007');
  expect(formatTime(ns(at(2026, 11, 21, 128)), now)).toBe('11-21 11:02:14.128');
  expect(formatTime(ns(at(2025, 11, 22)), now)).toBe('2025-11-22 11:02:14.000');
  expect(formatTime(2n ** 63n - 1n, now)).toMatch(/^2262-/);
});

it('an instant is told to the nanosecond, and nonsense as its number', () => {
  expect(formatInstant(ns(at(2026, 11, 22, 128)) + 31_005n)).toBe('2026-11-22 11:02:14.128 031 005');
  expect(formatInstant(-1n)).toBe('-1 ns');
});

it('an id loses its middle only when that makes it shorter', () => {
  expect(shortenMiddle('16Uiu2HAmabcdefgh123456')).toBe('16Uiu2…123456');
  expect(shortenMiddle('1234567890123')).toBe('1234567890123');
});

it('invisible characters become visible', () => {
  expect(visibleLine('a\u202eb\nc\u0000')).toBe('a\\u{202e}b\\nc\\u{0}');
  expect(visibleLine('\ud800')).toBe('\\u{d800}');
  expect(visibleText('a\n\tb\u200b\r')).toBe('a\n\tb\\u{200b}\\r');
  expect(visibleLine('x'.repeat(10_000)).length).toBeLessThan(500);
});

it('knows the times of another day by the local calendar', () => {
  const nowMs = at(2026, 11, 22);
  const days = [at(2026, 11, 22, 999), at(2026, 11, 21), at(2025, 11, 22)];
  expect(days.map((ms) => isSameDay(ns(ms), nowMs))).toEqual([true, false, false]);
});

it('a share of a core has a digit while it is small', () => {
  expect([0, 0.44, 9.96, 112.5].map(formatPercent)).toEqual(['0.0 %', '0.4 %', '10.0 %', '113 %']);
});
