/** A fixture, for tests: the list as a user interface keeps it, from snapshots, batches and pages. */
import type { Client } from '../../core/operations/client.ts';
import type { MessageRow } from '../../core/operations/message-values.ts';

const PAGE = 1_000;

export class FixtureList {
  readonly rows = new Map<number, MessageRow>();
  #sessionId = '';
  #next = 0;
  #filling: Promise<unknown> = Promise.resolve();

  constructor(client: Client) {
    client.onSnapshot(({ sessionId, rows, counters }) => {
      if (sessionId !== this.#sessionId) this.rows.clear();
      this.#sessionId = sessionId;
      this.#next = counters.nextPosition;
      for (const row of rows) this.rows.set(row.position, row);
      // What a broken connection leaves out, the next snapshot's turn brings.
      this.#filling = this.#fill(client, counters.firstPosition, counters.nextPosition).catch(
        () => undefined,
      );
    });
    client.onBatch(({ rows, states }) => {
      for (const row of rows) {
        this.rows.set(row.position, row);
        this.#next = row.position + 1;
      }
      for (const { position, delivery } of states) {
        const row = this.rows.get(position);
        if (row !== undefined) this.rows.set(position, { ...row, state: delivery });
      }
    });
  }

  /** Positions are contiguous, and every row that was missed has been fetched. */
  async hashes(): Promise<string[]> {
    await this.#filling;
    const positions = [...this.rows.keys()].sort((a, b) => a - b);
    return positions.map((position) => this.rows.get(position)?.hash ?? '');
  }

  /** The position that comes next. */
  get next(): number {
    return this.#next;
  }

  async #fill(client: Client, first: number, next: number): Promise<void> {
    const missing: number[] = [];
    for (let position = first; position < next; position++)
      if (!this.rows.has(position)) missing.push(position);
    for (let i = 0; i < missing.length; i += PAGE) {
      const { rows } = await client.call('messages.page', { positions: missing.slice(i, i + PAGE) });
      for (const row of rows) if (!this.rows.has(row.position)) this.rows.set(row.position, row);
    }
  }
}
