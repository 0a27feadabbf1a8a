/** The listeners of one source of events. */
export class EventHub<Event> {
  readonly #listeners = new Set<(event: Event) => void>();

  /** @returns the unsubscribe */
  add(listener: (event: Event) => void): () => void {
    // Wrapped, so that the same function added twice is heard twice and removed once.
    const entry = (event: Event): void => {
      listener(event);
    };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  emit(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }
}
