/** One piece of work at a time, in the order of the calls; one that fails holds up nobody. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** @returns what `work` gives, or its failure */
  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when everything asked for until now has had its turn. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
