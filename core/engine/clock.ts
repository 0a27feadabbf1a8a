/** Unix time in nanoseconds: the wall clock's milliseconds, refined by the monotonic clock. */

/** Beyond this difference the wall clock was set, or the machine slept: follow it again. */
const MAX_DRIFT_MS = 5;

let anchorWallMs = Date.now();
let anchorMonotonicMs = performance.now();
let lastNs = 0n;

/**
 * Now, strictly greater than at the call before unless the wall clock was set back, so that two messages
 * published in a row never share a timestamp.
 */
export function nowNs(): bigint {
  const wallMs = Date.now();
  const elapsedMs = performance.now() - anchorMonotonicMs;
  if (Math.abs(anchorWallMs + elapsedMs - wallMs) > MAX_DRIFT_MS) {
    anchorWallMs = wallMs;
    anchorMonotonicMs = performance.now();
    lastNs = 0n;
    return BigInt(wallMs) * 1_000_000n;
  }
  const ns = BigInt(anchorWallMs) * 1_000_000n + BigInt(Math.floor(elapsedMs * 1e6));
  lastNs = ns > lastNs ? ns : lastNs + 1n;
  return lastNs;
}
