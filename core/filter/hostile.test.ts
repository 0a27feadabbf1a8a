import { describe, expect, it } from 'vitest';
import { parseFilter } from './filter.ts';
import { makeRow } from './fixture-row.ts';
import { createRandom } from './fixture-random.ts';

/** Uses all of a filter, or checks that its problem has a place. Says whether it was read. */
function exercise(expression: string): boolean {
  const result = parseFilter(expression);
  if (result.ok) {
    result.filter.matches(makeRow());
    if (result.filter.describe() === '') expect.fail(`${JSON.stringify(expression)} has no words`);
    return true;
  }
  const { message, hint, start, end } = result.error;
  if (!message.endsWith('.') || !/[.?]$/.test(hint)) expect.fail(`not sentences: ${message} ${hint}`);
  if (!(start >= 0 && start < end && end <= expression.length))
    expect.fail(`${JSON.stringify(expression)} has no place ${start} to ${end}: ${message}`);
  return false;
}

describe('hostile input', () => {
  it.each<[what: string, expression: string, isRead: boolean]>([
    ['10,000 brackets', '('.repeat(10_000), false],
    ['10,000 balanced brackets', '('.repeat(5000) + 'a' + ')'.repeat(5000), false],
    ['brackets up to the limit of length', '('.repeat(4096), false],
    ['negations', '!'.repeat(4095) + 'a', true],
    ['negated brackets', '!('.repeat(64) + 'a' + ')'.repeat(64), true],
    ['brackets of every kind, 64 deep', '(dir:in or size>1 !'.repeat(64) + 'a' + ')'.repeat(64), true],
    ['a thousand alternatives', 'a or '.repeat(800) + 'a', true],
    ['a million characters', 'a'.repeat(1_000_000), false],
    ['stars', `content:${'*a'.repeat(2040)}`, true],
    ['unterminated quotes', '"'.repeat(4095), false],
    ['backslashes', `"${'\\'.repeat(4001)}`, false],
    ['control characters', String.fromCharCode(...Array.from({ length: 32 }, (_, i) => i)), true],
    ['a NUL in a field', 'content:a\u0000b', true],
    ['lone surrogates', '\udc00\ud800 text:\ud83d "\ud83d', false],
    ['bidi overrides', '\u202econtent:\u202dx', true],
    ['white space only', '\u00a0\u2003\ufeff '.repeat(500), true],
    ['names of Object', 'constructor:1 toString:1', false],
  ])('%s is read or refused', (_what, expression, isRead) => {
    expect(exercise(expression)).toBe(isRead);
  });

  it('allows brackets 64 deep', () => {
    expect(parseFilter('('.repeat(64) + 'a' + ')'.repeat(64)).ok).toBe(true);
    expect(parseFilter('(a)'.repeat(1000)).ok).toBe(true);
  });

  it('survives 20,000 random expressions', () => {
    const { integer, pick } = createRandom(7);
    const pieces = [
      ...['content', 'topic:', 'size', 'hash', 'time>', 'sent', 'from:', 'dir:', 'ephemeral', 'text', 'nope'],
      ...[
        ':',
        '=',
        '!=',
        '>',
        '<=',
        '..',
        '(',
        ')',
        '"',
        '\\',
        '!',
        '&&',
        '||',
        '&',
        '|',
        ' and ',
        ' or ',
        ' not ',
      ],
      ...[
        ' ',
        '  ',
        '*',
        '/',
        '-',
        '16/32',
        '1kb',
        '-5m',
        '11:02',
        '0x9c',
        'in',
        'yes',
        'a',
        '😀',
        '\ud800',
        '\u0000',
      ],
    ];
    let read = 0;
    for (let round = 0; round < 20_000; round++) {
      const expression = Array.from({ length: 1 + integer(12) }, () => pick(pieces)).join('');
      if (exercise(expression)) read++;
    }
    expect(read).toBeGreaterThan(1000);
  });
});
