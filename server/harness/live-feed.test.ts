import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fixtureCounters, fixtureSnapshot } from '../../core/operations/fixture-values.ts';
import type { Batch } from '../../core/operations/live-values.ts';
import { LiveFeed } from './live-feed.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A window of a node whose process takes something else each time it is looked at. */
function open(): { feed: LiveFeed; batchesIn: (ms: number) => Batch[]; receive: () => void } {
  const { node } = fixtureSnapshot();
  let looks = 0;
  let counters = fixtureCounters(0, 0);
  const feed = new LiveFeed(
    {
      node: () => node,
      peers: () => [],
      counters: () => ({
        ...counters,
        resources: { cpuPercent: ++looks / 10, rssBytes: 50_000_000 + looks },
      }),
    },
    [],
  );
  const batches: Batch[] = [];
  const stream = feed.attach((batch) => {
    batches.push(batch);
    stream.acknowledge(batch.number);
  });
  stream.open();
  return {
    feed,
    batchesIn(ms) {
      batches.length = 0;
      vi.advanceTimersByTime(ms);
      return [...batches];
    },
    receive() {
      const { statistics } = counters;
      counters = { ...counters, statistics: { ...statistics, received: statistics.received + 1 } };
    },
  };
}

it('a node at rest sends a window two batches in 10 s, with what its process takes', () => {
  const { batchesIn } = open();
  batchesIn(10_000);
  const batches = batchesIn(10_000);
  expect(batches).toHaveLength(2);
  expect(batches[1]?.counters?.resources?.rssBytes).toBeGreaterThan(50_000_000);
});

it('counters that change are told four times a second', () => {
  const { feed, batchesIn, receive } = open();
  batchesIn(30_000);
  feed.touch();
  for (let turn = 1; turn <= 8; turn++) {
    receive();
    expect(batchesIn(250).at(-1)?.counters?.statistics.received).toBe(turn);
  }
});
