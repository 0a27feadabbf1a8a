/** The room that is shown: which of its messages the page holds, and what nobody has looked at in the others. */
import { contentTopicExpression } from '../../core/filter/filter.ts';
import type { Client } from '../../core/operations/client.ts';
import { MAX_READ_MESSAGES, MAX_SEARCH_POSITIONS } from '../../core/operations/message-operations.ts';
import type { Batch } from '../../core/operations/live-values.ts';
import { entryOf, type ChatEntry } from './chat-entry.ts';
import { ChatWindow, MAX_CHAT_ENTRIES } from './chat-window.ts';
import { errorData } from './error-data.ts';
import type { ChatState } from './state.ts';

const PAGE = 100;
/** Positions that wait to be read: older ones are found again by a search. */
const MAX_ARRIVED = 10_000;
/** States of messages that are not held; those of other rooms are among them. */
const MAX_EARLY = 1_000;

/** In the order in which they are seen to. */
const WISHES = ['newest', 'missed', 'arrived', 'newer', 'older'] as const;
type Wish = (typeof WISHES)[number];

type Update = (change: (state: ChatState) => Partial<ChatState>) => void;

export class Chat {
  readonly window = new ChatWindow();
  /** The message at the top of the view and how far above it: kept while another view is shown. */
  anchor: { position: number; abovePx: number } | null = null;
  readonly #client: Client;
  readonly #state: () => ChatState;
  readonly #update: Update;
  #isShown = false;
  /** The end of the room is in view: what comes is shown, and the oldest goes. */
  #following = true;
  #unseen = 0;
  readonly #wishes = new Set<Wish>();
  #isBusy = false;
  /** Of the room that is open. */
  #abort = new AbortController();
  #arrived: number[] = [];
  /** States whose message is on its way. */
  #early: Batch['states'] = [];
  #isLoaded = false;
  /** Up to here every message of the room is held, or counted as beyond. */
  #knownTo = -Infinity;

  constructor(client: Client, state: () => ChatState, update: Update) {
    this.#client = client;
    this.#state = state;
    this.#update = update;
  }

  get following(): boolean {
    return this.#following;
  }

  /** Messages below the view that came since the user left the end. */
  get unseen(): number {
    return this.#unseen;
  }

  /** The view is shown. @returns it is no more */
  enter(): () => void {
    this.#isShown = true;
    this.#read();
    this.retry();
    return () => {
      this.#isShown = false;
    };
  }

  open(contentTopic: string): void {
    this.#update(() => ({ open: contentTopic }));
    this.#begin();
    this.#read();
  }

  /** @param isSameSession positions mean what they meant before */
  takeSnapshot(isSameSession: boolean): void {
    if (!isSameSession) this.#begin();
    else if (this.#isShown) this.retry();
  }

  takeBatches(batches: readonly Batch[]): void {
    const { open, rooms } = this.#state();
    const known = new Set(rooms.map(({ contentTopic }) => contentTopic));
    const unread = new Map<string, number>();
    let changed = false;
    for (const { rows, states } of batches) {
      for (const { position, dir, contentTopic } of rows) {
        if (!known.has(contentTopic)) continue;
        if (this.#isShown && contentTopic === open) this.#arrived.push(position);
        else if (dir === 'in') unread.set(contentTopic, (unread.get(contentTopic) ?? 0) + 1);
      }
      for (const state of states)
        if (this.window.setState(state)) changed = true;
        else if (this.#isShown) this.#early.push(state);
    }
    this.#early = this.#early.slice(-MAX_EARLY);
    if (this.#arrived.length > 0) this.#want('arrived');
    if (this.#arrived.length > MAX_ARRIVED) this.#arrived = this.#arrived.slice(-MAX_CHAT_ENTRIES);
    if (unread.size > 0) this.#update((state) => ({ unread: addCounts(state.unread, unread) }));
    if (changed) this.#changed();
  }

  /** The user moved the view. */
  moved(place: { isAtStart: boolean; isAtEnd: boolean }): void {
    const follows = place.isAtEnd && this.window.beyond === 0;
    if (place.isAtStart && this.window.hasOlder) this.#want('older');
    if (place.isAtEnd && !follows) this.#want('newer');
    if (follows === this.#following) return;
    this.#following = follows;
    this.#unseen = 0;
    this.#changed();
  }

  /** Shows the end of the room, and what comes. */
  toNewest(): void {
    this.#following = true;
    this.#unseen = 0;
    if (this.window.beyond > 0) this.#want('newest');
    this.#changed();
  }

  /** Loads what is not there yet. */
  retry(): void {
    this.#want(this.#isLoaded ? 'missed' : 'newest');
  }

  #begin(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#wishes.clear();
    this.#arrived = [];
    this.#early = [];
    this.#isLoaded = false;
    this.#knownTo = -Infinity;
    this.#following = true;
    this.#unseen = 0;
    this.anchor = null;
    this.window.reset();
    this.#changed();
    if (this.#isShown) this.#want('newest');
  }

  #read(): void {
    this.#update(({ unread, open }) => ({ unread: { ...unread, [open]: 0 } }));
  }

  #want(wish: Wish): void {
    this.#wishes.add(wish);
    if (!this.#isBusy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    this.#update(() => ({ loading: true, error: null }));
    for (;;) {
      const wish = WISHES.find((one) => this.#wishes.has(one));
      if (wish === undefined) break;
      this.#wishes.delete(wish);
      const { signal } = this.#abort;
      try {
        await this.#fulfil(wish, signal);
      } catch (error) {
        if (signal.aborted) continue;
        this.#wishes.clear();
        this.#update(() => ({ error: errorData(error, 'messages.read') }));
      }
      if (signal.aborted) continue;
      for (const state of this.#early) this.window.setState(state);
      // What the view asked for while it came is there now.
      if (wish === 'older' || wish === 'newer') this.#wishes.delete(wish);
      this.#changed();
    }
    this.#early = [];
    this.#isBusy = false;
    this.#update(() => ({ loading: false }));
  }

  async #fulfil(wish: Wish, signal: AbortSignal): Promise<void> {
    switch (wish) {
      case 'newest': {
        const { positions, next } = await this.#search({ limit: PAGE }, signal);
        const entries = await this.#readAll(positions.reverse(), signal);
        this.window.reset(entries, next !== null);
        this.#isLoaded = true;
        this.#know(positions, 0);
        return;
      }
      case 'older': {
        const before = this.window.first;
        if (before === undefined || !this.window.hasOlder) return;
        const { positions, next } = await this.#search({ before, limit: PAGE }, signal);
        const entries = await this.#readAll(positions.reverse(), signal);
        this.window.prepend(entries, next !== null && entries.length > 0);
        return;
      }
      case 'newer': {
        const positions = await this.#after(this.window.last, signal);
        const entries = await this.#readAll(positions.slice(0, PAGE), signal);
        this.window.append(entries);
        this.#know(positions, positions.length - Math.min(positions.length, PAGE));
        return;
      }
      case 'missed':
        this.window.beyond = 0;
        await this.#add(await this.#after(this.window.last, signal), signal);
        return;
      case 'arrived': {
        const arrived = this.#arrived.filter((position) => position > this.#knownTo);
        this.#arrived = [];
        if (!this.#following) this.#unseen += arrived.length;
        if (this.window.beyond === 0) await this.#add(arrived, signal);
        else this.#know(arrived, this.window.beyond + arrived.length);
      }
    }
  }

  /** Messages behind those that are held. Who does not follow the end loses none of what they look at. */
  async #add(positions: readonly number[], signal: AbortSignal): Promise<void> {
    // The user may move while they are read.
    const following = this.#following;
    const room = Math.max(0, MAX_CHAT_ENTRIES - this.window.entries.length);
    const held = following ? positions.slice(-MAX_CHAT_ENTRIES) : positions.slice(0, room);
    const entries = await this.#readAll(held, signal);
    if (following && held.length < positions.length) this.window.reset(entries, true);
    else this.window.append(entries);
    this.#know(positions, following ? 0 : positions.length - held.length);
  }

  #know(positions: readonly number[], beyond: number): void {
    this.#knownTo = Math.max(this.#knownTo, positions.at(-1) ?? this.#knownTo);
    this.window.beyond = beyond;
  }

  /** @returns positions, newest first */
  #search(
    range: { before?: number; from?: number; limit: number },
    signal: AbortSignal,
  ): Promise<{ positions: number[]; next: number | null }> {
    const filter = contentTopicExpression(this.#state().open);
    return this.#client.call('messages.search', { filter, nowMs: Date.now(), ...range }, { signal });
  }

  /** Positions of the room after one, oldest first: a search goes back from the newest, and so all are named. */
  async #after(last: number | undefined, signal: AbortSignal): Promise<number[]> {
    const range = last === undefined ? {} : { from: last + 1 };
    const found: number[] = [];
    for (let before: number | null | undefined = undefined; before !== null;) {
      const page = await this.#search(
        { ...range, ...(before !== undefined && { before }), limit: MAX_SEARCH_POSITIONS },
        signal,
      );
      for (const position of page.positions) found.push(position);
      before = page.next;
    }
    return found.reverse();
  }

  async #readAll(positions: readonly number[], signal: AbortSignal): Promise<ChatEntry[]> {
    const entries: ChatEntry[] = [];
    for (let left = positions; left.length > 0;) {
      const asked = left.slice(0, MAX_READ_MESSAGES);
      const { messages, rest } = await this.#client.call(
        'messages.read',
        { positions: [...asked] },
        { signal },
      );
      for (const message of messages) entries.push(entryOf(message));
      left = [...rest, ...left.slice(asked.length)];
    }
    signal.throwIfAborted();
    return entries;
  }

  #changed(): void {
    const held = new Set(this.window.entries.map(({ hash }) => hash));
    this.#update(({ version, outgoing }) => ({
      version: version + 1,
      // The record says from here on what became of it; why it failed is known here only.
      outgoing: outgoing.filter(({ hash, error }) => error !== null || !held.has(hash)),
    }));
  }
}

function addCounts(
  counts: Readonly<Record<string, number>>,
  more: ReadonlyMap<string, number>,
): Record<string, number> {
  const sum = { ...counts };
  for (const [name, count] of more) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
