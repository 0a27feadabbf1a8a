import { WakuDeskError, type ErrorCode } from './errors.ts';

/** A failure of `engine.<verb>`. */
export function failure(
  verb: string,
  code: ErrorCode,
  message: string,
  hint: string,
  cause?: unknown,
): WakuDeskError {
  return new WakuDeskError(code, message, { operation: `engine.${verb}`, hint, cause });
}
