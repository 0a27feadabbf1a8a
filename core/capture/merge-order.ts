/** The messages of several captures in the order of time, and which of them are the same; 100 bytes for each. */
import type { HashText } from '../waku/hash.ts';
import { HashTable } from './hash-table.ts';

/** A message of one source. */
export interface Copy {
  source: number;
  seq: number;
  receivedNs: bigint;
}

const NONE = 0xffff_ffff;

export class MergeOrder {
  readonly #sources: Uint8Array;
  readonly #seqs: Float64Array;
  readonly #times: BigInt64Array;
  /** What is the same has the same place. */
  readonly #places: Uint32Array;
  readonly #hashes = new HashTable();
  /** From the first copy on, each row that is the same. */
  readonly #nextCopy: Uint32Array;
  #count = 0;

  /** @param most how many rows can come */
  constructor(most: number) {
    this.#sources = new Uint8Array(most);
    this.#seqs = new Float64Array(most);
    this.#times = new BigInt64Array(most);
    this.#places = new Uint32Array(most);
    this.#nextCopy = new Uint32Array(most).fill(NONE);
  }

  get count(): number {
    return this.#count;
  }

  add({ source, seq, receivedNs }: Copy, hash: HashText): void {
    const row = this.#count++;
    this.#sources[row] = source;
    this.#seqs[row] = seq;
    this.#times[row] = receivedNs;
    this.#places[row] = this.#hashes.add(hash).place;
  }

  /** Rows of the copies that came first, in the order of time. To be called once, when all have been added. */
  firstCopies(): Uint32Array {
    const firstOfPlace = new Uint32Array(this.#hashes.size).fill(NONE);
    const rows = new Uint32Array(this.#hashes.size);
    let found = 0;
    for (const row of this.#inOrder()) {
      const place = this.#places[row] ?? 0;
      const first = firstOfPlace[place] ?? NONE;
      if (first === NONE) {
        firstOfPlace[place] = row;
        rows[found++] = row;
      } else {
        this.#nextCopy[row] = this.#nextCopy[first] ?? NONE;
        this.#nextCopy[first] = row;
      }
    }
    return rows;
  }

  /** Of a first copy and what is the same, by source and number. */
  copiesOf(firstCopy: number): Copy[] {
    const copies: Copy[] = [];
    for (let row = firstCopy; row !== NONE; row = this.#nextCopy[row] ?? NONE) copies.push(this.copy(row));
    return copies.sort((a, b) => a.source - b.source || a.seq - b.seq);
  }

  copy(row: number): Copy {
    return {
      source: this.#sources[row] ?? 0,
      seq: this.#seqs[row] ?? 0,
      receivedNs: this.#times[row] ?? 0n,
    };
  }

  #inOrder(): Uint32Array {
    const times = this.#times;
    // Numbers compare ten times as fast as bigint, and are exact but for the last 256 ns.
    const rough = Float64Array.from(times.subarray(0, this.#count), Number);
    return Uint32Array.from({ length: this.#count }, (_none, row) => row).sort((a, b) => {
      const difference = (rough[a] ?? 0) - (rough[b] ?? 0);
      if (difference !== 0) return difference;
      const exact = (times[a] ?? 0n) - (times[b] ?? 0n);
      return exact === 0n ? a - b : exact < 0n ? -1 : 1;
    });
  }
}
