/** From the numbers of an imported file to those of the new capture. */

interface Run {
  from: number;
  to: number;
  length: number;
}

/** Kept as runs, so that a whole capture takes one of them. */
export class Renumbering {
  /** Ascending. */
  private runs: Run[] = [];

  /** A number that does not ascend starts anew: the file is several captures one after the other. */
  add(from: number, to: number): void {
    const last = this.runs[this.runs.length - 1];
    if (last !== undefined && from < last.from + last.length) this.runs = [];
    const run = this.runs[this.runs.length - 1];
    if (run !== undefined && from === run.from + run.length && to === run.to + run.length) run.length++;
    else this.runs.push({ from, to, length: 1 });
  }

  /** null for a number that has not been added. */
  of(from: number): number | null {
    let low = 0;
    let high = this.runs.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.runs[middle]?.from ?? 0) <= from) low = middle + 1;
      else high = middle;
    }
    const run = this.runs[low - 1];
    return run !== undefined && from < run.from + run.length ? run.to + from - run.from : null;
  }
}
