import { describe, expect, it } from 'vitest';
import type { Topology } from '../scenario/schema.ts';
import { isWhole, neighboursOf, type Edge } from './edges.ts';
import { edgesOf } from './topology.ts';

function edges(count: number, topology: Topology, seed = 1): Edge[] {
  const names = Array.from({ length: count }, (_none, i) => `n${i + 1}`);
  return edgesOf({ topology, names, seed, readFile: () => '# two lines\nn1 n2\nn2-n3\n\nn1 n2\n' });
}

const degreesOf = (count: number, list: readonly Edge[]): number[] =>
  neighboursOf(count, list).map(({ length }) => length);

describe('topologies', () => {
  it.each([
    [{ kind: 'full' }, [3, 3, 3, 3]],
    [{ kind: 'ring' }, [2, 2, 2, 2]],
    [{ kind: 'chain' }, [1, 2, 2, 1]],
    [{ kind: 'star' }, [3, 1, 1, 1]],
  ] as const)('%j gives each of four nodes its neighbours', (topology, degrees) => {
    expect(degreesOf(4, edges(4, topology))).toEqual(degrees);
  });

  it('a ring of two is one link', () => {
    expect(edges(2, { kind: 'ring' })).toEqual([[0, 1]]);
  });

  it.each([
    [6, 5],
    [10, 3],
    [50, 6],
    [50, 2],
    [200, 8],
  ])(
    'a random network of %i nodes is regular of degree %i, whole, and the same for a seed',
    (count, degree) => {
      const list = edges(count, { kind: 'regular', degree });
      expect(degreesOf(count, list)).toEqual(Array(count).fill(degree));
      expect(isWhole(count, list)).toBe(true);
      expect(edges(count, { kind: 'regular', degree })).toEqual(list);
      if (degree < count - 1) expect(edges(count, { kind: 'regular', degree }, 2)).not.toEqual(list);
    },
  );

  it.each([0, 0.2, 1])('a small world keeps its number of links when a share of %d is rewired', (rewire) => {
    const list = edges(40, { kind: 'small-world', degree: 6, rewire });
    expect(list).toHaveLength(120);
    expect(new Set(list.map(String)).size).toBe(120);
    expect(isWhole(40, list)).toBe(true);
  });

  it('a small world that nothing of is rewired is a ring of near neighbours', () => {
    expect(degreesOf(10, edges(10, { kind: 'small-world', degree: 4, rewire: 0 }))).toEqual(
      Array(10).fill(4),
    );
  });

  it('a file has one link a line, remarks and repeats left out', () => {
    expect(edges(3, { kind: 'file', path: 'net.txt' })).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });
});
