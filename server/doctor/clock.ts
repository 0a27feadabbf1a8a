/** The clock: messages carry its time, and relays refuse those that are far off. */
import type { Finding } from '../../core/operations/doctor-values.ts';
import { bad, good, notice } from './finding.ts';

export interface Clocks {
  /** Unix ms. */
  wallMs: () => number;
  monotonicMs: () => number;
}

const OWN: Clocks = { wallMs: Date.now, monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n) };
/** This program is newer than that. */
const FIRST_YEAR = 2025;
const LAST_YEAR = 2100;
const WATCH_MS = 200;
/** A clock that is being corrected is slewed by less. */
const JUMP_MS = 50;

/** Watches the clock for a moment; nobody is asked for the right time. */
export async function clockFinding(clocks: Clocks = OWN): Promise<Finding> {
  const subject = 'Clock';
  const wall = clocks.wallMs();
  const monotonic = clocks.monotonicMs();
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  const jumpMs = Math.round(clocks.wallMs() - wall - (clocks.monotonicMs() - monotonic));
  const now = new Date(wall);
  const details = {
    utc: now.toISOString(),
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    jumpMs,
  };
  const year = now.getUTCFullYear();
  if (year < FIRST_YEAR || year > LAST_YEAR)
    return bad('clock', subject, `The clock stands in the year ${year}: other nodes refuse such messages.`, {
      hint: 'Set the clock, and let the system keep it (timedatectl set-ntp true).',
      details,
    });
  if (Math.abs(jumpMs) > JUMP_MS)
    return notice('clock', subject, `The clock jumped by ${jumpMs} ms while it was watched.`, {
      hint: 'Measured delays are wrong then: let one service alone set the clock.',
      details,
    });
  return good('clock', subject, `${details.utc} (${details.timeZone}), without jumps.`, { details });
}
