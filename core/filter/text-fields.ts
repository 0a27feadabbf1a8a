/** Values of the fields that hold text: topics, peers, payloads, hashes. */
import { formatPubsubTopic, parsePubsubTopic } from '../waku/topics.ts';
import type { FilterNode, TextField, TextMatch } from './ast.ts';
import type { Operator, Value } from './lex.ts';
import { fail, quote } from './problem.ts';

const SHARD = /^(?:(\d+)\/)?(\d+)$/;
const SHARD_MAX = 65_535;
const STATIC_SHARDING = '/waku/2/rs/';
const HASH = /^(?:0x)?([0-9a-f]{1,64})$/i;
const HASH_DIGITS = 64;

/** `=` takes the whole text, `:` a part of it, or all of it where `*` stands for anything. */
export function readText(field: TextField, value: Value, operator: Operator): FilterNode {
  return { kind: 'text', field, match: readMatch(value, operator, field !== 'text') };
}

function readMatch({ text, quoted, ...span }: Value, operator: Operator, wildcards: boolean): TextMatch {
  if (operator === '=') return { how: 'is', text };
  if (text === '') fail(span, 'There is no text between the quotes.', 'Write the text to search for.');
  if (quoted || !wildcards || !text.includes('*')) return { how: 'contains', text };
  return { how: 'like', parts: text.split(/\*+/) };
}

/**
 * `32` a shard in any cluster, `16/32` cluster and shard, a whole pubsub topic, or text as elsewhere. A pattern
 * that begins with a cluster, such as `16/*`, means the topics of static sharding.
 */
export function readTopic(value: Value, operator: Operator): FilterNode {
  const { text, quoted } = value;
  if (quoted) return readText('topic', value, operator);
  const match = SHARD.exec(text);
  if (match === null) {
    if (parsePubsubTopic(text) !== null) return { kind: 'text', field: 'topic', match: { how: 'is', text } };
    const relative = /^\d+\/.*\*/.test(text);
    return readText('topic', relative ? { ...value, text: STATIC_SHARDING + text } : value, operator);
  }
  const cluster = match[1] === undefined ? null : Number(match[1]);
  const shard = Number(match[2]);
  if (shard > SHARD_MAX || (cluster ?? 0) > SHARD_MAX)
    fail(
      value,
      `${quote(text)} is not a shard.`,
      'Clusters and shards are numbers from 0 to 65,535, such as topic:16/32 or topic:32.',
    );
  if (cluster === null) return { kind: 'shard', shard };
  return { kind: 'text', field: 'topic', match: { how: 'is', text: formatPubsubTopic({ cluster, shard }) } };
}

/** The first digits of a hash, or with `=` all 64; `0x` may be left out. */
export function readHash(value: Value, operator: Operator): FilterNode {
  const digits = HASH.exec(value.text)?.[1];
  if (digits === undefined)
    fail(
      value,
      `${quote(value.text)} is not the beginning of a hash.`,
      'Write 1 to 64 hex digits, such as hash:0x9c.',
    );
  const whole = operator === '=';
  if (whole && digits.length < HASH_DIGITS)
    fail(
      value,
      `A whole hash has 64 hex digits, this one ${String(digits.length)}.`,
      `For hashes that begin so, write hash:0x${digits}.`,
    );
  return { kind: 'hash', digits: `0x${digits.toLowerCase()}`, whole };
}
