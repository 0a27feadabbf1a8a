/** One filter at work: the host names new matches in the stream, and a search goes back through what is there. */
import type { ErrorData } from '../../core/engine/errors.ts';
import type { Client } from '../../core/operations/client.ts';
import { MAX_SEARCH_POSITIONS } from '../../core/operations/message-operations.ts';
import { errorData } from './error-data.ts';
import { MatchList } from './match-list.ts';

/** The first answer comes soon, those after it are large. */
const FIRST_POSITIONS = 1_000;

export interface SearchState {
  /** `searching` also while the host is asked for the first time. */
  state: 'searching' | 'done' | 'failed';
  /** Share of the messages looked at, from 0 to 1, in the call that is under way. */
  share: number;
  /** Messages whose payload is gone, so that nobody can tell whether they match. */
  unknown: number;
  error: ErrorData | null;
}

export class FilterRun {
  readonly matches = new MatchList();
  readonly expression: string;
  readonly nowMs: number;
  state: SearchState = { state: 'searching', share: 0, unknown: 0, error: null };
  readonly #client: Client;
  readonly #onChange: () => void;
  readonly #abort = new AbortController();
  /** Matches of the stream belong to this filter from here on; null until the host has said so. */
  #watchedFrom: number | null = null;
  #early: number[] = [];

  constructor(client: Client, filter: { expression: string; nowMs: number }, onChange: () => void) {
    this.#client = client;
    this.expression = filter.expression;
    this.nowMs = filter.nowMs;
    this.#onChange = onChange;
  }

  /** @param firstPage called when the first matches are there, or there are none */
  async start(firstPage: () => void): Promise<void> {
    const { signal } = this.#abort;
    try {
      const filter = { filter: this.expression, nowMs: this.nowMs };
      const { fromPosition } = await this.#client.call('messages.watch', filter, { signal });
      this.#watchedFrom = fromPosition;
      this.matches.addNewer(this.#early.filter((position) => position >= fromPosition));
      this.#early = [];
      let before: number | null = fromPosition;
      for (let limit = FIRST_POSITIONS; before !== null; limit = MAX_SEARCH_POSITIONS) {
        before = await this.#search(before, limit);
        firstPage();
      }
      this.#change({ state: 'done', share: 1 });
    } catch (error) {
      if (signal.aborted) return;
      this.#change({ state: 'failed', error: errorData(error, 'messages.search') });
      firstPage();
    }
  }

  /** Matches that a batch names. */
  add(positions: readonly number[]): void {
    const from = this.#watchedFrom;
    if (from !== null) this.matches.addNewer(positions.filter((position) => position >= from));
    else for (const position of positions) this.#early.push(position);
  }

  cancel(): void {
    this.#abort.abort();
  }

  async #search(before: number, limit: number): Promise<number | null> {
    const { positions, next, unknown } = await this.#client.call(
      'messages.search',
      { filter: this.expression, nowMs: this.nowMs, before, limit },
      {
        signal: this.#abort.signal,
        onProgress: ({ scanned, total }) => {
          this.#change({ share: total === 0 ? 0 : scanned / total });
        },
      },
    );
    this.matches.addOlder(positions);
    this.#change({ unknown: this.state.unknown + unknown });
    return next;
  }

  #change(change: Partial<SearchState>): void {
    if (this.#abort.signal.aborted) return;
    this.state = { ...this.state, ...change };
    this.#onChange();
  }
}
