/** Time limits and cancelling, the same for every long call. */
import { WakuDeskError } from './errors.ts';
import type { TimedCallOptions } from './engine.ts';

/**
 * Runs `work` with a signal that fires on the caller's cancel and when the time is over. The call answers at
 * once in both cases, also when `work` does not listen to the signal.
 * @throws WakuDeskError TIMED_OUT, CANCELLED; and whatever `work` throws
 */
export async function withDeadline<T>(
  operation: string,
  { timeoutMs, signal }: TimedCallOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort: (() => void) | undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    const end = (error: WakuDeskError): void => {
      reject(error);
      controller.abort(error);
    };
    onAbort = () => {
      end(cancelled(operation));
    };
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort);
    if (timeoutMs !== undefined)
      timer = setTimeout(() => {
        end(timedOut(operation, timeoutMs));
      }, timeoutMs);
  });
  try {
    return await Promise.race([interrupted, work(controller.signal)]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

export function timedOut(operation: string, timeoutMs: number): WakuDeskError {
  return new WakuDeskError('TIMED_OUT', `No answer within ${String(timeoutMs)} ms.`, {
    operation,
    hint: 'Check that the other side is up and reachable, or allow more time.',
  });
}

export function cancelled(operation: string): WakuDeskError {
  return new WakuDeskError('CANCELLED', 'The call was cancelled.', { operation, hint: 'Call again.' });
}

/** Resolves after `ms` (at once for 0 and less), or when the signal fires. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
