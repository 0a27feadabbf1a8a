/** The part of a room that the page holds: messages that follow on each other, as many as a page draws at once. */
import type { StateChange } from '../../core/operations/live-values.ts';
import { withState, type ChatEntry } from './chat-entry.ts';

export const MAX_CHAT_ENTRIES = 300;

export class ChatWindow {
  /** In the order of their positions. */
  entries: readonly ChatEntry[] = [];
  /** There are messages before the first one. */
  hasOlder = false;
  /** Messages of the room that are known to come after the last one. */
  beyond = 0;

  get first(): number | undefined {
    return this.entries[0]?.position;
  }

  get last(): number | undefined {
    return this.entries.at(-1)?.position;
  }

  reset(entries: readonly ChatEntry[] = [], hasOlder = false): void {
    this.entries = entries;
    this.hasOlder = hasOlder;
    this.beyond = 0;
  }

  /** What has no room at the end is beyond it. */
  prepend(older: readonly ChatEntry[], hasOlder: boolean): void {
    const all = [...older, ...this.entries];
    this.entries = all.slice(0, MAX_CHAT_ENTRIES);
    this.beyond += all.length - this.entries.length;
    this.hasOlder = hasOlder;
  }

  /** What has no room at the beginning can be loaded again. */
  append(newer: readonly ChatEntry[]): void {
    const all = [...this.entries, ...newer];
    this.entries = all.slice(-MAX_CHAT_ENTRIES);
    this.hasOlder ||= all.length > this.entries.length;
  }

  /** @returns whether it is held */
  setState(change: StateChange): boolean {
    const { position } = change;
    if (!this.entries.some((entry) => entry.position === position)) return false;
    this.entries = this.entries.map((entry) =>
      entry.position === position ? withState(entry, change) : entry,
    );
    return true;
  }
}
