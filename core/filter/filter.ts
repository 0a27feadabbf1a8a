/**
 * The door of this room: the one filter language of window, CLI and API. The language is described in
 * README.md.
 */
import { WakuDeskError } from '../engine/errors.ts';
import type { FilterNode } from './ast.ts';
import { compileFilter } from './compile.ts';
import { describeFilter } from './describe.ts';
import { parseExpression } from './parse.ts';
import { FilterProblemError, pointAt, type FilterProblem } from './problem.ts';
import type { FilterRow } from './row.ts';

export type { FilterNode, FilterProblem, FilterRow };

/** A filter, ready to match: parse once, match every row. Its functions may be taken off it. */
export interface Filter {
  /** The meaning as data. */
  readonly ast: FilterNode;
  /** Whether any row may be asked for its payload text; false means that an index is enough. */
  readonly needsPayload: boolean;
  /** Asks a row for its payload text only when nothing cheaper decides, and then once. */
  readonly matches: (row: FilterRow) => boolean;
  /** The meaning in words, for the filter bar: `payload larger than 1 KiB (1,024 bytes)`. Times are local. */
  readonly describe: () => string;
}

export type FilterResult =
  { readonly ok: true; readonly filter: Filter } | { readonly ok: false; readonly error: FilterProblem };

/**
 * Reads an expression of at most 4,096 UTF-16 code units; an empty one matches every message.
 * @param nowMs Unix time in ms that `11:02` (today) and `-5m` start from; they are fixed from here on
 */
export function parseFilter(expression: string, nowMs: number = Date.now()): FilterResult {
  try {
    const ast = parseExpression(expression, nowMs);
    return { ok: true, filter: { ast, ...compileFilter(ast), describe: () => describeFilter(ast) } };
  } catch (error) {
    if (error instanceof FilterProblemError) return { ok: false, error: error.problem };
    throw error;
  }
}

/**
 * As {@link parseFilter}, for hosts that print errors.
 * @throws WakuDeskError FILTER_INVALID: the message is what is wrong, then the expression, then carets under the place
 */
export function parseFilterOrThrow(expression: string, nowMs: number = Date.now()): Filter {
  const result = parseFilter(expression, nowMs);
  if (result.ok) return result.filter;
  const { message, hint } = result.error;
  throw new WakuDeskError('FILTER_INVALID', `${message}\n${pointAt(expression, result.error)}`, {
    operation: 'filter.parse',
    hint,
  });
}

/** The expression that matches one content topic and no other, whatever is in it. */
export function contentTopicExpression(contentTopic: string): string {
  return `content="${contentTopic.replace(/["\\]/g, '\\$&')}"`;
}
