/**
 * Positions in the list and numbers in the capture. They run in step but for messages that the disk refused: those
 * have a position and no number.
 */

/** Messages that follow on each other in both. */
interface Run {
  position: number;
  seq: number;
  length: number;
}

/** A disk that refuses every other message makes a run of each; beyond this the oldest runs are forgotten. */
const MAX_RUNS = 20_000;

export class Places {
  /** The number that the session's first captured message gets: what is before lies at negative positions. */
  readonly startSeq: number;
  #runs: Run[] = [];

  constructor(startSeq: number) {
    this.startSeq = startSeq;
  }

  /** In the order of positions. */
  add(position: number, seq: number | null): void {
    if (seq === null) return;
    const last = this.#runs.at(-1);
    if (last !== undefined && last.seq + last.length === seq && last.position + last.length === position) {
      last.length++;
      return;
    }
    this.#runs.push({ position, seq, length: 1 });
    if (this.#runs.length > MAX_RUNS) this.#runs = this.#runs.slice(MAX_RUNS / 10);
  }

  /** null for a message that has no number. */
  seqOf(position: number): number | null {
    if (position < 0) {
      const seq = this.startSeq + position;
      return seq > 0 ? seq : null;
    }
    const run = this.#lastRun((candidate) => candidate.position <= position);
    if (run === undefined || position >= run.position + run.length) return null;
    return run.seq + position - run.position;
  }

  /** null for a number that no position here has. */
  positionOf(seq: number): number | null {
    if (seq < this.startSeq) return seq - this.startSeq;
    const run = this.#lastRun((candidate) => candidate.seq <= seq);
    if (run === undefined || seq >= run.seq + run.length) return null;
    return run.position + seq - run.seq;
  }

  /** The number of the first captured message at or after a position; Infinity when there is none. */
  seqFrom(position: number): number {
    if (position < 0) return Math.max(1, this.startSeq + position);
    const inside = this.seqOf(position);
    if (inside !== null) return inside;
    const next = this.#runs.find((run) => run.position > position);
    return next === undefined ? Infinity : next.seq;
  }

  #lastRun(isAtOrBefore: (run: Run) => boolean): Run | undefined {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const run = this.#runs[middle];
      if (run !== undefined && isAtOrBefore(run)) low = middle + 1;
      else high = middle;
    }
    return this.#runs[low - 1];
  }
}
