import { describe, expect, it } from 'vitest';
import { Places } from './places.ts';

/** A session over a capture of 10 messages; the disk refused positions 2, 3 and 6. */
function places(): Places {
  const made = new Places(11);
  [11, 12, null, null, 13, 14, null, 15].forEach((seq, position) => {
    made.add(position, seq);
  });
  return made;
}

describe('positions and numbers', () => {
  it('belong together before, within and behind what the disk refused', () => {
    const pairs = [
      [-10, 1],
      [-1, 10],
      [0, 11],
      [1, 12],
      [4, 13],
      [5, 14],
      [7, 15],
    ] as const;
    for (const [position, seq] of pairs) {
      expect(places().seqOf(position)).toBe(seq);
      expect(places().positionOf(seq)).toBe(position);
    }
  });

  it('are missing for what was refused, and for what is not there', () => {
    for (const position of [2, 3, 6, 8, -11]) expect(places().seqOf(position)).toBeNull();
    expect(places().positionOf(16)).toBeNull();
    expect(new Places(1).seqOf(0)).toBeNull();
    expect(new Places(1).positionOf(1)).toBeNull();
  });

  it('have a first number from any position on', () => {
    expect([-20, -10, 0, 2, 3, 6, 7, 8].map((position) => places().seqFrom(position))).toEqual([
      1,
      1,
      11,
      13,
      13,
      15,
      15,
      Infinity,
    ]);
  });

  it('stay bounded when the disk refuses every other message', () => {
    const made = new Places(1);
    for (let i = 0; i < 100_000; i++) made.add(i, i % 2 === 0 ? i / 2 + 1 : null);
    expect(made.seqOf(99_998)).toBe(50_000);
    expect(made.positionOf(50_000)).toBe(99_998);
    expect(made.seqOf(0)).toBeNull();
  });
});
