/** SIGINT, SIGTERM and SIGHUP end a command cleanly; a second one, or five seconds, end it at once. */

const HARD_END_MS = 4_500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** The shell's code of a command that was interrupted. */
const INTERRUPTED = 130;

/** Fires at the first signal. @param note tells the user why the program ends at once */
export function interruptSignal(note: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      controller.abort();
      setTimeout(() => {
        // A command that is done and only waits for the reader of its output has its exit code already.
        if (process.exitCode !== undefined) process.exit();
        note('error: stopping took too long; ended at once');
        process.exit(INTERRUPTED);
      }, HARD_END_MS).unref();
    });
  return controller.signal;
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener('abort', () => {
        resolve();
      });
  });
}
