/**
 * A thread of a node's process that ends it when the harness is gone: also where the main thread hangs in a loop or
 * in a library, and so never hears that the channel closed.
 */

const harnessPid = Number(process.argv[2]);

const LOOK_MS = 1_000;
/** For the main thread to stop the node in order. */
const GRACE_MS = 4_000;

/** A harness that nobody has reaped still has its pid, but it is nobody's parent any more. */
const isChild = process.ppid === harnessPid;

function lives(): boolean {
  if (isChild && process.ppid !== harnessPid) return false;
  try {
    return process.kill(harnessPid, 0);
  } catch {
    return false;
  }
}

const timer = setInterval(() => {
  if (lives()) return;
  clearInterval(timer);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS);
}, LOOK_MS);
