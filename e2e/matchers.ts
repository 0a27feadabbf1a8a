/** Vitest's asymmetric matchers, which are typed any, as values that strict code may put into an object. */
import { expect } from 'vitest';

export const including = (text: string): unknown => expect.stringContaining(text);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const listWith = (items: readonly unknown[]): unknown => expect.arrayContaining([...items]);
