/** Deterministic hashes of millions of messages, each with its place: 48 bytes for each, outside of the heap. */
import type { HashText } from '../waku/hash.ts';

const HASH_BYTES = 32;
const FIRST_CAPACITY = 1_024;

export class HashTable {
  /** Hashes in the order in which they were added. */
  #hashes = Buffer.alloc(FIRST_CAPACITY * HASH_BYTES);
  /** Place + 1 of the hash, 0 for none; twice as many as there are hashes, at least. */
  #slots = new Uint32Array(FIRST_CAPACITY * 2);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns the place of the hash, and whether it is new; places count from 0 */
  add(hash: HashText): { place: number; isNew: boolean } {
    const bytes = bytesOf(hash);
    const slot = this.#slotOf(bytes);
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return { place: known - 1, isNew: false };
    const place = this.#size++;
    this.#slots[slot] = place + 1;
    bytes.copy(this.#hashes, place * HASH_BYTES);
    if (this.#size * HASH_BYTES === this.#hashes.length) this.#grow();
    return { place, isNew: true };
  }

  /** null for a hash that was not added. */
  find(hash: HashText): number | null {
    const known = this.#slots[this.#slotOf(bytesOf(hash))] ?? 0;
    return known === 0 ? null : known - 1;
  }

  /** Where the hash is, or would be. */
  #slotOf(bytes: Buffer): number {
    const mask = this.#slots.length - 1;
    for (let slot = bytes.readUInt32LE(0) & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0) return slot;
      const at = (known - 1) * HASH_BYTES;
      if (bytes.compare(this.#hashes, at, at + HASH_BYTES) === 0) return slot;
    }
  }

  #grow(): void {
    const hashes = Buffer.alloc(this.#hashes.length * 2);
    this.#hashes.copy(hashes);
    this.#hashes = hashes;
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let place = 0; place < this.#size; place++) {
      const at = place * HASH_BYTES;
      this.#slots[this.#slotOf(hashes.subarray(at, at + HASH_BYTES))] = place + 1;
    }
  }
}

function bytesOf(hash: HashText): Buffer {
  return Buffer.from(hash.slice(2), 'hex');
}
