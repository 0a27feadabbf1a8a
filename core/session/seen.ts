/** Hashes of the last two minutes: gossipsub's own memory goes by bytes, and one message has several byte forms. */

/** nwaku's and gossipsub's duplicate window. */
export const DUPLICATE_WINDOW_NS = 120_000_000_000n;
/** Bounded: 120 s at a little over 8,000 messages/s. Beyond it the oldest are forgotten early. */
const MAX_HASHES = 1_000_000;

export class SeenHashes<Entry> {
  readonly #maxHashes: number;
  readonly #entries = new Map<string, { entry: Entry; atNs: bigint }>();

  constructor(maxHashes = MAX_HASHES) {
    this.#maxHashes = maxHashes;
  }

  get(hash: string, nowNs: bigint): Entry | undefined {
    const found = this.#entries.get(hash);
    return found !== undefined && nowNs - found.atNs < DUPLICATE_WINDOW_NS ? found.entry : undefined;
  }

  forget(hash: string): void {
    this.#entries.delete(hash);
  }

  /** Also forgets two old hashes, so that the map shrinks as fast as it may grow, without a sweep. */
  add(hash: string, entry: Entry, nowNs: bigint): void {
    this.#entries.delete(hash);
    this.#entries.set(hash, { entry, atNs: nowNs });
    for (let i = 0; i < 2; i++) {
      const oldest = this.#entries.entries().next().value;
      if (oldest === undefined) return;
      const [oldHash, { atNs }] = oldest;
      if (nowNs - atNs < DUPLICATE_WINDOW_NS && this.#entries.size <= this.#maxHashes) return;
      this.#entries.delete(oldHash);
    }
  }
}
