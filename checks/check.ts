/** What a check found out. */
import type { ErrorCode } from '../core/engine/errors.ts';

/** `notApplicable`: it makes no sense for this node, or what it builds on has failed. */
export type Outcome = 'pass' | 'fail' | 'notApplicable';

export interface CheckResult {
  /** `group.what`, stable. */
  name: string;
  outcome: Outcome;
  /** What would pass, in words. */
  expected: string;
  /** What was there instead, or as well; why it is not applicable. */
  seen: string;
  /** Of a failure; CHECK_FAILED where nothing more is known. */
  code?: ErrorCode;
}
