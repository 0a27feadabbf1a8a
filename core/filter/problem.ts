/** What is wrong with an expression, and where. */

export interface FilterProblem {
  /** One plain sentence: what is wrong. */
  readonly message: string;
  /** One plain sentence: what to write instead. */
  readonly hint: string;
  /** The place in the expression, as UTF-16 offsets: `start` inclusive, `end` exclusive and beyond `start`. */
  readonly start: number;
  readonly end: number;
}

/** A stretch of the expression, as UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Carries a problem out of the parser; never leaves this room. */
export class FilterProblemError extends Error {
  readonly problem: FilterProblem;

  constructor(problem: FilterProblem) {
    super(problem.message);
    this.name = 'FilterProblemError';
    this.problem = problem;
  }
}

export function fail({ start, end }: Span, message: string, hint: string): never {
  throw new FilterProblemError({ message, hint, start, end });
}

/** Text as words show it: in curly quotes, invisible characters as escapes, shortened to `maxCharacters`. */
export function quote(text: string, maxCharacters = 40): string {
  const characters = Array.from(text);
  const shown =
    characters.length > maxCharacters ? [...characters.slice(0, maxCharacters - 1), '…'] : characters;
  return `“${shown.join('').replace(INVISIBLE, escapeCharacter)}”`;
}

/** Controls, formats (bidi overrides among them), lone surrogates, line separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  return SHORT_ESCAPES[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Characters on each side of the place that are still shown. */
const CONTEXT = 30;

/**
 * Two lines: the expression around the place, and carets under it. Both are indented by two spaces and hold
 * one column for each character, so invisible ones are replaced.
 */
export function pointAt(expression: string, { start, end }: Span): string {
  const before = Array.from(expression.slice(Math.max(0, start - 2 * CONTEXT), start)).slice(-CONTEXT);
  const place = Array.from(expression.slice(start, Math.min(end, start + 2 * CONTEXT))).slice(0, CONTEXT);
  const shownTo = start + place.join('').length;
  const after = Array.from(expression.slice(shownTo, shownTo + 2 * CONTEXT)).slice(0, CONTEXT);
  const cutBefore = before.join('').length < start ? '…' : '';
  const cutAfter = shownTo + after.join('').length < expression.length ? '…' : '';
  const line = [cutBefore, ...before, ...place, ...after, cutAfter].join('').replace(INVISIBLE, '␣');
  const indent = ' '.repeat(before.length + cutBefore.length);
  return `  ${line}\n  ${indent}${'^'.repeat(Math.max(1, place.length))}`;
}
