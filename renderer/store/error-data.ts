/** Whatever was thrown, as what an error notice shows. */
import { asWakuDeskError, type ErrorData } from '../../core/engine/errors.ts';

export function errorData(error: unknown, operation: string): ErrorData {
  const hint = 'Try again; if it happens again, report it with the details.';
  return asWakuDeskError(error, { code: 'ENGINE_FAILED', operation, hint }).toData();
}

export function isCancelled(error: unknown): boolean {
  return errorData(error, '').code === 'CANCELLED';
}

/** What the doctor has the next step for. */
export function isForDoctor(error: ErrorData | null): boolean {
  return error?.code === 'LIBRARY_MISSING' || error?.code === 'LIBRARY_REFUSED';
}
