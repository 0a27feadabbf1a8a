/** Numbers, times and ids as people read them. Digits keep their width: the font is tabular. */

const counts = new Intl.NumberFormat('en-US');
const oneDigit = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `88,310` */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** `1 peer`, `6 peers` */
export function formatMany(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Exact: `1,204 B`. */
export function formatBytes(bytes: number): string {
  return `${counts.format(bytes)} B`;
}

/** Rounded: `212 B`, `1.4 KiB`, `2.0 GiB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 'B';
  for (const next of ['KiB', 'MiB', 'GiB']) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return unit === 'B' ? formatBytes(bytes) : `${oneDigit.format(value)} ${unit}`;
}

/** `42/s`, `0.4/s` */
export function formatRate(perSecond: number): string {
  const text =
    perSecond > 0 && perSecond < 10 ? oneDigit.format(perSecond) : counts.format(Math.round(perSecond));
  return `${text}/s`;
}

/** `0.4 %`, `112 %` */
export function formatPercent(percent: number): string {
  return `${percent < 10 ? oneDigit.format(percent) : counts.format(Math.round(percent))} %`;
}

/** `12.4 ms`, `1,204 ms` */
export function formatLatency(ms: number): string {
  return `${ms < 100 ? oneDigit.format(ms) : counts.format(Math.round(ms))} ms`;
}

/** `4 s`, `3 min 20 s`, `2 h 5 min` */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${formatCount(hours)} h` : `${formatCount(hours)} h ${minutes % 60} min`;
}

/** What is left, never too little: `4 s`. */
export function formatCountdown(ms: number): string {
  return `${Math.max(0, Math.ceil(ms / 1_000))} s`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time to the second: `11:02:14`. */
export function formatClock(ns: bigint): string {
  const date = new Date(Number(ns / 1_000_000n));
  if (Number.isNaN(date.getTime())) return 'no date';
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

const weekdays = new Intl.DateTimeFormat('en-US', { weekday: 'long' });

/** Local: `Today`, `Sunday 2026-11-22`. */
export function formatDay(ns: bigint, nowMs: number): string {
  if (isSameDay(ns, nowMs)) return 'Today';
  const date = new Date(Number(ns / 1_000_000n));
  return Number.isNaN(date.getTime()) ? 'no date' : `${weekdays.format(date)} ${dateWords(date)}`;
}

function dateWords(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Local time to the millisecond, `11:02:14.128`; of another day than `nowMs` with the date before it. */
export function formatTime(ns: bigint, nowMs: number): string {
  const ms = Number(ns / 1_000_000n);
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return 'no date';
  const clock = `${formatClock(ns)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  if (isSameDay(ns, nowMs)) return clock;
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const year = date.getFullYear();
  return year === new Date(nowMs).getFullYear() ? `${day} ${clock}` : `${year}-${day} ${clock}`;
}

/** In local time. */
export function isSameDay(ns: bigint, nowMs: number): boolean {
  return new Date(Number(ns / 1_000_000n)).toDateString() === new Date(nowMs).toDateString();
}

/** Local date and time to the nanosecond: `2026-11-22 11:02:14.128 031 005`. */
export function formatInstant(ns: bigint): string {
  const ms = Number(ns / 1_000_000n);
  const date = new Date(ms);
  if (ns < 0n || Number.isNaN(date.getTime())) return `${ns} ns`;
  const day = dateWords(date);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const fraction = String(ns % 1_000_000_000n).padStart(9, '0');
  return `${day} ${time}.${fraction.slice(0, 3)} ${fraction.slice(3, 6)} ${fraction.slice(6)}`;
}

/** `16Uiu2…9fab12`: the middle of an id left out. */
export function shortenMiddle(text: string, head = 6, tail = 6): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}
