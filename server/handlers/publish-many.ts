/** One message again and again, at a rate. */
import { delay } from '../../core/engine/deadline.ts';
import { asWakuDeskError, WakuDeskError } from '../../core/engine/errors.ts';
import type { Answers, CheckedRequests, Progress } from '../../core/operations/operations.ts';
import type { Session } from '../../core/session/session.ts';

type Many = 'messages.publishMany';

const PROGRESS_INTERVAL_MS = 100;
/** An engine that answers at once must not keep everything else from its turn. */
const MAX_TURN_MS = 10;
const MAX_FAILURES_IN_A_ROW = 10;

/** @throws WakuDeskError CANCELLED, or why the first message failed */
export async function publishMany(
  session: Session,
  { message, count, ratePerSecond }: CheckedRequests[Many],
  signal: AbortSignal,
  onProgress: (progress: Progress[Many]) => void,
): Promise<Answers[Many]> {
  const startMs = performance.now();
  const sinceStartMs = (): number => performance.now() - startMs;
  const result: Answers[Many] = { sent: 0, failed: 0, lastHash: null, lastError: null, elapsedMs: 0 };
  let failuresInARow = 0;
  let lastProgressMs = 0;
  let lastTurnMs = 0;
  for (let i = 0; i < count && failuresInARow < MAX_FAILURES_IN_A_ROW; i++) {
    await delay(ratePerSecond === undefined ? 0 : (i * 1_000) / ratePerSecond - sinceStartMs(), signal);
    if (sinceStartMs() - lastTurnMs > MAX_TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      lastTurnMs = sinceStartMs();
    }
    if (signal.aborted) throw cancelled();
    try {
      const { hash } = await session.publish(message, { signal });
      result.sent++;
      result.lastHash = hash;
      failuresInARow = 0;
    } catch (error) {
      const known = asWakuDeskError(error, {
        code: 'ENGINE_FAILED',
        operation: 'messages.publishMany',
        hint: 'Look at the log.',
      });
      if (i === 0) throw known;
      result.failed++;
      result.lastError = known.toData();
      failuresInARow++;
    }
    result.elapsedMs = sinceStartMs();
    if (result.elapsedMs - lastProgressMs > PROGRESS_INTERVAL_MS) {
      lastProgressMs = result.elapsedMs;
      onProgress({ ...result });
    }
  }
  return result;
}

function cancelled(): WakuDeskError {
  return new WakuDeskError('CANCELLED', 'Sending was cancelled.', {
    operation: 'messages.publishMany',
    hint: 'Start it again.',
  });
}
