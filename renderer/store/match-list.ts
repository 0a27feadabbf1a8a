/**
 * Positions that match a filter, ascending. The search finds old ones from the newest down, the stream names new
 * ones, so both ends grow and neither moves what is there.
 */
export class MatchList {
  /** Descending. */
  readonly #older: number[] = [];
  readonly #newer: number[] = [];

  get count(): number {
    return this.#older.length + this.#newer.length;
  }

  /** How many are at or after a position. */
  countFrom(position: number): number {
    return this.count - this.indexOf(position);
  }

  keyAt(index: number): number {
    const older = this.#older.length;
    const position = index < older ? this.#older[older - 1 - index] : this.#newer[index - older];
    if (position === undefined) throw new RangeError(`no match has the index ${index}`);
    return position;
  }

  /** Index of the first match at or after a position. */
  indexOf(position: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keyAt(middle) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param positions descending, each before all that are there */
  addOlder(positions: readonly number[]): void {
    for (const position of positions) this.#older.push(position);
  }

  /** @param positions ascending, each after all that are there */
  addNewer(positions: readonly number[]): void {
    for (const position of positions) this.#newer.push(position);
  }
}
