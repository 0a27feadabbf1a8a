/** The fields of the language: which operators each takes and how its values read. */
import type { FilterNode, TextField } from './ast.ts';
import type { Operator, TermToken, Value } from './lex.ts';
import { fail, quote } from './problem.ts';
import { readSizeTerm, readTimeTerm } from './range-fields.ts';
import { suggest } from './suggest.ts';
import { readHash, readText, readTopic } from './text-fields.ts';

interface Field {
  readonly operators: readonly Operator[];
  /** A term as it should be written, for hints. */
  readonly example: string;
  /** `!=` arrives here as `=`. @param nowMs Unix time in ms */
  readonly read: (value: Value, operator: Exclude<Operator, '!='>, nowMs: number) => FilterNode;
}

const EQUALITY: readonly Operator[] = [':', '=', '!='];
const ORDER: readonly Operator[] = [':', '>', '>=', '<', '<='];

const FIELDS: ReadonlyMap<string, Field> = new Map([
  ['content', textField('content', 'content:/toy-chat/')],
  ['topic', { operators: EQUALITY, example: 'topic:16/32', read: readTopic }],
  ['text', textField('text', 'text:hello')],
  ['size', { operators: [...ORDER, '=', '!='], example: 'size>1kb', read: readSizeTerm }],
  ['hash', { operators: EQUALITY, example: 'hash:0x9c', read: readHash }],
  ['dir', { operators: EQUALITY, example: 'dir:in', read: readDirection }],
  ['time', timeField('time')],
  ['sent', timeField('sent')],
  ['from', textField('from', 'from:16U*abc')],
  ['ephemeral', { operators: EQUALITY, example: 'ephemeral:yes', read: readEphemeral }],
]);
const NAMES = [...FIELDS.keys()];

function textField(field: TextField, example: string): Field {
  return { operators: EQUALITY, example, read: (value, operator) => readText(field, value, operator) };
}

function timeField(field: 'time' | 'sent'): Field {
  return {
    operators: [...ORDER, '='],
    example: `${field}>-5m`,
    read: (value, operator, nowMs) => readTimeTerm(field, value, operator, nowMs),
  };
}

/** @param nowMs Unix time in ms. Throws FilterProblemError. */
export function readTerm(token: TermToken, nowMs: number): FilterNode {
  const { name, operator, value, start, operatorStart, operatorEnd } = token;
  const field = FIELDS.get(name.toLowerCase());
  if (field === undefined) return failUnknown(token);
  if (!field.operators.includes(operator))
    fail(
      { start: operatorStart, end: operatorEnd },
      `The field ${name.toLowerCase()} does not take ${operator}.`,
      `Write it like ${field.example}.`,
    );
  if (value === null)
    return fail(
      { start, end: operatorEnd },
      `No value stands after ${name}${operator}.`,
      `Write a value ${operator === ':' ? 'right after the colon' : 'after it'}, such as ${field.example}.`,
    );
  if (operator !== '!=') return field.read(value, operator, nowMs);
  return { kind: 'not', operand: field.read(value, '=', nowMs) };
}

function failUnknown({ name, start }: TermToken): never {
  const meant = suggest(name, NAMES);
  const example = FIELDS.get(meant ?? '')?.example;
  return fail(
    { start, end: start + name.length },
    `There is no field ${quote(name)}.`,
    meant === null || example === undefined
      ? `The fields are ${NAMES.join(', ')}. To search for this text, put it in quotes.`
      : `Did you mean ${meant}: (such as ${example})? To search for this text, put it in quotes.`,
  );
}

function readDirection(value: Value): FilterNode {
  const dir = value.text.toLowerCase();
  if (dir !== 'in' && dir !== 'out')
    return fail(value, `${quote(value.text)} is not a direction.`, 'Write dir:in or dir:out.');
  return { kind: 'dir', dir };
}

function readEphemeral(value: Value): FilterNode {
  const text = value.text.toLowerCase();
  if (text !== 'yes' && text !== 'no' && text !== 'true' && text !== 'false')
    return fail(value, `${quote(value.text)} is neither yes nor no.`, 'Write ephemeral:yes or ephemeral:no.');
  return { kind: 'ephemeral', ephemeral: text === 'yes' || text === 'true' };
}
