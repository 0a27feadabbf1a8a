/** From the tree to one function: no allocation per row, cheap questions before costly ones. */
import type { Comparison, FilterNode, FilterTerm, Instant, SizeComparison } from './ast.ts';
import type { FilterRow } from './row.ts';
import { compileTextMatch } from './text-match.ts';

type Matcher = (row: FilterRow) => boolean;

interface Step {
  readonly matches: Matcher;
  /** Rough time for one row, in comparisons of a number. */
  readonly cost: number;
}

/** The payload of the row at hand: decoded once however many terms ask for it, and not kept beyond the row. */
interface PayloadSlot {
  text: string | null;
  /** Whether any term asks for it. */
  needed: boolean;
}

export interface CompiledFilter {
  readonly matches: Matcher;
  readonly needsPayload: boolean;
}

/** More than all the other terms that fit into an expression. */
const PAYLOAD_COST = 1_000_000;

export function compileFilter(node: FilterNode): CompiledFilter {
  const slot: PayloadSlot = { text: null, needed: false };
  const { matches } = compileNode(node, slot);
  if (!slot.needed) return { matches, needsPayload: false };
  return {
    needsPayload: true,
    matches: (row) => {
      try {
        return matches(row);
      } finally {
        slot.text = null;
      }
    },
  };
}

function compileNode(node: FilterNode, slot: PayloadSlot): Step {
  switch (node.kind) {
    case 'all':
      return { matches: () => true, cost: 0 };
    case 'not': {
      const { matches, cost } = compileNode(node.operand, slot);
      return { matches: (row) => !matches(row), cost };
    }
    case 'and':
    case 'or':
      return compileOperands(node.kind === 'or', node.operands, slot);
    default:
      return compileTerm(node, slot);
  }
}

/** @param decisive the answer of one operand that settles the whole: true for `or`, false for `and` */
function compileOperands(decisive: boolean, nodes: readonly FilterNode[], slot: PayloadSlot): Step {
  const steps = nodes.map((node) => compileNode(node, slot)).sort((a, b) => a.cost - b.cost);
  const matchers = steps.map((step) => step.matches);
  return {
    matches: (row) => {
      for (const matches of matchers) if (matches(row) === decisive) return decisive;
      return !decisive;
    },
    cost: steps.reduce((sum, step) => sum + step.cost, 0),
  };
}

function compileTerm(term: FilterTerm, slot: PayloadSlot): Step {
  switch (term.kind) {
    case 'dir': {
      const { dir } = term;
      return { matches: (row) => row.dir === dir, cost: 1 };
    }
    case 'ephemeral': {
      const { ephemeral } = term;
      return { matches: (row) => row.ephemeral === ephemeral, cost: 1 };
    }
    case 'size':
      return { matches: compileSize(term.comparison), cost: 1 };
    case 'time':
      return { matches: compileTime(term.field, term.comparison), cost: 2 };
    case 'hash': {
      const { digits, whole } = term;
      return {
        matches: whole ? (row) => row.hash === digits : (row) => row.hash.startsWith(digits),
        cost: 3,
      };
    }
    case 'shard':
      return { matches: compileShard(term.shard), cost: 4 };
    case 'text':
      return compileText(term, slot);
  }
}

function compileText(term: Extract<FilterTerm, { kind: 'text' }>, slot: PayloadSlot): Step {
  const matchText = compileTextMatch(term.match);
  const matchPayload: Matcher = (row) => matchText((slot.text ??= row.payloadText()));
  const cost = term.match.how === 'is' ? 3 : 10;
  if (term.field === 'text' || term.field === 'any') slot.needed = true;
  switch (term.field) {
    case 'topic':
      return { matches: (row) => matchText(row.pubsubTopic), cost };
    case 'content':
      return { matches: (row) => matchText(row.contentTopic), cost };
    case 'from':
      return { matches: (row) => row.fromPeer !== null && matchText(row.fromPeer), cost };
    case 'text':
      return { matches: matchPayload, cost: PAYLOAD_COST };
    case 'any':
      return {
        matches: (row) => matchText(row.contentTopic) || matchPayload(row),
        cost: cost + PAYLOAD_COST,
      };
  }
}

function compileSize(comparison: SizeComparison): Matcher {
  if (comparison.op === '..') {
    const { from, to } = comparison;
    return ({ payloadBytes }) => payloadBytes >= from && payloadBytes <= to;
  }
  const { value } = comparison;
  switch (comparison.op) {
    case '=':
      return (row) => row.payloadBytes === value;
    case '>':
      return (row) => row.payloadBytes > value;
    case '>=':
      return (row) => row.payloadBytes >= value;
    case '<':
      return (row) => row.payloadBytes < value;
    case '<=':
      return (row) => row.payloadBytes <= value;
  }
}

/** Every comparison is a stretch of ns: from its first included to its first excluded one. */
function compileTime(field: 'time' | 'sent', comparison: Comparison<Instant>): Matcher {
  const { fromNs, endNs } = toStretch(comparison);
  const isWithin = (ns: bigint): boolean =>
    (fromNs === null || ns >= fromNs) && (endNs === null || ns < endNs);
  if (field === 'time') return (row) => isWithin(row.receivedNs);
  return (row) => row.timestampNs !== 0n && isWithin(row.timestampNs);
}

function toStretch(comparison: Comparison<Instant>): { fromNs: bigint | null; endNs: bigint | null } {
  if (comparison.op === '..') return { fromNs: comparison.from.startNs, endNs: endOf(comparison.to) };
  const { op, value } = comparison;
  switch (op) {
    case '>':
      return { fromNs: endOf(value), endNs: null };
    case '>=':
      return { fromNs: value.startNs, endNs: null };
    case '<':
      return { fromNs: null, endNs: value.startNs };
    case '<=':
      return { fromNs: null, endNs: endOf(value) };
  }
}

function endOf({ startNs, stepNs }: Instant): bigint {
  return startNs + stepNs;
}

const STATIC_SHARDING = '/waku/2/rs/';

/** parsePubsubTopic without taking the topic apart for every row; the cluster may be any number. */
function compileShard(shard: number): Matcher {
  const ending = `/${String(shard)}`;
  return ({ pubsubTopic }) =>
    pubsubTopic.endsWith(ending) &&
    pubsubTopic.startsWith(STATIC_SHARDING) &&
    isCluster(pubsubTopic, STATIC_SHARDING.length, pubsubTopic.length - ending.length);
}

function isCluster(text: string, from: number, to: number): boolean {
  if (to <= from) return false;
  for (let offset = from; offset < to; offset++) {
    const unit = text.charCodeAt(offset);
    if (unit < 48 || unit > 57) return false;
  }
  return true;
}
