/** Points in time as people write them. */
import type { Instant } from './ast.ts';

const NS_PER_MS = 1_000_000n;
const INT64_MAX = 2n ** 63n - 1n;
const DAY_MS = 86_400_000;
/** The end of the year 9999. */
const LATEST_MS = 253_402_300_799_999;

const CLOCK = /^(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/;
const DATE = /^(19[7-9]\d|[2-9]\d{3})-(\d\d)-(\d\d)(?:[T ]([\d:.]+?)(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
const RELATIVE = /^([+-])(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|d)$/i;
/** Short numbers are no times: `time>11` means a clock, not a second in 1970. */
const UNIX = /^(?:0|\d{9,19})$/;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS };

/**
 * The time that `text` names, or null:
 * - `11:02`, `11:02:14.128`: today, local time
 * - `2025-06-01`, `2025-06-01T11:02:14.128`: local time, unless `Z` or an offset such as `+02:00` follows
 * - `-5m`, `+20s`: from now; units ms, s, m, h, d
 * - a Unix time in s, ms, µs or ns, told apart by its length
 *
 * What lies before 1970 becomes 1970.
 * @param nowMs Unix time in ms that today and relative times start from
 */
export function readTime(text: string, nowMs: number): Instant | null {
  const instant = readClock(text, nowMs) ?? readDate(text) ?? readRelative(text, nowMs) ?? readUnix(text);
  return instant !== null && instant.startNs < 0n ? { ...instant, startNs: 0n } : instant;
}

interface Clock {
  hours: number;
  minutes: number;
  seconds: number;
  /** Of the second, in ns. */
  nanoseconds: bigint;
  stepNs: bigint;
}

function parseClock(text: string): Clock | null {
  const match = CLOCK.exec(text);
  if (match === null) return null;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const fraction = match[4] ?? '';
  const stepNs = fraction.length <= 3 ? NS_PER_MS : 10n ** BigInt(9 - fraction.length);
  return { hours, minutes, seconds, nanoseconds: BigInt(fraction.padEnd(9, '0')), stepNs };
}

function readClock(text: string, nowMs: number): Instant | null {
  const clock = parseClock(text);
  if (clock === null) return null;
  const today = new Date(nowMs);
  return atClock(today.getFullYear(), today.getMonth(), today.getDate(), clock, null);
}

/** @param offsetMinutes east of UTC, or null for local time */
function atClock(
  year: number,
  month: number,
  day: number,
  { hours, minutes, seconds, nanoseconds, stepNs }: Clock,
  offsetMinutes: number | null,
): Instant {
  const ms =
    offsetMinutes === null
      ? new Date(year, month, day, hours, minutes, seconds).getTime()
      : Date.UTC(year, month, day, hours, minutes - offsetMinutes, seconds);
  return { startNs: BigInt(ms) * NS_PER_MS + nanoseconds, stepNs };
}

function readDate(text: string): Instant | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]) - 1, Number(match[3])];
  const date = new Date(Date.UTC(year, month, day));
  // A day that the month does not have rolls over into another month.
  if (date.getUTCMonth() !== month) return null;
  const clock = parseClock(match[4] ?? '00:00');
  const offsetMinutes = readOffset(match[5]);
  if (clock === null || Number.isNaN(offsetMinutes)) return null;
  return atClock(year, month, day, clock, offsetMinutes);
}

/** Minutes east of UTC, null for none, NaN for one that does not exist. */
function readOffset(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(3).replace(':', ''))];
  if (hours > 14 || minutes > 59) return NaN;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function readRelative(text: string, nowMs: number): Instant | null {
  const match = RELATIVE.exec(text);
  const unitMs = UNIT_MS[(match?.[3] ?? '').toLowerCase()];
  if (match === null || unitMs === undefined) return null;
  const distanceMs = Number(match[2]) * unitMs;
  const ms = Math.min(LATEST_MS, Math.floor(nowMs + (match[1] === '-' ? -distanceMs : distanceMs)));
  return { startNs: BigInt(ms) * NS_PER_MS, stepNs: NS_PER_MS };
}

/** 9 to 11 digits are seconds (1973 to 5138), up to 14 ms, up to 17 µs, more ns. */
function readUnix(text: string): Instant | null {
  if (!UNIX.test(text)) return null;
  const value = BigInt(text);
  if (text.length <= 11) return { startNs: value * 1_000_000_000n, stepNs: NS_PER_MS };
  if (text.length <= 14) return { startNs: value * NS_PER_MS, stepNs: NS_PER_MS };
  if (text.length <= 17) return { startNs: value * 1000n, stepNs: 1000n };
  return value > INT64_MAX ? null : { startNs: value, stepNs: 1n };
}

/** Local time with date, as the window shows it: `2025-06-01 11:02:14.128`; finer where it was written finer. */
export function formatInstant({ startNs, stepNs }: Instant): string {
  const date = new Date(Number(startNs / NS_PER_MS));
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
  const day = [pad(date.getFullYear(), 4), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  const clock = [pad(date.getHours()), pad(date.getMinutes()), pad(date.getSeconds())].join(':');
  const fraction = String(startNs % 1_000_000_000n).padStart(9, '0');
  return `${day} ${clock}.${stepNs === NS_PER_MS ? fraction.slice(0, 3) : fraction}`;
}
