/** Results of checks as lines, and the failure that they come to. */
import type { CheckResult, Outcome } from '../checks/check.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { counted } from './message-lines.ts';
import { printable, type Output } from './output.ts';

const MARKS: Record<Outcome, string> = { pass: 'pass', fail: 'FAIL', notApplicable: 'n/a ' };
const NAME_WIDTH = 36;
const MAX_SEEN = 300;

export function printCheck(check: CheckResult, output: Output): void {
  const { name, outcome, expected, seen } = check;
  const words = outcome === 'fail' ? `expected ${expected}; seen: ${shortened(seen)}` : shortened(seen);
  output.result('check', check, printable(`${MARKS[outcome]}  ${name.padEnd(NAME_WIDTH)}  ${words}`));
}

export function summarize(checks: readonly CheckResult[]): Record<Outcome, number> {
  const counts: Record<Outcome, number> = { pass: 0, fail: 0, notApplicable: 0 };
  for (const { outcome } of checks) counts[outcome]++;
  return counts;
}

export function countsText({ pass, fail, notApplicable }: Record<Outcome, number>): string {
  return `${counted(pass + fail, 'check')}: ${pass} passed, ${fail} failed; ${notApplicable} not applicable`;
}

/** @throws WakuDeskError with the code of the first failure */
export function passOrFail(checks: readonly CheckResult[], operation: string, hint: string): void {
  const failures = checks.filter(({ outcome }) => outcome === 'fail');
  const [first] = failures;
  if (first === undefined) return;
  const more = failures.length === 1 ? '' : ` (and ${failures.length - 1} more)`;
  throw new WakuDeskError(
    first.code ?? 'CHECK_FAILED',
    `${first.name} failed${more}: ${shortened(first.seen)}`,
    {
      operation,
      hint,
    },
  );
}

function shortened(text: string): string {
  return text.length > MAX_SEEN ? `${text.slice(0, MAX_SEEN)}…` : text;
}
