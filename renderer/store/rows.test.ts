import { describe, expect, it, vi } from 'vitest';
import { fixtureRow, fixtureRows, FixtureClient } from './fixture-client.ts';
import { MatchList } from './match-list.ts';
import { messageKeys, waitingCount } from './message-list.ts';
import { RowPager } from './row-pager.ts';
import { RowStore } from './row-store.ts';

describe('rows', () => {
  it('are kept up to a number, the newest', () => {
    const rows = new RowStore(100);
    rows.add(fixtureRows(-20, 150));
    expect(rows.get(149)?.position).toBe(149);
    expect(rows.get(50)?.position).toBe(50);
    expect(rows.get(49)).toBeUndefined();
    expect(rows.get(-1)).toBeUndefined();
    expect(rows.get(150)).toBeUndefined();
  });

  it('of a page live beside those of the stream, and the missing are known as gone', () => {
    const rows = new RowStore(10);
    rows.add(fixtureRows(90, 100));
    rows.addPage([0, 1, -5], [fixtureRow(0), fixtureRow(-5)]);
    expect([rows.get(0), rows.get(-5)].map((row) => row?.position)).toEqual([0, -5]);
    expect(rows.isGone(1)).toBe(true);
    expect(rows.isGone(0)).toBe(false);
    rows.clear();
    expect(rows.get(99)).toBeUndefined();
    expect(rows.isGone(1)).toBe(false);
  });

  it('change with the state of an own message, and only then are other objects', () => {
    const rows = new RowStore(10);
    rows.add([fixtureRow(3), fixtureRow(4)]);
    const before = [rows.get(3), rows.get(4)];
    rows.setState(3, { state: 'echoed' });
    rows.setState(77, { state: 'echoed' });
    expect(rows.get(3)).toMatchObject({ state: { state: 'echoed' } });
    expect(rows.get(3)).not.toBe(before[0]);
    expect(rows.get(4)).toBe(before[1]);
  });
});

describe('matches', () => {
  it('are ascending, whichever end grows', () => {
    const matches = new MatchList();
    matches.addOlder([90, 80]);
    matches.addNewer([100, 105]);
    matches.addOlder([-3]);
    expect(Array.from({ length: matches.count }, (_, i) => matches.keyAt(i))).toEqual([-3, 80, 90, 100, 105]);
    expect([-10, -3, 0, 90, 91, 105, 106].map((key) => matches.indexOf(key))).toEqual([0, 0, 1, 2, 3, 4, 5]);
    expect(matches.countFrom(100)).toBe(2);
    expect(() => matches.keyAt(5)).toThrow(RangeError);
  });
});

describe('the list', () => {
  const matches = new MatchList();
  matches.addOlder([8, 5, 1]);
  matches.addNewer([12]);

  it('is every message, or those that match', () => {
    const all = messageKeys({ first: -2, next: 14, matches: null, frozenNext: null });
    expect([all.count, all.keyAt(0), all.indexOf(-2), all.indexOf(99)]).toEqual([16, -2, 0, 16]);
    const some = messageKeys({ first: -2, next: 14, matches, frozenNext: null });
    expect([some.count, some.keyAt(3), some.indexOf(6), some.indexOf(99)]).toEqual([4, 12, 2, 4]);
  });

  it('stops where it was paused, and counts what waits', () => {
    const paused = { first: 0, next: 14, matches: null, frozenNext: 10 };
    expect(messageKeys(paused).count).toBe(10);
    expect(waitingCount(paused)).toBe(4);
    expect(messageKeys({ ...paused, matches }).count).toBe(3);
    expect(waitingCount({ ...paused, matches })).toBe(1);
  });

  it('loses in front what retention removed', () => {
    const keys = messageKeys({ first: 5, next: 14, matches, frozenNext: null });
    expect([keys.count, keys.keyAt(0), keys.indexOf(1)]).toEqual([3, 5, 0]);
    expect(messageKeys({ first: 20, next: 20, matches: null, frozenNext: 10 }).count).toBe(0);
  });
});

describe('the pager', () => {
  it('asks for what is missing, one call at a time, the latest wish first', async () => {
    const client = new FixtureClient();
    const rows = new RowStore(10);
    rows.add([fixtureRow(2)]);
    const asked: (readonly number[])[] = [];
    client.answers['messages.page'] = async ({ positions }) => {
      asked.push(positions);
      await Promise.resolve();
      return { rows: positions.filter((position) => position < 50).map((position) => fixtureRow(position)) };
    };
    const pager = new RowPager(client, rows, () => undefined);
    pager.want([1, 2, 3]);
    pager.want([10, 11]);
    pager.want([40, 60]);
    await vi.waitFor(() => {
      expect(rows.isGone(60)).toBe(true);
    });
    expect(asked).toEqual([
      [1, 3],
      [40, 60],
    ]);
    expect(rows.get(3)?.position).toBe(3);
    pager.want([40, 60]);
    expect(asked).toHaveLength(2);
  });
});
