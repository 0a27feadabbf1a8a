/** Objects whose unknown keys are refused with the key that was probably meant. */
import * as z from 'zod';
import { suggest } from '../../core/filter/suggest.ts';

/** As z.strictObject; each unknown key has a line of the message. */
export function keyed<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return 'must have keys and values';
      return issue.keys.map((key) => `unknown key ${quote(key)}${meant(key, known)}`).join('\n');
    },
  });
}

/** Objects told apart by one key. */
export function oneOf<
  const Options extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
>(key: string, names: readonly string[], options: Options) {
  return z.discriminatedUnion(key, options, {
    error: (issue) => {
      const value: unknown =
        typeof issue.input === 'object' && issue.input !== null ? Reflect.get(issue.input, key) : undefined;
      if (typeof value !== 'string') return `needs a key "${key}": one of ${names.join(', ')}`;
      return `unknown ${key} ${quote(value)}${meant(value, names)}`;
    },
  });
}

/** One of these words. */
export function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, {
    error: ({ input }) =>
      typeof input === 'string'
        ? `unknown word ${quote(input)}${meant(input, words)}`
        : `must be one of ${words.join(', ')}`,
  });
}

/** `; did you mean "x"?`, or what there is. */
export function meant(text: string, known: readonly string[]): string {
  const byLowerCase = new Map(known.map((name) => [name.toLowerCase(), name]));
  const nearest = byLowerCase.get(suggest(text, [...byLowerCase.keys()]) ?? '');
  return nearest === undefined ? `; known are ${known.join(', ')}` : `; did you mean ${quote(nearest)}?`;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
