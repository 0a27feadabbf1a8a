/** Looks again and again: often while something happens, seldom at rest. */

const OFTEN_MS = 250;
const SELDOM_MS = 5_000;
/** After the last thing that happened: longer than the seconds over which a rate is taken, so that it has come to 0. */
const RESTS_AFTER_MS = 7_000;

export class Pace {
  readonly #look: () => boolean;
  #restsAtMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isSeldom = false;

  /** @param look tells whether something happened */
  constructor(look: () => boolean) {
    this.#look = look;
  }

  /** Something happens. Starts it where it does not run. */
  wake(): void {
    this.#restsAtMs = performance.now() + RESTS_AFTER_MS;
    if (this.#timer !== undefined && !this.#isSeldom) return;
    clearTimeout(this.#timer);
    this.#plan();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #plan(): void {
    this.#isSeldom = performance.now() >= this.#restsAtMs;
    this.#timer = setTimeout(
      () => {
        if (this.#look()) this.#restsAtMs = performance.now() + RESTS_AFTER_MS;
        this.#plan();
      },
      this.#isSeldom ? SELDOM_MS : OFTEN_MS,
    );
  }
}
