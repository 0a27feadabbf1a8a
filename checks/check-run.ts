/** Runs checks one after the other, each to its result. */
import { describeCause } from '../core/engine/errors.ts';
import type { CheckResult } from './check.ts';

/** @typeParam T what is checked */
export interface Check<T> {
  /** `group.what`, stable. */
  name: string;
  /** What would pass, in words: with every answer that is taken. */
  expected: string;
  /** @returns what was seen @throws CheckFailure, NotApplicable */
  run: (subject: T) => Promise<string>;
}

/** What was there instead of what was expected. */
export class CheckFailure extends Error {}

/** Why a check says nothing about this subject. */
export class NotApplicable extends Error {}

export async function* runChecks<T>(
  checks: readonly Check<T>[],
  subject: T,
  signal: AbortSignal,
): AsyncGenerator<CheckResult, void> {
  for (const check of checks) {
    if (signal.aborted) return;
    yield await runCheck(check, subject);
  }
}

async function runCheck<T>({ name, expected, run }: Check<T>, subject: T): Promise<CheckResult> {
  try {
    return { name, expected, outcome: 'pass', seen: await run(subject) };
  } catch (error) {
    if (error instanceof NotApplicable)
      return { name, expected, outcome: 'notApplicable', seen: error.message };
    const seen = error instanceof CheckFailure ? error.message : `the check broke: ${describeCause(error)}`;
    return { name, expected, outcome: 'fail', seen, code: 'CHECK_FAILED' };
  }
}
