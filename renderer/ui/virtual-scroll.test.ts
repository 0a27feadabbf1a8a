import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_BOX_PX } from './scroll-map.ts';
import { VirtualScroll, type RowKeys } from './virtual-scroll.ts';

const ROW = 20;
const VIEW = 200;

/** Rows with the keys from `first` up to `next`. */
function rows(first: number, next: number): RowKeys {
  return {
    count: next - first,
    keyAt: (index) => first + index,
    indexOf: (key) => Math.min(next, Math.max(first, key)) - first,
  };
}

let scroll: VirtualScroll;
beforeEach(() => {
  scroll = new VirtualScroll({ rowPx: ROW, followsTail: true });
  scroll.resized(VIEW);
});
const topKey = (keys: RowKeys): number => {
  const { first, boxTopPx, rowsTopPx } = scroll.layout(keys);
  return keys.keyAt(first + Math.round((boxTopPx - rowsTopPx) / ROW));
};
/** As the page does after drawing. */
const place = (keys: RowKeys): void => {
  scroll.placed(scroll.layout(keys).boxTopPx, keys);
};

describe('a list that follows its tail', () => {
  it('shows the end while rows arrive', () => {
    expect(topKey(rows(0, 100))).toBe(90);
    expect(topKey(rows(0, 1_000))).toBe(990);
  });

  it('stops when the user scrolls up, and then does not move', () => {
    place(rows(0, 100));
    scroll.scrolled(1_000, rows(0, 100));
    expect(scroll.following).toBe(false);
    expect(topKey(rows(0, 100))).toBe(50);
    expect(topKey(rows(0, 5_000))).toBe(50);
  });

  it('goes on when the user is back at the end', () => {
    place(rows(0, 100));
    scroll.scrolled(1_000, rows(0, 100));
    scroll.scrolled(1_800, rows(0, 100));
    expect(scroll.following).toBe(true);
    scroll.scrolled(0, rows(0, 100));
    scroll.toEnd();
    expect(topKey(rows(0, 200))).toBe(190);
  });

  it('keeps its place when rows in front go or come', () => {
    place(rows(0, 100));
    scroll.scrolled(1_000, rows(0, 100));
    expect(topKey(rows(30, 130))).toBe(50);
    expect(topKey(rows(-500, 130))).toBe(50);
    expect(topKey(rows(70, 170))).toBe(70);
  });

  it('is not confused by the event of its own placing', () => {
    place(rows(0, 100));
    scroll.scrolled(1_800, rows(0, 150));
    expect(scroll.following).toBe(true);
  });

  it('leaves the end at the first turn of the wheel', () => {
    scroll.wheeledUp(rows(0, 100));
    expect(scroll.following).toBe(false);
    expect(topKey(rows(0, 200))).toBe(90);
  });

  it('follows again when a filter leaves less than the view', () => {
    place(rows(0, 100));
    scroll.scrolled(1_000, rows(0, 100));
    place(rows(0, 5));
    expect(scroll.following).toBe(true);
  });

  it('follows when it is shorter than the view', () => {
    scroll.wheeledUp(rows(0, 5));
    expect(scroll.following).toBe(true);
    expect(scroll.layout(rows(0, 5))).toMatchObject({ first: 0, end: 5, boxTopPx: 0 });
  });
});

it('reveals a row with the least movement', () => {
  const keys = rows(0, 100);
  place(keys);
  scroll.reveal(95, keys);
  expect(scroll.following).toBe(true);
  scroll.reveal(20, keys);
  expect(topKey(keys)).toBe(20);
  scroll.reveal(25, keys);
  expect(topKey(keys)).toBe(20);
  scroll.reveal(30, keys);
  expect(topKey(keys)).toBe(21);
});

describe('ten million rows', () => {
  const keys = rows(0, 10_000_000);

  it('draw only what is in view, in a box that a browser can make', () => {
    const { first, end, boxPx } = scroll.layout(keys);
    expect(end).toBe(10_000_000);
    expect(end - first).toBeLessThan(30);
    expect(boxPx).toBe(MAX_BOX_PX);
  });

  it('move pixel by pixel under the wheel and jump with the scroll bar', () => {
    place(keys);
    scroll.scrolled(MAX_BOX_PX / 2, keys);
    scroll.settled();
    place(keys);
    const before = topKey(keys);
    expect(before).toBeGreaterThan(4_000_000);
    scroll.scrolled(scroll.layout(keys).boxTopPx + ROW, keys);
    expect(topKey(keys)).toBe(before + 1);
    scroll.settled();
    expect(topKey(keys)).toBe(before + 1);
    place(keys);
    scroll.scrolled(0, keys);
    expect(topKey(keys)).toBe(0);
  });
});
