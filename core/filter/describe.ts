/** What a filter means, in words. */
import type { Comparison, FilterNode, FilterTerm, SizeComparison, TextField, TextMatch } from './ast.ts';
import { quote } from './problem.ts';
import { formatSize } from './sizes.ts';
import { formatInstant } from './times.ts';

/** One sentence without a full stop: `content topic contains “/toy-chat/” and payload larger than 1 KiB (1,024 bytes)`. */
export function describeFilter(node: FilterNode): string {
  switch (node.kind) {
    case 'all':
      return 'every message';
    case 'and':
    case 'or':
      return node.operands.map(describeOperand).join(` ${node.kind} `);
    case 'not':
      if (isTerm(node.operand)) return describeTerm(node.operand, true);
      return `not ${describeOperand(node.operand)}`;
    default:
      return describeTerm(node, false);
  }
}

function describeOperand(node: FilterNode): string {
  const words = describeFilter(node);
  return node.kind === 'and' || node.kind === 'or' ? `(${words})` : words;
}

function isTerm(node: FilterNode): node is FilterTerm {
  return node.kind !== 'all' && node.kind !== 'and' && node.kind !== 'or' && node.kind !== 'not';
}

function describeTerm(term: FilterTerm, negated: boolean): string {
  const not = negated ? 'not ' : '';
  switch (term.kind) {
    case 'text':
      return describeText(term.field, term.match, negated);
    case 'shard':
      return `shard is ${not}${String(term.shard)}`;
    case 'hash':
      if (term.whole) return `hash is ${not}${term.digits}`;
      return `hash ${negated ? 'does not start' : 'starts'} with ${term.digits}`;
    case 'dir':
      return (term.dir === 'in') !== negated ? 'incoming' : 'outgoing';
    case 'ephemeral':
      return term.ephemeral !== negated ? 'ephemeral' : 'not ephemeral';
    case 'size':
      return `payload ${not}${describeComparison(term.comparison, SIZE_WORDS, formatSize)}`;
    case 'time': {
      const words = describeComparison(term.comparison, TIME_WORDS, formatInstant);
      return `${term.field === 'time' ? 'received' : 'sender’s time'} ${not}${words}`;
    }
  }
}

const SUBJECTS: Readonly<Record<TextField, string>> = {
  topic: 'pubsub topic',
  content: 'content topic',
  from: 'peer id',
  text: 'payload',
  any: 'payload or content topic',
};

function describeText(field: TextField, match: TextMatch, negated: boolean): string {
  if (field === 'any' && negated) return `neither payload nor content topic ${describeMatch(match, false)}`;
  return `${SUBJECTS[field]} ${describeMatch(match, negated)}`;
}

function describeMatch(match: TextMatch, negated: boolean): string {
  const say = (plain: string, base: string): string => (negated ? `does not ${base}` : plain);
  switch (match.how) {
    case 'is':
      return `is ${negated ? 'not ' : ''}${quoteAll(match.text)}`;
    case 'contains':
      return `${say('contains', 'contain')} ${quoteAll(match.text)}`;
    case 'like': {
      const [first = '', second = ''] = match.parts;
      if (match.parts.length === 2 && second === '' && first !== '')
        return `${say('starts', 'start')} with ${quoteAll(first)}`;
      if (match.parts.length === 2 && first === '' && second !== '')
        return `${say('ends', 'end')} with ${quoteAll(second)}`;
      return `${say('matches', 'match')} ${quoteAll(match.parts.join('*'))}`;
    }
  }
}

function quoteAll(text: string): string {
  return quote(text, Infinity);
}

type ComparisonWords = Readonly<Record<Exclude<SizeComparison['op'], '..'>, string>>;

const SIZE_WORDS: ComparisonWords = {
  '=': 'of exactly',
  '>': 'larger than',
  '>=': 'of at least',
  '<': 'smaller than',
  '<=': 'of at most',
};
const TIME_WORDS: ComparisonWords = {
  '=': 'at',
  '>': 'after',
  '>=': 'at or after',
  '<': 'before',
  '<=': 'at or before',
};

function describeComparison<T>(
  comparison: Comparison<T> | { readonly op: '='; readonly value: T },
  words: ComparisonWords,
  format: (value: T) => string,
): string {
  if (comparison.op === '..') return `from ${format(comparison.from)} to ${format(comparison.to)}`;
  return `${words[comparison.op]} ${format(comparison.value)}`;
}
