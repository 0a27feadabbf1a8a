/** Values of the fields that have an order: sizes and times, alone or as `from..to`. */
import type { Comparison, FilterNode, Instant } from './ast.ts';
import type { Operator, Value } from './lex.ts';
import { fail, quote, type Span } from './problem.ts';
import { readSize } from './sizes.ts';
import { readTime } from './times.ts';

/** What `!=` reads is the `=` inside its `not`. */
type PlainOperator = Exclude<Operator, '!='>;

export function readSizeTerm(value: Value, operator: PlainOperator): FilterNode {
  const read = (text: string, place: Span): number =>
    readSize(text) ??
    fail(
      place,
      `${quote(text)} is not a size.`,
      'Write a number and b, kb or mb, such as size>1kb or size:1kb..10kb.',
    );
  const range = readRange(value, operator, read);
  if (range !== null) {
    if (range.from > range.to) failEmptyRange(value);
    return { kind: 'size', comparison: { op: '..', ...range } };
  }
  const bytes = read(value.text, value);
  const op = operator === ':' ? '=' : operator;
  return { kind: 'size', comparison: { op, value: bytes } };
}

export function readTimeTerm(
  field: 'time' | 'sent',
  value: Value,
  operator: PlainOperator,
  nowMs: number,
): FilterNode {
  const read = (text: string, place: Span): Instant =>
    readTime(text, nowMs) ??
    fail(
      place,
      `${quote(text)} is not a time.`,
      `Write ${field}>11:02:14, ${field}>2025-06-01T11:02:14Z, ${field}>-5m or a Unix time.`,
    );
  return { kind: 'time', field, comparison: readTimeComparison(field, value, operator, read) };
}

function readTimeComparison(
  field: string,
  value: Value,
  operator: PlainOperator,
  read: (text: string, place: Span) => Instant,
): Comparison<Instant> {
  const range = readRange(value, operator, read);
  if (range !== null) {
    if (range.from.startNs > range.to.startNs) failEmptyRange(value);
    return { op: '..', ...range };
  }
  const instant = read(value.text, value);
  if (operator === ':' || operator === '=')
    fail(
      value,
      `${quote(value.text)} is one point in time.`,
      `Write ${field}>=11:02, ${field}<11:03 or a range such as ${field}:11:02..11:03.`,
    );
  return { op: operator, value: instant };
}

function readRange<T>(
  value: Value,
  operator: PlainOperator,
  read: (text: string, place: Span) => T,
): { from: T; to: T } | null {
  const { text } = value;
  const dots = text.indexOf('..');
  if ((operator !== ':' && operator !== '=') || dots < 0) return null;
  if (dots === 0 || dots + 2 === text.length)
    fail(value, 'The range has one end only.', 'Write both ends, or compare with >= or <= instead.');
  return {
    from: read(text.slice(0, dots), placeIn(value, 0, dots)),
    to: read(text.slice(dots + 2), placeIn(value, dots + 2, text.length)),
  };
}

/** A part of a value in the expression; all of it where quotes and escapes leave no exact place. */
function placeIn(value: Value, from: number, to: number): Span {
  return value.quoted ? value : { start: value.start + from, end: value.start + to };
}

function failEmptyRange(value: Value): never {
  return fail(value, 'The range ends before it begins.', 'Write the smaller value first.');
}
