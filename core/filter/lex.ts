/** Tokens of the filter language, read one at a time so that problems come in reading order. */
import { fail, quote, type Span } from './problem.ts';

export type Operator = ':' | '=' | '!=' | '>' | '>=' | '<' | '<=';

export type Token =
  | (Span & { readonly type: 'open' | 'close' | 'and' | 'or' | 'not' | 'end' })
  /** A bare word or quoted text. */
  | (Span & { readonly type: 'text'; readonly text: string })
  | TermToken;

/** A field, an operator and a value: `size>1kb`. The name is as written, known or not. */
export type TermToken = Span & {
  readonly type: 'term';
  readonly name: string;
  readonly operator: Operator;
  readonly operatorStart: number;
  readonly operatorEnd: number;
  /** null when nothing stands after the operator. */
  readonly value: Value | null;
};

export type Value = Span & {
  readonly text: string;
  /** In quotes every character stands for itself, `*` and digits too. */
  readonly quoted: boolean;
};

// Sticky: each is tried at one offset only, through matchAt.
const SPACE = /\s*/y;
const NAME = /[a-z][\w-]*/iy;
const COMPARISON = /==|!=|[<>]=?|=/y;
const OPERATOR = /==|!=|[<>]=?|[=:]/y;
const WORD = /(?:[^\s()"&|]|&(?!&)|\|(?!\|))+/y;
const SYMBOL = /[()]|&&|\|\||!(?!=)/y;
const AFTER_QUOTE = /$|[\s()]|&&|\|\|/y;
const ESCAPE = /["\\nrt]|u\{[0-9a-f]{1,6}\}|u[0-9a-f]{4}/iy;

const SYMBOLS: Readonly<Record<string, 'open' | 'close' | 'and' | 'or' | 'not'>> = {
  '(': 'open',
  ')': 'close',
  '&&': 'and',
  '||': 'or',
  '!': 'not',
};
const OPERATORS: Readonly<Record<string, Operator>> = {
  ':': ':',
  '=': '=',
  '==': '=',
  '!=': '!=',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
};

/** The token at `offset` or after the white space there. Throws FilterProblemError. */
export function readToken(input: string, offset: number): Token {
  const start = offset + matchAt(SPACE, input, offset).length;
  if (start >= input.length) return { type: 'end', start, end: start };
  const symbol = matchAt(SYMBOL, input, start);
  const type = SYMBOLS[symbol];
  if (type !== undefined) return { type, start, end: start + symbol.length };
  if (input[start] === '"') {
    const { text, end } = readQuoted(input, start);
    return { type: 'text', text, start, end };
  }
  return readTerm(input, start) ?? readWord(input, start);
}

function readWord(input: string, start: number): Token {
  const operator = matchAt(OPERATOR, input, start);
  if (operator !== '')
    fail(
      { start, end: start + operator.length },
      `No field stands before ${quote(operator)}.`,
      'Name a field, such as size>1kb, or put text in quotes.',
    );
  const { text, end } = readBare(input, start);
  const keyword = text.toLowerCase();
  if (isKeyword(keyword)) return { type: keyword, start, end };
  return { type: 'text', text, start, end };
}

function isKeyword(word: string): word is 'and' | 'or' | 'not' {
  return word === 'and' || word === 'or' || word === 'not';
}

/** White space may stand around a comparison (`size > 1kb`), but not around a colon. */
function readTerm(input: string, start: number): TermToken | null {
  const name = matchAt(NAME, input, start);
  if (name === '') return null;
  let operatorStart = start + name.length;
  let written = matchAt(OPERATOR, input, operatorStart);
  if (written === '' && !isKeyword(name.toLowerCase())) {
    operatorStart += matchAt(SPACE, input, operatorStart).length;
    written = matchAt(COMPARISON, input, operatorStart);
  }
  const operator = OPERATORS[written];
  if (operator === undefined) return null;
  const operatorEnd = operatorStart + written.length;
  const valueStart = operator === ':' ? operatorEnd : operatorEnd + matchAt(SPACE, input, operatorEnd).length;
  const value = readValue(input, valueStart);
  const end = value?.end ?? operatorEnd;
  return { type: 'term', name, operator, operatorStart, operatorEnd, value, start, end };
}

function readValue(input: string, start: number): Value | null {
  if (input[start] === '"') return { ...readQuoted(input, start), start, quoted: true };
  const { text, end } = readBare(input, start);
  return text === '' ? null : { text, start, end, quoted: false };
}

function readBare(input: string, start: number): { text: string; end: number } {
  const text = matchAt(WORD, input, start);
  const end = start + text.length;
  if (input[end] === '"')
    fail(
      { start: end, end: end + 1 },
      'A quote stands inside a word.',
      'Put the whole text in quotes and write \\" for each quote in it.',
    );
  return { text, end };
}

function readQuoted(input: string, start: number): { text: string; end: number } {
  let text = '';
  let offset = start + 1;
  while (input[offset] !== '"') {
    const character = input[offset];
    if (character === undefined)
      fail({ start, end: input.length }, 'The quoted text does not end.', 'Add a closing " after the text.');
    if (character === '\\') {
      const escape = readEscape(input, offset);
      text += escape.text;
      offset = escape.end;
    } else {
      text += character;
      offset++;
    }
  }
  const end = offset + 1;
  AFTER_QUOTE.lastIndex = end;
  if (!AFTER_QUOTE.test(input))
    fail(
      { start: end, end: characterEnd(input, end) },
      'Text follows a closing quote.',
      'Put a space between them, or write \\" for a quote in the text.',
    );
  return { text, end };
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function readEscape(input: string, start: number): { text: string; end: number } {
  const escape = matchAt(ESCAPE, input, start + 1);
  const codePoint = escape.length > 1 ? parseInt(escape.replace(/[u{}]/gi, ''), 16) : null;
  const end = escape === '' ? characterEnd(input, start + 1) : start + 1 + escape.length;
  if (escape === '' || (codePoint !== null && codePoint > 0x10ffff))
    fail(
      { start, end },
      `${quote(input.slice(start, end))} is not an escape.`,
      'Write \\\\ for a backslash; the others are \\" \\n \\r \\t \\u{hex}.',
    );
  if (codePoint !== null) return { text: String.fromCodePoint(codePoint), end };
  return { text: ESCAPED[escape] ?? escape, end };
}

/** Where the character at `offset` ends, without splitting a surrogate pair. */
function characterEnd(input: string, offset: number): number {
  const codePoint = input.codePointAt(offset);
  return codePoint === undefined ? offset : offset + (codePoint > 0xffff ? 2 : 1);
}

function matchAt(sticky: RegExp, input: string, offset: number): string {
  sticky.lastIndex = offset;
  return sticky.exec(input)?.[0] ?? '';
}
