/**
 * JSON as the REST API reads it: whole numbers stay exact (as bigint), a key stands once, and what comes behind the
 * first value does not count, as with wakunode2. JSON.parse has none of that on Node 20.
 */

/** Deeper than any body of this API; a hostile one must not exhaust the stack. */
const MAX_DEPTH = 16;
/** Enough for 64 bits, and few enough that reading them costs nothing. */
const MAX_DIGITS = 40;

/** Why text is not JSON, in words for a log. */
export class JsonError extends Error {
  constructor(what: string, position: number) {
    super(`${what} at ${position}`);
    this.name = 'JsonError';
  }
}

/**
 * @returns strings, booleans, null, arrays and plain objects; a number without fraction is a bigint, any other a number
 * @throws JsonError
 */
export function parseJson(text: string): unknown {
  return new Reader(text).value(0);
}

const WHITESPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new JsonError('too deep', this.#at);
    const first = this.#peek();
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return this.#string();
    for (const [word, value] of WORDS)
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    return this.#number();
  }

  #object(depth: number): object {
    const entries = new Map<string, unknown>();
    this.#list('}', () => {
      const key = this.#string();
      if (entries.has(key)) throw new JsonError('a key stands twice', this.#at);
      this.#expect(':');
      entries.set(key, this.value(depth + 1));
    });
    return Object.fromEntries(entries);
  }

  #array(depth: number): unknown[] {
    const items: unknown[] = [];
    this.#list(']', () => {
      items.push(this.value(depth + 1));
    });
    return items;
  }

  #list(end: string, item: () => void): void {
    this.#at++;
    if (this.#peek() === end) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      const next = this.#peek();
      this.#at++;
      if (next === end) return;
      if (next !== ',') throw new JsonError(`no ${end}`, this.#at);
    }
  }

  #string(): string {
    if (this.#peek() !== '"') throw new JsonError('no string', this.#at);
    const quoted = this.#text.slice(this.#at, this.#closingQuote() + 1);
    this.#at += quoted.length;
    let text: unknown;
    try {
      text = JSON.parse(quoted);
    } catch {
      throw new JsonError('a broken string', this.#at);
    }
    // Half a surrogate pair has no UTF-8: what is sent would not be what was given.
    if (typeof text !== 'string' || /\p{Surrogate}/u.test(text))
      throw new JsonError('a broken string', this.#at);
    return text;
  }

  /** Where the string ends that begins here; JSON.parse judges what is in it. */
  #closingQuote(): number {
    for (let at = this.#at + 1; ; at++) {
      at = this.#text.indexOf('"', at);
      if (at === -1) throw new JsonError('no end of a string', this.#at);
      let before = at;
      while (this.#text[before - 1] === '\\') before--;
      if ((at - before) % 2 === 0) return at;
    }
  }

  #number(): bigint | number {
    const digits = this.#match(NUMBER);
    // A zero in front would end the number; what follows it is no list and no end.
    if (digits === null || /\d/.test(this.#text.charAt(this.#at))) throw new JsonError('no value', this.#at);
    if (/^-?\d+$/.test(digits) && digits.length <= MAX_DIGITS) return BigInt(digits);
    const value = Number(digits);
    return digits.includes('.') || !Number.isSafeInteger(value) ? value : BigInt(value);
  }

  #expect(character: string): void {
    if (this.#peek() !== character) throw new JsonError(`no ${character}`, this.#at);
    this.#at++;
  }

  /** The next character that is no whitespace. */
  #peek(): string {
    this.#match(WHITESPACE);
    return this.#text.charAt(this.#at);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }
}

/** JSON text of plain data in which a bigint is written as the number that it is. */
export function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${jsonText(field)}`).join(',')}}`;
}
