/** Notices a process that lives and does not answer. */

const BEAT_MS = 2_000;
/** A turn that comes this late was one in which this process itself stood still: it tells nothing of the other. */
const LATE_MS = 2 * BEAT_MS;

/**
 * Asks every 2 s, one question at a time; `onHang` is called once, after so many seconds without an answer in
 * which this process itself ran.
 * @param ask settles when the other side answers, whatever it says
 * @returns stops it
 */
export function startHeartbeat(ask: () => Promise<unknown>, hangMs: number, onHang: () => void): () => void {
  let waiting = false;
  let silentMs = 0;
  let lastMs = performance.now();
  const answered = (): void => {
    waiting = false;
    silentMs = 0;
  };
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const sinceMs = nowMs - lastMs;
    lastMs = nowMs;
    if (waiting && sinceMs < LATE_MS) silentMs += sinceMs;
    if (silentMs >= hangMs) {
      clearInterval(timer);
      onHang();
    } else if (!waiting) {
      waiting = true;
      ask().then(answered, answered);
    }
  }, BEAT_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
