import { describe, expect, it, vi } from 'vitest';
import { Searcher } from './search.ts';
import { createRandom } from './fixture-random.ts';

const find = (needle: string, text: string, from = 0, to = text.length): number =>
  new Searcher(needle).findEnd(text, from, to);

describe('search', () => {
  it('finds what toLowerCase and indexOf find, on texts that repeat much', () => {
    const { integer, text } = createRandom(1);
    for (let round = 0; round < 5000; round++) {
      const needle = text('aAbB', 1 + integer(6));
      const haystack = text('aAbB', integer(40));
      const from = integer(haystack.length + 1);
      const at = haystack.toLowerCase().indexOf(needle.toLowerCase(), from);
      const expected = at < 0 ? -1 : at + needle.length;
      const found = find(needle, haystack, from);
      if (found !== expected) expect.fail(`${needle} in ${haystack} from ${from}: ${found}, not ${expected}`);
    }
  });

  it('finds the same in long texts that nearly match everywhere', () => {
    const { integer, text } = createRandom(2);
    for (let round = 0; round < 2000; round++) {
      const needle = text('aaaab', 20 + integer(30));
      const cut = 1 + integer(needle.length - 1);
      const haystack = (needle.slice(cut) + needle.slice(0, -1)).repeat(5) + needle.slice(0, cut) + needle;
      const from = integer(haystack.length);
      const at = haystack.indexOf(needle, from);
      const expected = at < 0 ? -1 : at + needle.length;
      const found = find(needle, haystack, from);
      if (found !== expected) expect.fail(`${needle} in ${haystack} from ${from}: ${found}, not ${expected}`);
    }
  });

  it('stays inside its bounds', () => {
    expect(find('b', 'abc', 2)).toBe(-1);
    expect(find('b', 'abc', 0, 1)).toBe(-1);
    expect(find('bc', 'abc', 0, 2)).toBe(-1);
    expect(find('', 'abc', 3)).toBe(3);
    expect(find('abcd', 'abc')).toBe(-1);
    expect(new Searcher('bc').isAt('abc', 1)).toBe(true);
    expect(new Searcher('bc').isAt('abc', 2)).toBe(false);
    expect(new Searcher('bc').isAt('abc', -1)).toBe(false);
  });

  it.each([
    ['Σ', 'ς'],
    ['k', '\u212a'],
    ['É', 'é'],
    ['Ж', 'ж'],
    ['ẞ', 'ß'],
  ])('takes %s and %s for one letter', (a, b) => {
    expect(find(a, `x${b}`)).toBe(2);
    expect(find(b, `x${a}`)).toBe(2);
  });

  it.each([
    ['ss', 'ß'],
    ['e', 'é'],
    ['a', 'á'],
    ['\u0161', 'a'],
    ['i', 'İ'],
  ])('does not find %s in %s', (needle, text) => {
    expect(find(needle, text)).toBe(-1);
  });

  it('looks at a character only a few times when the text is made against it', () => {
    const text = 'a'.repeat(20_000);
    for (const needle of ['b' + 'a'.repeat(4000), 'a'.repeat(2000) + 'b' + 'a'.repeat(2000)]) {
      const searcher = new Searcher(needle);
      const looks = vi.spyOn(String.prototype, 'charCodeAt');
      const end = searcher.findEnd(text, 0, text.length);
      const count = looks.mock.calls.length;
      looks.mockRestore();
      expect(end).toBe(-1);
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThan(8 * text.length);
    }
  });
});
