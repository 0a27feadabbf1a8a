import { expect, it } from 'vitest';
import { boxHeight, MAX_BOX_PX, toBox, toList } from './scroll-map.ts';

const VIEW = 800;

it('a list that fits into a box is its box', () => {
  expect(boxHeight(26_000)).toBe(26_000);
  expect(toBox(1_234, 26_000, VIEW)).toBe(1_234);
  expect(toList(1_234, 26_000, VIEW)).toBe(1_234);
});

it.each([20_000_000, 130_000_000, 2_600_000_000])('a list of %i px has exact ends and a way back', (list) => {
  const end = list - VIEW;
  expect(boxHeight(list)).toBe(MAX_BOX_PX);
  expect(toBox(0, list, VIEW)).toBe(0);
  expect(toBox(26, list, VIEW)).toBe(26);
  expect(toBox(end, list, VIEW)).toBe(MAX_BOX_PX - VIEW);
  expect(toBox(end - 26, list, VIEW)).toBe(MAX_BOX_PX - VIEW - 26);
  let before = -1;
  for (let i = 0; i <= 1_000; i++) {
    const top = (i / 1_000) * end;
    const box = toBox(top, list, VIEW);
    expect(box).toBeGreaterThan(before);
    expect(toList(box, list, VIEW)).toBeCloseTo(top, 0);
    before = box;
  }
});
