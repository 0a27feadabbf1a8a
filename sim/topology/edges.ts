/** Who is linked with whom: pairs of node numbers from 0, the smaller one first, without repeats. */
import type { Random } from '../random.ts';

export type Edge = readonly [number, number];

/** Draws of a random network until one is whole, at the most. */
const MAX_DRAWS = 200;

export function fullEdges(count: number): Edge[] {
  const edges: Edge[] = [];
  for (let a = 0; a < count; a++) for (let b = a + 1; b < count; b++) edges.push([a, b]);
  return edges;
}

export function chainEdges(count: number): Edge[] {
  return Array.from({ length: Math.max(0, count - 1) }, (_none, i) => [i, i + 1]);
}

export function ringEdges(count: number): Edge[] {
  return count < 3 ? chainEdges(count) : [...chainEdges(count), [0, count - 1]];
}

export function starEdges(count: number): Edge[] {
  return Array.from({ length: Math.max(0, count - 1) }, (_none, i) => [0, i + 1]);
}

/**
 * Every node has `degree` neighbours, drawn at random, and the network is whole: stubs are paired as in Steger and
 * Wormald's way, and drawn anew where they get stuck.
 * @returns null when no such network was found
 */
export function regularEdges(count: number, degree: number, random: Random): Edge[] | null {
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const edges = drawRegular(count, degree, random);
    if (edges !== null && isWhole(count, edges)) return edges;
  }
  return null;
}

function drawRegular(count: number, degree: number, random: Random): Edge[] | null {
  const stubs = Array.from({ length: count * degree }, (_none, i) => Math.floor(i / degree));
  const edges = new EdgeSet();
  while (stubs.length > 0) {
    // Two that do not fit are put back; near the end none may fit any more.
    let misses = 0;
    for (;;) {
      const i = random.below(stubs.length);
      const j = random.below(stubs.length);
      const [a, b] = [stubs[i], stubs[j]];
      if (a !== undefined && b !== undefined && edges.add(a, b)) {
        for (const place of [Math.max(i, j), Math.min(i, j)]) {
          stubs[place] = stubs[stubs.length - 1] ?? 0;
          stubs.pop();
        }
        break;
      }
      if (++misses > 100 + stubs.length * 10) return null;
    }
  }
  return edges.list;
}

/** Watts and Strogatz. @param degree even @param rewire the chance of each link to lead elsewhere */
export function smallWorldEdges(
  count: number,
  degree: number,
  rewire: number,
  random: Random,
): Edge[] | null {
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const edges = drawSmallWorld(count, degree, rewire, random);
    if (isWhole(count, edges)) return edges;
  }
  return null;
}

function drawSmallWorld(count: number, degree: number, rewire: number, random: Random): Edge[] {
  const edges = new EdgeSet();
  for (let step = 1; step <= degree / 2; step++)
    for (let a = 0; a < count; a++) {
      const b = random.fraction() < rewire ? random.below(count) : (a + step) % count;
      // Where it is taken, any other that is free will do.
      for (let tries = 0, end = b; !edges.add(a, end) && tries < count; tries++) end = (end + 1) % count;
    }
  return edges.list;
}

/** Every node is reached from the first one. */
export function isWhole(count: number, edges: readonly Edge[]): boolean {
  const neighbours = neighboursOf(count, edges);
  const reached = new Set([0]);
  const waiting = [0];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
    for (const next of neighbours[node] ?? [])
      if (!reached.has(next)) {
        reached.add(next);
        waiting.push(next);
      }
  return reached.size === count;
}

export function neighboursOf(count: number, edges: readonly Edge[]): number[][] {
  const neighbours = Array.from({ length: count }, (): number[] => []);
  for (const [a, b] of edges) {
    neighbours[a]?.push(b);
    neighbours[b]?.push(a);
  }
  return neighbours;
}

/** Pairs without repeats and without loops. */
export class EdgeSet {
  readonly list: Edge[] = [];
  readonly #known = new Set<string>();

  /** @returns false for a loop, and for what is there already */
  add(a: number, b: number): boolean {
    const edge: Edge = a < b ? [a, b] : [b, a];
    const key = `${edge[0]} ${edge[1]}`;
    if (a === b || this.#known.has(key)) return false;
    this.#known.add(key);
    this.list.push(edge);
    return true;
  }
}
