/** Lines of a file, in either format, as the records that they stand for. */
import { CsvRows } from './csv-rows.ts';
import { CSV_COLUMNS, readCsvRow } from './csv.ts';
import { parseLine, type Line } from './lines.ts';

/** A line that was read, or one that is no CSV. */
export type Decoded = Line | { kind: 'bad'; code: 'NOT_CSV'; problem: string; field: string };

/** Takes line by line. */
export interface Decoder {
  /** @returns what the line completes; null: it goes on in the next one */
  take(text: string): readonly Decoded[] | null;
  /** Begins anew with the next line. */
  reset(): void;
}

export const ndjsonDecoder: Decoder = {
  take(text) {
    const line = text.trim();
    return line === '' ? [] : [parseLine(line)];
  },
  reset: () => undefined,
};

/** More than these are no header of ours. */
const MAX_COLUMNS = 1_000;

/** Rows with their header, which may come again: its columns in any order, others between them. */
export class CsvDecoder implements Decoder {
  private readonly names: readonly string[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly rows: CsvRows;

  /** @throws Error with a sentence: it is not our header */
  constructor(header: string) {
    const step = new CsvRows(MAX_COLUMNS).take(header);
    const names = step !== null && 'cells' in step ? step.cells : [];
    const missing = CSV_COLUMNS.filter((name) => names.filter((other) => other === name).length !== 1);
    if (missing.length > 0)
      throw new Error(`its first line does not name once each the columns ${missing.join(', ')}`);
    this.names = names;
    this.places = new Map(names.map((name, i) => [name, i]));
    this.rows = new CsvRows(names.length);
  }

  take(text: string): readonly Decoded[] | null {
    const step = this.rows.take(text);
    if (step === null) return null;
    if ('problem' in step) return [{ kind: 'bad', code: 'NOT_CSV', problem: step.problem, field: '' }];
    const { cells } = step;
    if (cells.length === 1 && cells[0] === '') return [];
    if (cells.length < this.names.length) {
      const problem = `has ${String(cells.length)} cells, the first line ${String(this.names.length)}`;
      return [{ kind: 'bad', code: 'NOT_CSV', problem, field: '' }];
    }
    if (cells.every((cell, i) => cell === this.names[i])) return [];
    return readCsvRow((column) => cells[this.places.get(column) ?? -1] ?? '');
  }

  reset(): void {
    this.rows.reset();
  }
}
