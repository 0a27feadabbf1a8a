import { describe, expect, it } from 'vitest';
import { WakuDeskError } from '../engine/errors.ts';
import { parseFilter, parseFilterOrThrow, type FilterProblem } from './filter.ts';

function problemOf(expression: string): FilterProblem {
  const result = parseFilter(expression);
  if (result.ok) throw new Error(`${expression} was read as: ${result.filter.describe()}`);
  return result.error;
}

describe('a problem', () => {
  /** Expression with the place in ‹›, message, part of the hint. */
  it.each<[marked: string, message: string, hint: string]>([
    [
      '‹contnet›:/toy-chat/',
      'There is no field “contnet”.',
      'Did you mean content: (such as content:/toy-chat/)?',
    ],
    ['dir:in ‹ephermal›=yes', 'There is no field “ephermal”.', 'Did you mean ephemeral:'],
    ['‹form›:16U', 'There is no field “form”.', 'Did you mean from:'],
    ['‹SIZ› > 5', 'There is no field “SIZ”.', 'Did you mean size:'],
    ['‹con›:x', 'There is no field “con”.', 'Did you mean content:'],
    ['‹content-topic›:x', 'There is no field “content-topic”.', 'Did you mean content:'],
    ['‹shard›:32', 'There is no field “shard”.', 'Did you mean topic:'],
    ['‹http›://example.com', 'There is no field “http”.', 'The fields are content, topic, text,'],
    ['‹constructor›:1', 'There is no field “constructor”.', 'put it in quotes'],
    ['‹a›=b', 'There is no field “a”.', 'put it in quotes'],
    ['hash‹>›5', 'The field hash does not take >.', 'hash:0x9c'],
    ['time ‹!=› 11:02', 'The field time does not take !=.', 'time>-5m'],
    ['dir‹>=›in', 'The field dir does not take >=.', 'dir:in'],
    ['‹content:›', 'No value stands after content:.', 'right after the colon, such as content:/toy-chat/'],
    ['‹content:› /toy-chat/', 'No value stands after content:.', 'right after the colon'],
    ['(‹size>›) or x', 'No value stands after size>.', 'size>1kb'],
    ['‹size >=› ', 'No value stands after size>=.', 'size>1kb'],
    ['a ‹>›5', 'There is no field “a”.', ''],
    ['a or ‹>›5', 'No field stands before “>”.', 'Name a field'],
    ['‹!=› 5', 'No field stands before “!=”.', 'Name a field'],
    ['size ‹:›5', 'No field stands before “:”.', 'Name a field'],
    ['content:‹""›', 'There is no text between the quotes.', 'Write the text'],
    ['a ‹""›', 'There is no text between the quotes.', 'Write the text'],
    ['size>‹1xb›', '“1xb” is not a size.', 'b, kb or mb'],
    ['size>‹-1›', '“-1” is not a size.', 'b, kb or mb'],
    ['size>‹1,024›', '“1,024” is not a size.', 'b, kb or mb'],
    ['size>‹1kb..2kb›', '“1kb..2kb” is not a size.', 'b, kb or mb'],
    ['size:1kb..‹1xb›', '“1xb” is not a size.', 'b, kb or mb'],
    ['size:1..‹.2›', '“.2” is not a size.', 'b, kb or mb'],
    ['size:‹"1..\\u0078"›', '“x” is not a size.', 'b, kb or mb'],
    ['size:‹2kb..1kb›', 'The range ends before it begins.', 'smaller value first'],
    ['size:‹1kb..›', 'The range has one end only.', 'both ends'],
    ['time:‹..11:00›', 'The range has one end only.', 'both ends'],
    ['time:‹11:03..11:02›', 'The range ends before it begins.', 'smaller value first'],
    ['time:11:02..‹11:99›', '“11:99” is not a time.', 'time>-5m or a Unix time'],
    ['time>‹yesterday›', '“yesterday” is not a time.', 'time>-5m or a Unix time'],
    ['sent>‹-5›', '“-5” is not a time.', 'sent>-5m or a Unix time'],
    ['time:‹11:02›', '“11:02” is one point in time.', 'a range such as time:11:02..11:03'],
    ['hash:‹0xzz›', '“0xzz” is not the beginning of a hash.', '1 to 64 hex digits'],
    ['hash:‹0x›', '“0x” is not the beginning of a hash.', '1 to 64 hex digits'],
    [
      `hash:‹${'0'.repeat(65)}›`,
      `“${'0'.repeat(39)}…” is not the beginning of a hash.`,
      '1 to 64 hex digits',
    ],
    ['hash!=‹0x9c›', 'A whole hash has 64 hex digits, this one 2.', 'hash:0x9c'],
    ['dir:‹up›', '“up” is not a direction.', 'dir:in or dir:out'],
    ['ephemeral:‹maybe›', '“maybe” is neither yes nor no.', 'ephemeral:yes or ephemeral:no'],
    ['topic:‹65536›', '“65536” is not a shard.', '0 to 65,535'],
    ['topic:‹70000/1›', '“70000/1” is not a shard.', '0 to 65,535'],
    ['‹(›a or b', 'This bracket is never closed.', 'Add the missing )'],
    ['a ‹(›b or (c)', 'This bracket is never closed.', 'Add the missing )'],
    ['‹(›', 'This bracket is never closed.', 'Add the missing )'],
    ['a‹)›', 'This bracket closes nothing.', 'Remove it'],
    ['‹)› a', 'This bracket closes nothing.', 'Remove it'],
    ['(a) ‹)›', 'This bracket closes nothing.', 'Remove it'],
    ['a ‹( )›', 'The brackets are empty.', 'Put a term between'],
    ['a ‹AND›', 'Nothing stands after “AND”.', 'Add a term'],
    ['a ‹||› ', 'Nothing stands after “||”.', 'Add a term'],
    ['a ‹and› or b', 'Nothing stands after “and”.', 'Add a term'],
    ['(a or ‹not›)', 'Nothing stands after “not”.', 'Add a term'],
    ['‹!›', 'Nothing stands after “!”.', 'Add a term'],
    ['‹or› a', 'Nothing stands before “or”.', 'Add a term'],
    ['(‹&&› a)', 'Nothing stands before “&&”.', 'Add a term'],
    ['a ‹"b c›', 'The quoted text does not end.', 'closing "'],
    ['‹"›', 'The quoted text does not end.', 'closing "'],
    ['text:‹"abc\\"›', 'The quoted text does not end.', 'closing "'],
    ['"a"‹b›', 'Text follows a closing quote.', 'Put a space'],
    ['"a"‹😀›b', 'Text follows a closing quote.', 'Put a space'],
    ['foo‹"›bar"', 'A quote stands inside a word.', 'whole text in quotes'],
    ['text:{‹"›a":1}', 'A quote stands inside a word.', 'write \\" for each quote'],
    ['"a‹\\d›"', '“\\d” is not an escape.', 'Write \\\\ for a backslash'],
    ['"a‹\\😀›"', '“\\😀” is not an escape.', 'Write \\\\ for a backslash'],
    ['"‹\\u{110000}›"', '“\\u{110000}” is not an escape.', 'Write \\\\ for a backslash'],
    ['"‹\\u›12"', '“\\u” is not an escape.', 'Write \\\\ for a backslash'],
    ['"‹\\›', '“\\” is not an escape.', 'Write \\\\ for a backslash'],
    ['('.repeat(64) + '‹(›a', 'More than 64 brackets are open.', 'Use fewer brackets'],
    ['a'.repeat(4096) + '‹b›', 'The filter has 4,097 characters; at most 4,096 are allowed.', 'Shorten'],
  ])('points into %s', (marked, message, hint) => {
    const problem = problemOf(marked.replace(/[‹›]/g, ''));
    expect(problem.message).toBe(message);
    expect(problem.hint).toContain(hint);
    if (hint !== '')
      expect([problem.start, problem.end]).toEqual([marked.indexOf('‹'), marked.indexOf('›') - 1]);
  });

  it('is the first one in reading order', () => {
    expect(problemOf('size>x "open').message).toBe('“x” is not a size.');
    expect(problemOf('nope:1 )').message).toBe('There is no field “nope”.');
  });
});

describe('parseFilterOrThrow', () => {
  function thrownBy(expression: string): WakuDeskError {
    try {
      parseFilterOrThrow(expression);
    } catch (error) {
      if (error instanceof WakuDeskError) return error;
      throw error;
    }
    throw new Error(`${expression} was read`);
  }

  it('throws FILTER_INVALID with the expression and carets under the place', () => {
    const error = thrownBy('dir:in contnet:/toy-chat/');
    expect(error).toMatchObject({ code: 'FILTER_INVALID', operation: 'filter.parse' });
    expect(error.hint).toMatch(/^Did you mean content:/);
    expect(error.message).toMatchInlineSnapshot(`
      "There is no field “contnet”.
        dir:in contnet:/toy-chat/
               ^^^^^^^"
    `);
  });

  it('shows only the surroundings of the place in a long expression', () => {
    expect(thrownBy(`${'x '.repeat(100)}size>1xb ${'y '.repeat(100)}`).message).toMatchInlineSnapshot(`
      "“1xb” is not a size.
        … x x x x x x x x x x x x size>1xb y y y y y y y y y y y y y y y…
                                       ^^^"
    `);
  });

  it('keeps the columns where characters are invisible or take two code units', () => {
    expect(thrownBy('"😀\u0000\u202e\n" size>1xb').message).toMatchInlineSnapshot(`
      "“1xb” is not a size.
        "😀␣␣␣" size>1xb
                    ^^^"
    `);
  });
});
