/**
 * Rows by position: the newest in a ring, older ones that the host was asked for in a bounded cache. Nothing here
 * costs more for a message than writing it.
 */
import type { DeliveryState } from '../../core/capture/records.ts';
import type { MessageRow } from '../../core/operations/message-values.ts';

const RING_ROWS = 100_000;
const PAGED_ROWS = 20_000;

export class RowStore {
  readonly #ringRows: number;
  #ring: (MessageRow | undefined)[] = [];
  readonly #paged = new Map<number, MessageRow>();
  /** Asked for, and the host has them no more. */
  readonly #gone = new Set<number>();

  constructor(ringRows = RING_ROWS) {
    this.#ringRows = ringRows;
  }

  get(position: number): MessageRow | undefined {
    const row = this.#ring[this.#slot(position)];
    return row?.position === position ? row : this.#paged.get(position);
  }

  isGone(position: number): boolean {
    return this.#gone.has(position);
  }

  /** New rows of the stream. */
  add(rows: readonly MessageRow[]): void {
    for (const row of rows) this.#ring[this.#slot(row.position)] = row;
  }

  /** Rows that the host gave for `asked`. */
  addPage(asked: readonly number[], rows: readonly MessageRow[]): void {
    for (const row of rows) this.#paged.set(row.position, row);
    for (const position of asked) if (this.get(position) === undefined) this.#gone.add(position);
    for (const oldest of this.#paged.keys()) {
      if (this.#paged.size <= PAGED_ROWS) break;
      this.#paged.delete(oldest);
    }
    if (this.#gone.size > PAGED_ROWS) this.#gone.clear();
  }

  setState(position: number, state: DeliveryState): void {
    const row = this.get(position);
    if (row === undefined) return;
    const changed = { ...row, state };
    if (this.#paged.has(position)) this.#paged.set(position, changed);
    const slot = this.#slot(position);
    if (this.#ring[slot]?.position === position) this.#ring[slot] = changed;
  }

  clear(): void {
    this.#ring = [];
    this.#paged.clear();
    this.#gone.clear();
  }

  /** Positions before the session's first are negative. */
  #slot(position: number): number {
    const rest = position % this.#ringRows;
    return rest < 0 ? rest + this.#ringRows : rest;
  }
}
