/**
 * Case-insensitive search for one text: no allocation, and linear time whatever text and needle are.
 * `toLowerCase().includes()` copies every text (20 times slower where a payload is binary), and both it and a
 * regular expression take a product of the lengths at worst.
 */

/** Horspool may spend so many comparisons per character passed; then Knuth-Morris-Pratt goes on. */
const COMPARISONS_PER_CHARACTER = 4;
const BUCKETS = 256;

let foldTable: Uint16Array | undefined;

/**
 * One code unit per code unit, so offsets stay. Upper and then lower case, because forms that share a capital
 * (σ and ς, k and the Kelvin sign) are one letter to a reader.
 */
function getFoldTable(): Uint16Array {
  if (foldTable !== undefined) return foldTable;
  const table = new Uint16Array(65_536);
  for (let unit = 0; unit < table.length; unit++) {
    const own = String.fromCharCode(unit);
    const upper = own.toUpperCase();
    const lower = (upper.length === 1 ? upper : own).toLowerCase();
    table[unit] = lower.length === 1 ? lower.charCodeAt(0) : unit;
  }
  foldTable = table;
  return table;
}

/** Searches for one needle. Case does not count; characters beyond the basic plane match only themselves. */
export class Searcher {
  readonly length: number;
  readonly #fold = getFoldTable();
  readonly #needle: Uint16Array;
  /** How far the window may move when its last character falls in this bucket. */
  readonly #shift: Uint16Array;
  /** Knuth-Morris-Pratt: length of the longest border of each prefix; made when first needed. */
  #borders: Uint16Array | undefined;

  /** @param needle shorter than 65,536 code units */
  constructor(needle: string) {
    this.length = needle.length;
    this.#needle = Uint16Array.from(
      { length: needle.length },
      (_, i) => this.#fold[needle.charCodeAt(i)] ?? 0,
    );
    this.#shift = new Uint16Array(BUCKETS).fill(needle.length);
    for (let i = 0; i < needle.length - 1; i++)
      this.#shift[(this.#needle[i] ?? 0) % BUCKETS] = needle.length - 1 - i;
  }

  /** Whether the needle stands in `text` at `offset`; false where it would reach beyond an end. */
  isAt(text: string, offset: number): boolean {
    if (offset < 0 || offset + this.length > text.length) return false;
    for (let i = 0; i < this.length; i++)
      if (this.#fold[text.charCodeAt(offset + i)] !== this.#needle[i]) return false;
    return true;
  }

  /** Offset after the first occurrence that lies in `text` from `from` to `to`, or -1. */
  findEnd(text: string, from: number, to: number): number {
    const length = this.length;
    if (length === 0) return from <= to ? from : -1;
    const fold = this.#fold;
    const needle = this.#needle;
    const lastUnit = needle[length - 1];
    let spent = 0;
    for (let end = from + length; end <= to;) {
      const unit = fold[text.charCodeAt(end - 1)] ?? 0;
      if (unit === lastUnit) {
        let i = length - 2;
        while (i >= 0 && fold[text.charCodeAt(end - length + i)] === needle[i]) i--;
        if (i < 0) return end;
        spent += length - i;
        if (spent > COMPARISONS_PER_CHARACTER * (end - from))
          return this.#findEndLinear(text, end - length, to);
      }
      end += this.#shift[unit % BUCKETS] ?? 1;
    }
    return -1;
  }

  #findEndLinear(text: string, from: number, to: number): number {
    const fold = this.#fold;
    const needle = this.#needle;
    const borders = (this.#borders ??= findBorders(needle));
    let matched = 0;
    for (let offset = from; offset < to; offset++) {
      const unit = fold[text.charCodeAt(offset)];
      while (matched > 0 && needle[matched] !== unit) matched = borders[matched - 1] ?? 0;
      if (needle[matched] === unit) matched++;
      if (matched === needle.length) return offset + 1;
    }
    return -1;
  }
}

function findBorders(needle: Uint16Array): Uint16Array {
  const borders = new Uint16Array(needle.length);
  let border = 0;
  for (let i = 1; i < needle.length; i++) {
    while (border > 0 && needle[i] !== needle[border]) border = borders[border - 1] ?? 0;
    if (needle[i] === needle[border]) border++;
    borders[i] = border;
  }
  return borders;
}
