/**
 * Random trees, written out as expressions in random ways, against an evaluator that shares no code with the
 * compiler and knows nothing of cost or order.
 */
import { expect, it } from 'vitest';
import type { FilterNode } from './ast.ts';
import { createRandom, type Random } from './fixture-random.ts';
import { makeRow, NOW_MS, nsOf, type RowFields } from './fixture-row.ts';
import { parseFilterOrThrow } from './filter.ts';

type Row = RowFields;
/** A term as written, and what it asks. */
interface Question {
  written: string;
  asks: (row: Row) => boolean;
}
type Tree = Question | { kind: 'and' | 'or'; operands: Tree[] } | { kind: 'not'; operand: Tree };

const has = (text: string | null, part: string): boolean =>
  text?.toLowerCase().includes(part.toLowerCase()) ?? false;
const like = (text: string | null, pattern: string): boolean =>
  text !== null && new RegExp(`^${pattern.replaceAll('*', '[^]*')}$`, 'i').test(text);
const compare: Record<string, (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

function randomQuestion({ integer, pick, text }: Random): Question {
  const word = text('abAB/', 1 + integer(3));
  const pattern = text('ab*AB', integer(4)) + '*';
  const [op, holds] = pick(Object.entries(compare));
  const gap = pick(['', ' ']);
  const size = integer(6);
  const seconds = integer(6);
  const shard = 30 + integer(4);
  const digits = text('129c', 1 + integer(2));
  return pick<Question>([
    { written: `content:${word}`, asks: (row) => has(row.contentTopic, word) },
    { written: `content:${pattern}`, asks: (row) => like(row.contentTopic, pattern) },
    { written: `content=${gap}"${word}"`, asks: (row) => row.contentTopic === word },
    { written: `content${gap}!=${gap}${word}`, asks: (row) => row.contentTopic !== word },
    { written: `from:${word}`, asks: (row) => has(row.fromPeer, word) },
    { written: `from:${pattern}`, asks: (row) => like(row.fromPeer, pattern) },
    { written: `text:"${word}"`, asks: (row) => has(row.payload, word) },
    { written: `"${word}"`, asks: (row) => has(row.payload, word) || has(row.contentTopic, word) },
    { written: `topic:${String(shard)}`, asks: (row) => row.pubsubTopic.split('/')[5] === String(shard) },
    {
      written: `topic:1/${String(shard)}`,
      asks: (row) => row.pubsubTopic === `/waku/2/rs/1/${String(shard)}`,
    },
    {
      written: `size${gap}${op}${gap}${String(size)}kb`,
      asks: (row) => holds(row.payloadBytes, size * 1024),
    },
    {
      written: `size:${String(size)}kb..${String(size + 1)}kb`,
      asks: (row) => row.payloadBytes >= size * 1024 && row.payloadBytes <= (size + 1) * 1024,
    },
    {
      written: `time${gap}${op}${gap}-${String(seconds)}s`,
      asks: (row) => holds(Number(row.receivedNs / 1_000_000n), NOW_MS - seconds * 1000),
    },
    {
      written: `sent${op}-${String(seconds)}s`,
      asks: (row) =>
        row.timestampNs !== 0n && holds(Number(row.timestampNs / 1_000_000n), NOW_MS - seconds * 1000),
    },
    { written: `hash:${digits.toUpperCase()}`, asks: (row) => row.hash.startsWith(`0x${digits}`) },
    { written: 'dir:in', asks: (row) => row.dir === 'in' },
    { written: 'ephemeral:no', asks: (row) => !row.ephemeral },
  ]);
}

function randomTree(random: Random, depth: number): Tree {
  const kind = depth === 0 ? 'term' : random.pick(['term', 'and', 'or', 'not'] as const);
  if (kind === 'term') return randomQuestion(random);
  if (kind === 'not') return { kind, operand: randomTree(random, depth - 1) };
  const operands = Array.from({ length: 2 + random.integer(2) }, () => randomTree(random, depth - 1));
  return { kind, operands };
}

/** Brackets where precedence needs them, and at times where it does not. */
function write(tree: Tree, random: Random): string {
  const written = writeBare(tree, random);
  return random.integer(8) === 0 ? `( ${written})` : written;
}

function writeBare(tree: Tree, random: Random): string {
  if ('written' in tree) return tree.written;
  if (tree.kind === 'not') {
    const { operand } = tree;
    const inner = write(operand, random);
    const compound = 'operands' in operand;
    return random.pick(['not ', '!', 'NOT  ', '! ']) + (compound ? `(${inner})` : inner);
  }
  const { kind } = tree;
  const joins = kind === 'and' ? [' ', ' and ', ' AND\n', '&&', ' && '] : [' or ', ' Or ', '||', '\t|| '];
  return tree.operands
    .map((operand) => {
      const inner = write(operand, random);
      return kind === 'and' && 'operands' in operand && operand.kind === 'or' ? `(${inner})` : inner;
    })
    .reduce((left, right) => left + random.pick(joins) + right);
}

function evaluate(tree: Tree, row: Row): boolean {
  if ('asks' in tree) return tree.asks(row);
  if (tree.kind === 'not') return !evaluate(tree.operand, row);
  const answers = tree.operands.map((operand) => evaluate(operand, row));
  return tree.kind === 'and' ? !answers.includes(false) : answers.includes(true);
}

function randomRow({ integer, pick, text }: Random): Row {
  return {
    dir: pick(['in', 'out']),
    pubsubTopic: pick(['/waku/2/rs/1/31', '/waku/2/rs/1/32', '/waku/2/rs/31/33', '/other']),
    contentTopic: text('abAB/', integer(6)),
    payload: text('abAB/', integer(8)),
    payloadBytes: integer(7) * 1024 + integer(2),
    hash: pick(['0x9c', '0x12', '0xc9']) + '0'.repeat(62),
    receivedNs: nsOf(NOW_MS - integer(6) * 1000) + BigInt(integer(2)),
    timestampNs: pick([0n, nsOf(NOW_MS - integer(6) * 1000) + BigInt(integer(2))]),
    fromPeer: pick([null, text('abAB', integer(5))]),
    ephemeral: pick([true, false]),
  };
}

it('gives the same answers as a naive evaluator for 3,000 random filters', () => {
  const random = createRandom(42);
  let matched = 0;
  let compared = 0;
  for (let round = 0; round < 3000; round++) {
    const tree = randomTree(random, 4);
    const expression = write(tree, random);
    if (expression.length > 4096) continue;
    const filter = parseFilterOrThrow(expression, NOW_MS);
    if (!isNormal(filter.ast)) expect.fail(`${expression} has a tree that is not normal`);
    for (let i = 0; i < 20; i++) {
      const row = randomRow(random);
      const expected = evaluate(tree, row);
      if (filter.matches(makeRow(row)) !== expected)
        expect.fail(
          `${expression} should be ${String(expected)} for ${JSON.stringify({ ...row, receivedNs: String(row.receivedNs), timestampNs: String(row.timestampNs) })}`,
        );
      compared++;
      if (expected) matched++;
    }
  }
  expect(compared).toBeGreaterThan(50_000);
  expect(matched / compared).toBeGreaterThan(0.2);
  expect(matched / compared).toBeLessThan(0.8);
});

/** The form that ast.ts promises. */
function isNormal(node: FilterNode): boolean {
  if (node.kind === 'not') return node.operand.kind !== 'not' && isNormal(node.operand);
  if (node.kind !== 'and' && node.kind !== 'or') return true;
  return (
    node.operands.length > 1 &&
    node.operands.every((operand) => operand.kind !== node.kind && isNormal(operand))
  );
}
