/**
 * The grammar:
 *
 *     or    = and { ("or" | "||") and }
 *     and   = unary { ["and" | "&&"] unary }
 *     unary = { "not" | "!" } ( "(" or ")" | term | text )
 */
import type { FilterNode } from './ast.ts';
import { readTerm } from './fields.ts';
import { readToken, type Token } from './lex.ts';
import { fail, quote } from './problem.ts';

/** In UTF-16 code units. */
const MAX_LENGTH = 4096;
/** Brackets inside brackets: what follows a tree (compiling, matching, describing) recurses as deep. */
const MAX_DEPTH = 64;

/** @param nowMs Unix time in ms that today and relative times start from. Throws FilterProblemError. */
export function parseExpression(input: string, nowMs: number): FilterNode {
  if (input.length > MAX_LENGTH)
    fail(
      { start: MAX_LENGTH, end: input.length },
      `The filter has ${input.length.toLocaleString('en')} characters; at most ${MAX_LENGTH.toLocaleString('en')} are allowed.`,
      'Shorten the filter.',
    );
  return new Parser(input, nowMs).parse();
}

class Parser {
  readonly #input: string;
  readonly #nowMs: number;
  #token: Token;
  #previous: Token | null = null;
  /** Brackets open at this place. */
  #depth = 0;

  constructor(input: string, nowMs: number) {
    this.#input = input;
    this.#nowMs = nowMs;
    this.#token = readToken(input, 0);
  }

  parse(): FilterNode {
    if (this.#isAt('end')) return { kind: 'all' };
    const node = this.#parseOr();
    if (!this.#isAt('end')) fail(this.#token, 'This bracket closes nothing.', 'Remove it, or add ( before.');
    return node;
  }

  #isAt(type: Token['type']): boolean {
    return this.#token.type === type;
  }

  #advance(): void {
    this.#previous = this.#token;
    this.#token = readToken(this.#input, this.#token.end);
  }

  #parseOr(): FilterNode {
    const operands = [this.#parseAnd()];
    while (this.#isAt('or')) {
      this.#advance();
      operands.push(this.#parseAnd());
    }
    return combine('or', operands);
  }

  #parseAnd(): FilterNode {
    const operands = [this.#parseUnary()];
    while (!this.#isAt('or') && !this.#isAt('close') && !this.#isAt('end')) {
      if (this.#isAt('and')) this.#advance();
      operands.push(this.#parseUnary());
    }
    return combine('and', operands);
  }

  /** A loop over `not`, so that thousands of them need no stack. */
  #parseUnary(): FilterNode {
    let negated = false;
    while (this.#isAt('not')) {
      this.#advance();
      negated = !negated;
    }
    const node = this.#parsePrimary();
    return negated ? negate(node) : node;
  }

  #parsePrimary(): FilterNode {
    const token = this.#token;
    switch (token.type) {
      case 'text':
        if (token.text === '')
          fail(token, 'There is no text between the quotes.', 'Write the text to search for.');
        this.#advance();
        return { kind: 'text', field: 'any', match: { how: 'contains', text: token.text } };
      case 'term': {
        // Before the next token is read, so that the first problem is the one reported.
        const node = readTerm(token, this.#nowMs);
        this.#advance();
        return node;
      }
      case 'open':
        return this.#parseBracket(token);
      default:
        return this.#failMissing(token);
    }
  }

  #parseBracket(open: Token): FilterNode {
    this.#depth++;
    if (this.#depth > MAX_DEPTH)
      fail(open, `More than ${String(MAX_DEPTH)} brackets are open.`, 'Use fewer brackets inside brackets.');
    this.#advance();
    const node = this.#parseOr();
    if (!this.#isAt('close')) fail(open, 'This bracket is never closed.', 'Add the missing ).');
    this.#depth--;
    this.#advance();
    return node;
  }

  #failMissing(token: Token): never {
    const previous = this.#previous;
    if (previous?.type === 'and' || previous?.type === 'or' || previous?.type === 'not')
      return fail(
        previous,
        `Nothing stands after ${quote(this.#written(previous))}.`,
        'Add a term, or put the word in quotes to search for it.',
      );
    if (token.type === 'end')
      return fail(previous ?? token, 'This bracket is never closed.', 'Add the missing ).');
    if (token.type === 'close' && previous === null)
      return fail(token, 'This bracket closes nothing.', 'Remove it, or add ( before.');
    if (token.type === 'close')
      return fail(
        { start: previous?.start ?? token.start, end: token.end },
        'The brackets are empty.',
        'Put a term between them.',
      );
    return fail(
      token,
      `Nothing stands before ${quote(this.#written(token))}.`,
      'Add a term, or put the word in quotes to search for it.',
    );
  }

  #written({ start, end }: Token): string {
    return this.#input.slice(start, end);
  }
}

/** Operands of the same kind move up: `a and (b and c)` is one `and` of three. */
function combine(kind: 'and' | 'or', nodes: readonly FilterNode[]): FilterNode {
  const [first] = nodes;
  if (first !== undefined && nodes.length === 1) return first;
  return { kind, operands: nodes.flatMap((node) => (node.kind === kind ? node.operands : [node])) };
}

function negate(node: FilterNode): FilterNode {
  return node.kind === 'not' ? node.operand : { kind: 'not', operand: node };
}
