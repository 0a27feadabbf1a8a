/** Rows of CSV (RFC 4180), line by line, so that a file of any size is read in little memory. */

/** `null`: a quoted cell goes on in the next line. */
export type CsvStep = { cells: string[] } | { problem: string } | null;

export class CsvRows {
  private readonly maxCells: number;
  private cells: string[] = [];
  /** The quoted cell so far. */
  private quoted: string | null = null;

  /** @param maxCells a row with more of them is a problem */
  constructor(maxCells: number) {
    this.maxCells = maxCells;
  }

  /** @param line without its line feed; a carriage return before that is part of the line end */
  take(line: string): CsvStep {
    let at = 0;
    for (;;) {
      if (this.cells.length === this.maxCells)
        return this.fail(`has more than ${String(this.maxCells)} cells`);
      if (this.quoted === null && line[at] === '"') {
        this.quoted = '';
        at++;
      }
      if (this.quoted === null) {
        const comma = line.indexOf(',', at);
        const cell = comma < 0 ? line.slice(at).replace(/\r$/, '') : line.slice(at, comma);
        if (cell.includes('"')) return this.fail('a quote stands inside of a cell that is not quoted');
        this.cells.push(cell);
        if (comma < 0) return this.finish();
        at = comma + 1;
      } else {
        const end = this.takeQuoted(line, at, this.quoted);
        if (end === null) return null;
        if (/^\r?$/.test(line.slice(end, end + 2))) return this.finish();
        if (line[end] !== ',') return this.fail('a quoted cell goes on behind its quotes');
        at = end + 1;
      }
    }
  }

  /** Begins anew with the next line. */
  reset(): void {
    this.cells = [];
    this.quoted = null;
  }

  /** @returns where the cell's last quote is left behind; null: it goes on in the next line */
  private takeQuoted(line: string, from: number, before: string): number | null {
    let text = before;
    for (let at = from; ; at++) {
      const quote = line.indexOf('"', at);
      if (quote < 0) {
        this.quoted = `${text}${line.slice(at)}\n`;
        return null;
      }
      text += line.slice(at, quote);
      at = quote + 1;
      if (line[at] !== '"') {
        this.cells.push(text);
        this.quoted = null;
        return at;
      }
      text += '"';
    }
  }

  private finish(): CsvStep {
    const { cells } = this;
    this.reset();
    return { cells };
  }

  private fail(problem: string): CsvStep {
    this.reset();
    return { problem };
  }
}
