/** The links of a scenario's nodes, or why there can be none such. */
import { describeCause } from '../../core/engine/errors.ts';
import { Random } from '../random.ts';
import type { Topology } from '../scenario/schema.ts';
import {
  chainEdges,
  EdgeSet,
  fullEdges,
  isWhole,
  regularEdges,
  ringEdges,
  smallWorldEdges,
  starEdges,
  type Edge,
} from './edges.ts';

/** Of one scenario: a full network of a thousand nodes has half a million. */
const MAX_EDGES = 100_000;

/** A topology that cannot be; its message is for the line where it stands. */
export class ImpossibleTopology extends Error {
  readonly key: string;
  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}

export interface TopologyInput {
  topology: Topology;
  /** Of the nodes, in their order. */
  names: readonly string[];
  seed: number;
  /** The text of a topology's file. @throws where it cannot be read */
  readFile: (path: string) => string;
}

/** @throws ImpossibleTopology */
export function edgesOf({ topology, names, seed, readFile }: TopologyInput): Edge[] {
  const count = names.length;
  const random = Random.seeded(seed, 'topology');
  const edges = ((): Edge[] => {
    switch (topology.kind) {
      case 'full':
        return fullEdges(count);
      case 'chain':
        return chainEdges(count);
      case 'ring':
        return ringEdges(count);
      case 'star':
        return starEdges(count);
      case 'regular': {
        const { degree } = topology;
        checkDegree(count, degree);
        if ((count * degree) % 2 !== 0)
          throw new ImpossibleTopology(
            'degree',
            `${count} nodes cannot have ${degree} neighbours each: ${count} × ${degree} is odd, and every link has two ends`,
          );
        return found(regularEdges(count, degree, random));
      }
      case 'small-world': {
        const { degree, rewire } = topology;
        checkDegree(count, degree);
        if (degree % 2 !== 0)
          throw new ImpossibleTopology(
            'degree',
            `must be even: half of the ${degree} on either side of the ring`,
          );
        return found(smallWorldEdges(count, degree, rewire, random));
      }
      case 'edges':
        return listedEdges(topology.edges, names, 'edges');
      case 'file':
        return listedEdges(linesOf(fileText(topology.path, readFile)), names, 'path');
    }
  })();
  if (edges.length > MAX_EDGES)
    throw new ImpossibleTopology('kind', `has ${edges.length} links, and ${MAX_EDGES} is the most`);
  if (!isWhole(count, edges))
    throw new ImpossibleTopology('kind', 'leaves nodes that no message can reach from the first one');
  return edges;
}

function checkDegree(count: number, degree: number): void {
  if (degree >= count)
    throw new ImpossibleTopology(
      'degree',
      `${count} nodes cannot have ${degree} neighbours each: there are only ${count - 1} others`,
    );
}

function found(edges: Edge[] | null): Edge[] {
  if (edges !== null) return edges;
  throw new ImpossibleTopology(
    'degree',
    'no whole network of that degree was found: take a larger degree, or another seed',
  );
}

function fileText(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (error) {
    throw new ImpossibleTopology('path', `cannot be read: ${describeCause(error)}`);
  }
}

/** Lines that say something: `#` begins a remark. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

function listedEdges(lines: readonly string[], names: readonly string[], key: string): Edge[] {
  const numbers = new Map(names.map((name, i) => [name, i]));
  const edges = new EdgeSet();
  for (const line of lines) {
    const parts = line.split(/[\s,-]+/);
    const [a, b] = parts.map((name) => numbers.get(name));
    if (parts.length !== 2 || a === undefined || b === undefined)
      throw new ImpossibleTopology(
        key,
        `${JSON.stringify(line.slice(0, 80))} is no link of two nodes from ${names[0] ?? ''} to ${names.at(-1) ?? ''}, such as n1-n2`,
      );
    if (a === b)
      throw new ImpossibleTopology(key, `${JSON.stringify(line.slice(0, 80))} links a node with itself`);
    edges.add(a, b);
  }
  return edges.list;
}
