/** When a node that failed is started again, and when no more. */

/** Waiting before a failed node is started again: doubled from the first to the last. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A node that ran this long failed for a new reason. */
const STABLE_MS = 60_000;
/** A node that fails so often within this time stays failed until somebody starts it. */
export const MAX_FAILURES = 10;
export const FAILURES_WITHIN_MS = 600_000;

export class RestartPolicy {
  /** Restarts since the node was last stable. */
  #attempts = 0;
  /** When it failed, Unix ms, within the time that counts. */
  #failures: number[] = [];

  get attempts(): number {
    return this.#attempts;
  }

  get failures(): number {
    return this.#failures.length;
  }

  /** @param ranMs how long it had run @returns how long to wait; null: it failed too often */
  failed(nowMs: number, ranMs: number): number | null {
    if (ranMs > STABLE_MS) this.#attempts = 0;
    this.#failures = [...this.#failures.filter((ms) => nowMs - ms < FAILURES_WITHIN_MS), nowMs];
    if (this.#failures.length >= MAX_FAILURES) return null;
    return Math.min(FIRST_PAUSE_MS * 2 ** this.#attempts++, LONGEST_PAUSE_MS);
  }

  /** Somebody started or stopped it. */
  reset(): void {
    this.#attempts = 0;
    this.#failures = [];
  }
}
