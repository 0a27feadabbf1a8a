/** The list of messages: what is in it, which of it is shown, and what a filter makes of it. */
import { parseFilter } from '../../core/filter/filter.ts';
import type { Client } from '../../core/operations/client.ts';
import type { Batch, Counters, Snapshot } from '../../core/operations/live-values.ts';
import { ROW_PX, VirtualScroll, type RowKeys } from '../ui/virtual-scroll.ts';
import { FilterRun } from './filter-run.ts';
import { messageKeys, waitingCount, type ListSource } from './message-list.ts';
import { RowPager } from './row-pager.ts';
import { RowStore } from './row-store.ts';
import type { MessagesState } from './state.ts';

const TYPING_PAUSE_MS = 250;
/** A filter that finds nothing soon shows its empty list after this time. */
const SWITCH_AFTER_MS = 200;

type Update = (change: (state: MessagesState) => Partial<MessagesState>) => void;

export class Messages {
  readonly rows = new RowStore();
  readonly pager: RowPager;
  /** The place in the list, kept while another view is shown. */
  readonly scroll = new VirtualScroll({ rowPx: ROW_PX, followsTail: true });
  readonly #client: Client;
  readonly #update: Update;
  #first = 0;
  #next = 0;
  #frozenNext: number | null = null;
  /** The first message that came since the end of the list was left. */
  #seenNext = 0;
  /** The filter whose matches are shown, and the one that is about to be. */
  #shown: FilterRun | null = null;
  #latest: FilterRun | null = null;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, update: Update) {
    this.#client = client;
    this.#update = update;
    this.pager = new RowPager(client, this.rows, this.#bump);
  }

  get total(): number {
    return this.#next - this.#first;
  }

  get keys(): RowKeys {
    return messageKeys(this.#source);
  }

  /** Messages that wait behind a paused view. */
  get waiting(): number {
    return waitingCount(this.#source);
  }

  get #source(): ListSource {
    const matches = this.#shown?.matches ?? null;
    return { first: this.#first, next: this.#next, matches, frozenNext: this.#frozenNext };
  }

  /** Messages below the view that came since the user left the end of the list. */
  get unseen(): number {
    const { keys } = this;
    return this.scroll.following ? 0 : keys.count - keys.indexOf(this.#seenNext);
  }

  /** @param isSameSession positions mean what they meant before */
  takeSnapshot({ counters, rows }: Snapshot, isSameSession: boolean): void {
    if (!isSameSession) this.#forget();
    this.#first = counters.firstPosition;
    this.#next = counters.nextPosition;
    this.rows.add(rows);
    const filter = this.#latest;
    if (filter !== null) this.#run(filter.expression, filter.nowMs);
    this.#bump();
  }

  takeBatches(batches: readonly Batch[]): void {
    let changed = false;
    for (const { rows, matching, states, counters } of batches) {
      const last = rows.at(-1);
      if (last !== undefined) {
        this.rows.add(rows);
        this.#next = Math.max(this.#next, last.position + 1);
      }
      if (matching !== null) this.#latest?.add(matching);
      for (const { position, delivery } of states) this.rows.setState(position, delivery);
      const moved = counters !== null && this.#takeFirst(counters);
      changed ||= moved || last !== undefined || states.length > 0;
    }
    if (changed) this.#bump();
  }

  /** Takes a filter as it is typed; it comes into force after a pause in typing. */
  type(text: string): void {
    clearTimeout(this.#typing);
    this.#update(() => ({ text }));
    this.#typing = setTimeout(() => {
      this.apply(text);
    }, TYPING_PAUSE_MS);
  }

  /**
   * Puts a filter into force; one that cannot be read leaves the last good one as it is.
   * @param again also when it is in force: `-5m` counts from now
   */
  apply(text: string, again = false): void {
    clearTimeout(this.#typing);
    const nowMs = Date.now();
    const result = parseFilter(text, nowMs);
    if (!result.ok) {
      this.#update(() => ({ text, problem: result.error }));
      return;
    }
    const words = result.filter.describe();
    const expression = text.trim();
    const isSame = expression === (this.#latest?.expression ?? '');
    this.#update(() => ({ text, problem: null, applied: expression, words }));
    if (isSame && !(again && expression !== '')) return;
    if (expression === '') this.#endFilter();
    else this.#run(expression, nowMs);
  }

  togglePause(): void {
    const paused = this.#frozenNext === null;
    this.#frozenNext = paused ? this.#next : null;
    this.#update(({ version }) => ({ paused, version: version + 1 }));
  }

  select(position: number | null): void {
    this.#update(() => ({ selected: position }));
  }

  #takeFirst({ firstPosition }: Counters): boolean {
    const moved = firstPosition !== this.#first;
    this.#first = firstPosition;
    return moved;
  }

  #run(expression: string, nowMs: number): void {
    this.#latest?.cancel();
    const run = new FilterRun(this.#client, { expression, nowMs }, () => {
      if (run === this.#latest) this.#update(({ version }) => ({ search: run.state, version: version + 1 }));
    });
    this.#latest = run;
    this.#update(() => ({ search: run.state }));
    const show = (): void => {
      clearTimeout(timer);
      if (run !== this.#latest) return;
      this.#shown = run;
      this.#bump();
    };
    const timer = setTimeout(show, SWITCH_AFTER_MS);
    void run.start(show);
  }

  #endFilter(): void {
    this.#latest?.cancel();
    this.#latest = this.#shown = null;
    this.#update(({ version }) => ({ search: null, version: version + 1 }));
    // Without a connection there is no watch to end.
    this.#client.call('messages.watch', { filter: '', nowMs: Date.now() }).catch(() => undefined);
  }

  #forget(): void {
    this.rows.clear();
    this.pager.reset();
    this.#shown = null;
    this.#frozenNext = null;
    this.#update(() => ({ selected: null, paused: false }));
  }

  readonly #bump = (): void => {
    if (this.scroll.following) this.#seenNext = this.#next;
    this.#update(({ version }) => ({ version: version + 1 }));
  };
}
