import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseFilterOrThrow } from './filter.ts';
import { matches, NOW_MS, nsOf } from './fixture-row.ts';
import { readTime } from './times.ts';

const local = (...parts: [number, number, number, number?, number?, number?, number?]): bigint =>
  nsOf(new Date(parts[0], parts[1], parts[2], ...parts.slice(3)).getTime());
const utc = (iso: string): bigint => nsOf(Date.parse(iso));
const MS = 1_000_000n;

describe('written times', () => {
  it.each<[string, bigint, bigint]>([
    ['11:02', local(2025, 5, 1, 11, 2), MS],
    ['9:05:07', local(2025, 5, 1, 9, 5, 7), MS],
    ['11:02:14.128', local(2025, 5, 1, 11, 2, 14, 128), MS],
    ['11:02:14.5', local(2025, 5, 1, 11, 2, 14, 500), MS],
    ['11:02:14.128456', local(2025, 5, 1, 11, 2, 14, 128) + 456_000n, 1000n],
    ['11:02:14.128456789', local(2025, 5, 1, 11, 2, 14, 128) + 456_789n, 1n],
    ['2024-02-29', local(2024, 1, 29), MS],
    ['2025-06-01T11:02:14.128', local(2025, 5, 1, 11, 2, 14, 128), MS],
    ['2025-06-01 11:02', local(2025, 5, 1, 11, 2), MS],
    ['2025-06-01T11:02:14Z', utc('2025-06-01T11:02:14Z'), MS],
    ['2025-06-01t11:02:14.000001z', utc('2025-06-01T11:02:14Z') + 1000n, 1000n],
    ['2025-06-01T11:02+02:00', utc('2025-06-01T09:02:00Z'), MS],
    ['2025-06-01T11:02-0330', utc('2025-06-01T14:32:00Z'), MS],
    ['2025-06-01T00:30+05', utc('2025-05-31T19:30:00Z'), MS],
    ['-5m', nsOf(NOW_MS - 300_000), MS],
    ['-250ms', nsOf(NOW_MS - 250), MS],
    ['+20s', nsOf(NOW_MS + 20_000), MS],
    ['-1.5H', nsOf(NOW_MS - 5_400_000), MS],
    ['-2d', nsOf(NOW_MS - 172_800_000), MS],
    ['-999999999d', 0n, MS],
    ['+999999999d', utc('9999-12-31T23:59:59.999Z'), MS],
    ['0', 0n, MS],
    ['100000000', 100_000_000_000_000_000n, MS],
    ['12345678901', 12_345_678_901_000_000_000n, MS],
    ['123456789012', 123_456_789_012_000_000n, MS],
    ['12345678901234', 12_345_678_901_234_000_000n, MS],
    ['123456789012345', 123_456_789_012_345_000n, 1000n],
    ['12345678901234567', 12_345_678_901_234_567_000n, 1000n],
    ['123456789012345678', 123_456_789_012_345_678n, 1n],
    ['1748775734', 1_748_775_734_000_000_000n, MS],
    ['1748775734128', 1_748_775_734_128_000_000n, MS],
    ['1748775734128456', 1_748_775_734_128_456_000n, 1000n],
    ['1748775734128456789', 1_748_775_734_128_456_789n, 1n],
    ['9223372036854775807', 2n ** 63n - 1n, 1n],
  ])('%s is understood', (text, startNs, stepNs) => {
    expect(readTime(text, NOW_MS)).toEqual({ startNs, stepNs });
  });

  it.each([
    ...[
      '',
      'now',
      'x',
      '24:00',
      '11:60',
      '11:02:60',
      '11',
      '2025',
      '11:2',
      '11:02:',
      '11:02:14.',
      '11:02:14.1234567890',
    ],
    ...['2025-02-30', '2025-13-01', '2025-00-10', '2025-06-31', '1969-01-01', '2025-6-1', '2025-06-01T'],
    ...['2025-06-01T25:00', '2025-06-01Z', '2025-06-01T11:02+15:00', '2025-06-01T11:02+02:60'],
    ...['-5', '5m', '-m', '-5y', '-1e3s', '--5m', '9223372036854775808', '12345678901234567890', '1.5'],
  ])('%j is no time', (text) => {
    expect(readTime(text, NOW_MS)).toBeNull();
  });
});

describe('local time', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    ['Asia/Kolkata', '2025-06-01T03:30:00Z'],
    ['America/New_York', '2025-06-01T13:00:00Z'],
    ['UTC', '2025-06-01T09:00:00Z'],
  ])('means the clock of %s, in words too', (zone, expected) => {
    vi.stubEnv('TZ', zone);
    const nowMs = Date.parse('2025-06-01T12:00:00Z');
    expect(readTime('09:00', nowMs)?.startNs).toBe(utc(expected));
    expect(readTime('2025-06-01T09:00', nowMs)?.startNs).toBe(utc(expected));
    expect(parseFilterOrThrow('time>09:00', nowMs).describe()).toBe('received after 2025-06-01 09:00:00.000');
  });
});

describe('time', () => {
  const at = local(2025, 5, 1, 11, 2, 14, 128);
  const on = (expression: string, receivedNs: bigint): boolean => matches(expression, { receivedNs });

  it('counts in ms, as the window shows it', () => {
    expect(on('time>11:02:14.128', at + 456_000n)).toBe(false);
    expect(on('time>11:02:14.128', at + MS)).toBe(true);
    expect(on('time>=11:02:14.128', at)).toBe(true);
    expect(on('time>=11:02:14.128', at - 1n)).toBe(false);
    expect(on('time<11:02:14.128', at)).toBe(false);
    expect(on('time<11:02:14.128', at - 1n)).toBe(true);
    expect(on('time<=11:02:14.128', at + 999_999n)).toBe(true);
    expect(on('time<=11:02:14.128', at + MS)).toBe(false);
  });

  it('counts in the unit that was written where it is finer', () => {
    expect(on('time>11:02:14.128456', at + 456_999n)).toBe(false);
    expect(on('time>11:02:14.128456', at + 457_000n)).toBe(true);
    expect(on(`time>${String(at)}`, at)).toBe(false);
    expect(on(`time>${String(at)}`, at + 1n)).toBe(true);
  });

  it('takes ranges with both ends', () => {
    const range = 'time:11:02:14.128..11:02:15';
    expect(on(range, at - 1n)).toBe(false);
    expect(on(range, at)).toBe(true);
    expect(on(range, local(2025, 5, 1, 11, 2, 15) + 999_999n)).toBe(true);
    expect(on(range, local(2025, 5, 1, 11, 2, 15, 1))).toBe(false);
    expect(on('time="2025-06-01 11:00..2025-06-01 12:00"', at)).toBe(true);
  });

  it('takes times back from now', () => {
    expect(on('time>-5m', nsOf(NOW_MS - 299_000))).toBe(true);
    expect(on('time > -5m', nsOf(NOW_MS - 301_000))).toBe(false);
  });

  it('uses the clock of the machine when no time is given', () => {
    const { ast } = parseFilterOrThrow('time>-0s');
    if (ast.kind !== 'time' || ast.comparison.op !== '>') throw new Error('not the tree of time>');
    expect(Math.abs(Number(ast.comparison.value.startNs / MS) - Date.now())).toBeLessThan(60_000);
  });
});

describe('sent', () => {
  it('asks the sender’s timestamp', () => {
    const fields = { receivedNs: 0n, timestampNs: nsOf(NOW_MS + 30_000) };
    expect(matches('sent>+20s', fields)).toBe(true);
    expect(matches('time>+20s', fields)).toBe(false);
    expect(matches('sent:11:00..12:01', fields)).toBe(true);
    expect(matches('sent<0', { timestampNs: -1n })).toBe(true);
  });

  it('matches no message without a timestamp, so that not sent>0 finds those', () => {
    for (const expression of ['sent>0', 'sent>=0', 'sent<=0', 'sent<12:00', 'sent:0..12:00'])
      expect(matches(expression, { timestampNs: 0n })).toBe(false);
    expect(matches('not sent>0', { timestampNs: 0n })).toBe(true);
  });
});
