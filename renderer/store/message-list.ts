/** The list as it is shown: all messages or those that match, up to where the view was paused. */
import type { RowKeys } from '../ui/virtual-scroll.ts';
import type { MatchList } from './match-list.ts';

export interface ListSource {
  /** Positions that can be read: from `first` up to, not including, `next`. */
  first: number;
  next: number;
  /** null: every message. */
  matches: MatchList | null;
  /** Where the view was paused; null when it is live. */
  frozenNext: number | null;
}

/** Rows of the list by index; a key is a position. */
export function messageKeys({ first, next, matches, frozenNext }: ListSource): RowKeys {
  const end = Math.max(first, Math.min(next, frozenNext ?? next));
  if (matches === null) {
    return {
      count: end - first,
      keyAt: (index) => first + index,
      indexOf: (position) => Math.min(end, Math.max(first, position)) - first,
    };
  }
  // What retention removed leaves the list in front.
  const from = matches.indexOf(first);
  const count = Math.max(0, matches.indexOf(end) - from);
  return {
    count,
    keyAt: (index) => matches.keyAt(from + index),
    indexOf: (position) => Math.min(count, Math.max(0, matches.indexOf(position) - from)),
  };
}

/** Messages that a paused view does not show yet. */
export function waitingCount({ next, matches, frozenNext }: ListSource): number {
  if (frozenNext === null) return 0;
  return matches === null ? Math.max(0, next - frozenNext) : matches.countFrom(frozenNext);
}
