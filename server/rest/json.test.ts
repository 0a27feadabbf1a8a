import { describe, expect, it } from 'vitest';
import { JsonError, jsonText, parseJson } from './json.ts';

describe('JSON of the REST API', () => {
  it('keeps whole numbers exact in both directions', () => {
    for (const number of ['9223372036854775807', '-9223372036854775808', '0', '1795342261578236715']) {
      expect(parseJson(number)).toBe(BigInt(number));
      expect(jsonText({ timestamp: parseJson(number) })).toBe(`{"timestamp":${number}}`);
    }
  });

  it('tells a fraction from a whole number, and counts an exponent', () => {
    expect(parseJson('1.0')).toBe(1);
    expect(parseJson('1.7e18')).toBe(1.7e18);
    expect(parseJson('1e3')).toBe(1000n);
    expect(parseJson('1e999999999')).toBe(Infinity);
    expect(parseJson('-0')).toBe(0n);
  });

  it('reads what JSON.parse reads, escapes and nesting included', () => {
    const value = {
      a: ['\\', '"', 'C:\\\\"', '\u0000', 'żółć 😀', '/'],
      b: { c: null, d: [true, false, {}, []] },
    };
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)])
      expect(parseJson(text)).toEqual(value);
  });

  it('ends with the first value', () => {
    expect(parseJson('["a"] x')).toEqual(['a']);
    expect(parseJson('{"a":"b"}}')).toEqual({ a: 'b' });
  });

  it.each([
    ['nothing', ''],
    ['an open list', '["a"'],
    ['an open string', '"a'],
    ['a string that an escaped quote keeps open', '"a\\"'],
    ['a comma at the end', '["a",]'],
    ['a key that stands twice', '{"a":1,"a":2}'],
    ['a key that stands twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a zero in front', '{"a":01}'],
    ['a control character in a string', '"a\nb"'],
    ['half a surrogate pair', '"\\ud800"'],
    ['a word that is none', 'nope'],
    ['a key without quotes', '{a:1}'],
    ['lists in lists, deeper than any body', '['.repeat(20_000)],
  ])('refuses %s', (_what, text) => {
    expect(() => parseJson(text)).toThrow(JsonError);
  });

  it('makes no prototype of a key', () => {
    const value = parseJson('{"__proto__":{"polluted":true}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('reads a large body in a time that grows with its size alone', () => {
    const large = `"${'\\\\'.repeat(2_000_000)}${'\\"'.repeat(2_000_000)}"`;
    expect(parseJson(large)).toHaveLength(4_000_000);
    expect(parseJson(`[${'9'.repeat(4_000_000)}]`)).toEqual([Infinity]);
  });
});
