/** Gathers batches and applies them once per frame; a batch is acknowledged when it is on the page. */
import type { Batch } from '../../core/operations/live-values.ts';

/** Nobody reads faster than this, and a list that is drawn 60 times a second takes three times the work. */
const MIN_PAUSE_MS = 50;
/** A page that nobody looks at gets no frames. */
const HIDDEN_MS = 250;

interface Waiting {
  batch: Batch;
  done: () => void;
}

export class FrameBatches {
  readonly #apply: (batches: readonly Batch[]) => void;
  #waiting: Waiting[] = [];
  #lastMs = -Infinity;
  #frame: number | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #hidden: ReturnType<typeof setTimeout> | undefined;

  constructor(apply: (batches: readonly Batch[]) => void) {
    this.#apply = apply;
  }

  add(batch: Batch): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ batch, done });
      if (this.#waiting.length > 1) return;
      const pauseMs = this.#lastMs + MIN_PAUSE_MS - performance.now();
      this.#hidden = setTimeout(this.#flush, HIDDEN_MS);
      if (pauseMs > 0) this.#pause = setTimeout(this.#askFrame, pauseMs);
      else this.#askFrame();
    });
  }

  /** A new snapshot stands for them. */
  drop(): void {
    for (const { done } of this.#take()) done();
  }

  readonly #askFrame = (): void => {
    if (typeof requestAnimationFrame === 'function') this.#frame = requestAnimationFrame(this.#flush);
    else this.#pause = setTimeout(this.#flush);
  };

  readonly #flush = (): void => {
    const waiting = this.#take();
    this.#lastMs = performance.now();
    try {
      this.#apply(waiting.map(({ batch }) => batch));
    } finally {
      for (const { done } of waiting) done();
    }
  };

  #take(): Waiting[] {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#pause);
    clearTimeout(this.#hidden);
    this.#frame = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
