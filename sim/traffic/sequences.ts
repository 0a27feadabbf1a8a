/** Which numbers of a sender have come: a bit for each, in pages that are made when they are needed. */

/** Numbers of a page: 512 bytes. */
const PAGE = 4_096;

/** Numbers from `from` to `to`, both included. */
export interface SequenceRange {
  from: number;
  to: number;
}

export class Sequences {
  readonly #pages = new Map<number, Uint8Array>();
  /** -1 before the first. */
  highest = -1;
  count = 0;

  /** @returns false when it had come before */
  add(sequence: number): boolean {
    const number = pageOf(sequence);
    let page = this.#pages.get(number);
    if (page === undefined) this.#pages.set(number, (page = new Uint8Array(PAGE / 8)));
    const place = (sequence % PAGE) >> 3;
    const bit = 1 << (sequence & 7);
    const before = page[place] ?? 0;
    if ((before & bit) !== 0) return false;
    page[place] = before | bit;
    this.count++;
    this.highest = Math.max(this.highest, sequence);
    return true;
  }

  has(sequence: number): boolean {
    const page = this.#pages.get(pageOf(sequence));
    return page !== undefined && ((page[(sequence % PAGE) >> 3] ?? 0) & (1 << (sequence & 7))) !== 0;
  }

  /** The first `most` ranges that are missing among the numbers below `end`. */
  missing(end: number, most: number): SequenceRange[] {
    const ranges: SequenceRange[] = [];
    for (let from = 0; from < end && ranges.length < most;) {
      if (this.has(from)) {
        from++;
        continue;
      }
      let next = from;
      // By whole pages where nothing has come at all: a hostile number may be far away.
      while (next < end && !this.has(next))
        next = this.#pages.has(pageOf(next)) ? next + 1 : startOfNextPage(next);
      next = Math.min(next, end);
      ranges.push({ from, to: next - 1 });
      from = next;
    }
    return ranges;
  }
}

function pageOf(sequence: number): number {
  return Math.floor(sequence / PAGE);
}

function startOfNextPage(sequence: number): number {
  return (pageOf(sequence) + 1) * PAGE;
}
