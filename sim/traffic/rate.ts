/** Rates as people write them. */

const SECONDS_OF: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600 };
const MIN_PER_SECOND = 1 / 3_600;
export const MAX_PER_SECOND = 100_000;

/** `10/s`, `0.5/s`, `30/min`, `1/h` or `10` (a second) in messages per second, or null. */
export function readRate(text: string): number | null {
  const match = /^(\d{1,6}(?:\.\d{1,6})?)(?:\/(s|min|h))?$/.exec(text);
  if (match === null) return null;
  const perSecond = Number(match[1]) / (SECONDS_OF[match[2] ?? 's'] ?? 1);
  return perSecond >= MIN_PER_SECOND && perSecond <= MAX_PER_SECOND ? perSecond : null;
}
