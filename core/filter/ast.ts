/**
 * The meaning of a filter, with every value resolved: sizes in bytes, times in ns. Structured-cloneable.
 * `!=` is a `not` around `=`, and brackets leave no trace.
 */
import type { FilterRow } from './row.ts';

export type FilterNode =
  /** The empty filter: every message. */
  | { readonly kind: 'all' }
  /** Two operands or more, none of which is of the same kind. */
  | { readonly kind: 'and' | 'or'; readonly operands: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly operand: FilterNode }
  | FilterTerm;

export type FilterTerm =
  | { readonly kind: 'text'; readonly field: TextField; readonly match: TextMatch }
  /** A pubsub topic of static sharding with this shard, in any cluster. */
  | { readonly kind: 'shard'; readonly shard: number }
  /** `digits` as in a row's hash: 0x and lower-case hex; 64 digits and `whole` for `=`. */
  | { readonly kind: 'hash'; readonly digits: string; readonly whole: boolean }
  | { readonly kind: 'dir'; readonly dir: FilterRow['dir'] }
  | { readonly kind: 'ephemeral'; readonly ephemeral: boolean }
  /** Payload size in bytes. */
  | { readonly kind: 'size'; readonly comparison: SizeComparison }
  /** `time`: when it was received. `sent`: the sender's timestamp; a message without one matches no term. */
  | { readonly kind: 'time'; readonly field: 'time' | 'sent'; readonly comparison: Comparison<Instant> };

/** `any` is payload or content topic, what a bare word searches. */
export type TextField = 'topic' | 'content' | 'from' | 'text' | 'any';

export type TextMatch =
  /** Somewhere in the text, in any case. */
  | { readonly how: 'contains'; readonly text: string }
  /** The whole text, code unit by code unit. */
  | { readonly how: 'is'; readonly text: string }
  /** The whole text is `parts` in this order with anything between them, in any case; two parts or more. */
  | { readonly how: 'like'; readonly parts: readonly string[] };

export type Comparison<T> =
  | { readonly op: '>' | '>=' | '<' | '<='; readonly value: T }
  /** Both ends belong to the range. */
  | { readonly op: '..'; readonly from: T; readonly to: T };

export type SizeComparison = Comparison<number> | { readonly op: '='; readonly value: number };

/**
 * A point in time as it was written. Times count in ms, the precision of the window, unless written finer:
 * `time<=11:02:14.128` includes the row that shows 11:02:14.128, whatever its microseconds.
 */
export interface Instant {
  /** Unix time in ns. */
  readonly startNs: bigint;
  /** Length of the written unit in ns: 1,000,000 at most. */
  readonly stepNs: bigint;
}
