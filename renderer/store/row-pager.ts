/** Fetches rows that the view needs and the page does not have: one call at a time, the latest wish first. */
import { MAX_PAGE_ROWS } from '../../core/operations/message-operations.ts';
import type { Client } from '../../core/operations/client.ts';
import type { RowStore } from './row-store.ts';

const PAUSE_AFTER_FAILURE_MS = 1_000;

export class RowPager {
  readonly #client: Client;
  readonly #rows: RowStore;
  readonly #onRows: () => void;
  #wanted: readonly number[] = [];
  #busy = false;
  /** Raised when every position became void. */
  #round = 0;

  constructor(client: Client, rows: RowStore, onRows: () => void) {
    this.#client = client;
    this.#rows = rows;
    this.#onRows = onRows;
  }

  /** Replaces what was wanted before. */
  want(positions: readonly number[]): void {
    this.#wanted = positions.slice(0, MAX_PAGE_ROWS);
    if (!this.#busy) void this.#run();
  }

  reset(): void {
    this.#round++;
    this.#wanted = [];
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (;;) {
      const positions = this.#wanted.filter(
        (position) => this.#rows.get(position) === undefined && !this.#rows.isGone(position),
      );
      this.#wanted = [];
      if (positions.length === 0) break;
      const round = this.#round;
      try {
        const { rows } = await this.#client.call('messages.page', { positions });
        if (round !== this.#round) continue;
        this.#rows.addPage(positions, rows);
        this.#onRows();
      } catch {
        // The connection is gone or slow; the placeholders stay, and the view asks again when it is drawn.
        await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE_MS));
        this.#onRows();
      }
    }
    this.#busy = false;
  }
}
