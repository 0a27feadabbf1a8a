/** Unix time in nanoseconds: the wall clock at the start of the process, carried on by the monotonic clock. */

/** Beyond this difference the wall clock was set, or the machine slept: follow it again. */
const MAX_DRIFT_MS = 5;

let anchorMonotonicMs = performance.now();
// In microseconds, where Date.now() has whole milliseconds: two processes of a machine agree to less than one.
let anchorWallMs = performance.timeOrigin + anchorMonotonicMs;
let lastNs = 0n;

/**
 * Now, strictly greater than at the call before unless the wall clock was set back, so that two messages
 * published in a row never share a timestamp.
 */
export function nowNs(): bigint {
  const elapsedMs = performance.now() - anchorMonotonicMs;
  // A process that was kept waiting between its looks at the two clocks sees a difference too, but not twice.
  if (differs(elapsedMs) && differs(performance.now() - anchorMonotonicMs)) {
    anchorWallMs = Date.now();
    anchorMonotonicMs = performance.now();
    lastNs = 0n;
    return BigInt(anchorWallMs) * 1_000_000n;
  }
  const ns = BigInt(Math.floor(anchorWallMs * 1e3)) * 1_000n + BigInt(Math.floor(elapsedMs * 1e6));
  lastNs = ns > lastNs ? ns : lastNs + 1n;
  return lastNs;
}

function differs(elapsedMs: number): boolean {
  return Math.abs(anchorWallMs + elapsedMs - Date.now()) > MAX_DRIFT_MS;
}
