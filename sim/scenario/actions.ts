/** What faults do, one after the other: each fault becomes actions at moments, with every draw made. */
import { Random } from '../random.ts';
import type { Edge } from '../topology/edges.ts';
import type { Problem } from './problems.ts';
import { formatDuration } from './quantities.ts';
import type { Fault } from './schema.ts';
import { selectLinks, selectNodes, UnknownName } from './selectors.ts';

/** Nodes and links are numbers from 0. */
export type Deed =
  | { kind: 'kill' | 'stop' | 'start' | 'pause' | 'continue' | 'restart'; nodes: number[] }
  | { kind: 'cut'; links: number[] }
  | { kind: 'slow'; links: number[]; latencyMs: number; jitterMs: number }
  | { kind: 'narrow'; links: number[]; bytesPerSecond: number }
  | { kind: 'heal'; links: number[] }
  | {
      kind: 'flood';
      nodes: number[];
      perSecond: number;
      sizes: Extract<Fault, { kind: 'flood' }>['size'];
      forMs: number;
    };

export interface Action {
  /** After the beginning of the traffic. */
  atMs: number;
  /** Number of the fault that it is of, the same for doing and undoing; each repetition has its own. */
  faultId: number;
  /** The kind of the fault. */
  fault: Fault['kind'];
  deed: Deed;
}

export interface FaultInput {
  faults: readonly Fault[];
  edges: readonly Edge[];
  nodeCount: number;
  seed: number;
  /** When traffic and faults end; undefined: with the last of them. */
  endMs: number | undefined;
}

/** In the order of their times. `problems` stand at paths within the scenario. */
export function actionsOf(input: FaultInput): { actions: Action[]; problems: Problem[] } {
  const random = Random.seeded(input.seed, 'faults');
  const actions: Action[] = [];
  const problems: Problem[] = [];
  let faultId = 0;
  input.faults.forEach((fault, place) => {
    const path = ['faults', place];
    try {
      checkRepeats(fault);
      const { every = 0, times = 1 } = { every: undefined, times: undefined, ...fault };
      const all = Array.from({ length: times }, (_none, i) =>
        once(fault, { atMs: fault.at + i * every, faultId: faultId++, random, ...input }),
      ).flat();
      checkEnd(all, input.endMs);
      actions.push(...all);
    } catch (error) {
      if (!(error instanceof UnknownName)) throw error;
      problems.push({ path, message: error.message });
    }
  });
  actions.sort((a, b) => a.atMs - b.atMs);
  return { actions, problems };
}

function checkRepeats(fault: Fault): void {
  const { every, times, for: lasting } = { every: undefined, times: undefined, for: undefined, ...fault };
  if ((every === undefined) !== (times === undefined))
    throw new UnknownName('"every" and "times" belong together: every 5s, times 6');
  if (every !== undefined && lasting !== undefined && lasting >= every)
    throw new UnknownName('comes again before it has ended: "for" has to be shorter than "every"');
}

function checkEnd(actions: readonly Action[], endMs = Infinity): void {
  const lastMs = Math.max(...actions.map(endOf));
  if (lastMs <= endMs) return;
  const [last, end] = [formatDuration(lastMs), formatDuration(endMs)];
  throw new UnknownName(
    `goes on until ${last}, and the traffic ends at ${end}: make it shorter, or phases.traffic longer`,
  );
}

/** After the beginning of the traffic. */
export function endOf({ atMs, deed }: Action): number {
  return atMs + (deed.kind === 'flood' ? deed.forMs : 0);
}

interface Occasion extends Omit<FaultInput, 'faults' | 'seed' | 'endMs'> {
  atMs: number;
  faultId: number;
  random: Random;
}

function once(fault: Fault, { atMs, faultId, random, edges, nodeCount }: Occasion): Action[] {
  const action = (deed: Deed, laterMs = 0): Action => ({
    atMs: atMs + laterMs,
    faultId,
    fault: fault.kind,
    deed,
  });
  const doneAndUndone = (deed: Deed, undo: Deed): Action[] => {
    const { for: lasting } = { for: undefined, ...fault };
    return lasting === undefined ? [action(deed)] : [action(deed), action(undo, lasting)];
  };
  const nodesOf = (parts: readonly string[]): number[] => selectNodes(parts, nodeCount, random);
  const linksOf = (parts: readonly string[]): number[] => selectLinks(parts, edges, nodeCount, random);
  switch (fault.kind) {
    case 'kill':
    case 'stop': {
      const nodes = nodesOf(fault.nodes);
      return doneAndUndone({ kind: fault.kind, nodes }, { kind: 'start', nodes });
    }
    case 'pause': {
      const nodes = nodesOf(fault.nodes);
      return doneAndUndone({ kind: 'pause', nodes }, { kind: 'continue', nodes });
    }
    case 'restart':
      return [action({ kind: 'restart', nodes: nodesOf(fault.nodes) })];
    case 'join':
      return [action({ kind: 'start', nodes: nodesOf(fault.nodes) })];
    case 'leave':
      return [action({ kind: 'stop', nodes: nodesOf(fault.nodes) })];
    case 'partition': {
      const groups = fault.groups.map((parts) => new Set(nodesOf(parts)));
      const links = edges.flatMap((edge, i) => (isBetween(edge, groups) ? [i] : []));
      if (links.length === 0) throw new UnknownName('no link leads from one group to another');
      return doneAndUndone({ kind: 'cut', links }, { kind: 'heal', links });
    }
    case 'cut':
    case 'lose': {
      const links = linksOf(fault.links);
      return doneAndUndone({ kind: 'cut', links }, { kind: 'heal', links });
    }
    case 'slow': {
      const links = linksOf(fault.links);
      const deed: Deed = { kind: 'slow', links, latencyMs: fault.latency, jitterMs: fault.jitter };
      return doneAndUndone(deed, { kind: 'heal', links });
    }
    case 'narrow': {
      const links = linksOf(fault.links);
      return doneAndUndone({ kind: 'narrow', links, bytesPerSecond: fault.rate }, { kind: 'heal', links });
    }
    case 'flood': {
      const { rate: perSecond, size: sizes, for: forMs } = fault;
      return [action({ kind: 'flood', nodes: nodesOf(fault.from), perSecond, sizes, forMs })];
    }
  }
}

function isBetween([a, b]: Edge, groups: readonly ReadonlySet<number>[]): boolean {
  const groupOf = (node: number): number => groups.findIndex((group) => group.has(node));
  const [first, second] = [groupOf(a), groupOf(b)];
  return first !== -1 && second !== -1 && first !== second;
}
