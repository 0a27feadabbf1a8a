import { describe, expect, it } from 'vitest';
import { parseTrafficPlan, plannedMs, schedule, type PlannedMessage, type TrafficPlanInput } from './plan.ts';
import { readRate } from './rate.ts';
import { readSizes } from './sizes.ts';

const messagesOf = (input: TrafficPlanInput): PlannedMessage[] => [...schedule(parseTrafficPlan(input))];

describe('a traffic plan', () => {
  it('gives the same messages for the same seed, and others for another', () => {
    const plan = { messages: 50, size: '100..2kb', rate: '5/s', poisson: true, shards: [1, 2, 3] };
    expect(messagesOf(plan)).toEqual(messagesOf(plan));
    expect(messagesOf({ ...plan, seed: 2 })).not.toEqual(messagesOf(plan));
  });

  it('draws sizes and times independently: another size moves no message', () => {
    const timesOf = (size: string): unknown[] =>
      messagesOf({ messages: 20, size, rate: 10, poisson: true }).map(({ dueMs }) => dueMs);
    expect(timesOf('1kb')).toEqual(timesOf('32..10kb'));
  });

  it('sends at a fixed rate from the start on', () => {
    expect(messagesOf({ messages: 4, rate: '2/s' }).map(({ dueMs }) => dueMs)).toEqual([0, 500, 1000, 1500]);
    expect(plannedMs(parseTrafficPlan({ messages: 4, rate: '2/s' }))).toBe(1_500);
  });

  it('sends at the mean rate when the gaps are exponential', () => {
    const messages = messagesOf({ messages: 20_000, rate: '100/s', poisson: true });
    const last = messages.at(-1)?.dueMs ?? 0;
    // Four standard deviations of the sum.
    expect(Math.abs(last - 200_000)).toBeLessThan((4 * 200_000) / Math.sqrt(20_000));
    expect(messages.every(({ dueMs }, i) => (dueMs ?? 0) > (messages[i - 1]?.dueMs ?? -1))).toBe(true);
  });

  it('has no times at full speed', () => {
    expect(messagesOf({ messages: 2, rate: 'max' }).map(({ dueMs }) => dueMs)).toEqual([null, null]);
  });

  it('draws sizes from a range with both ends, and by weight from a list', () => {
    const sizes = new Set(
      messagesOf({ messages: 500, size: '32..35' }).map(({ payloadBytes }) => payloadBytes),
    );
    expect([...sizes].sort()).toEqual([32, 33, 34, 35]);
    const weighted = messagesOf({ messages: 10_000, size: '100:9,1kb:1' });
    const small = weighted.filter(({ payloadBytes }) => payloadBytes === 100).length;
    // Five standard deviations.
    expect(Math.abs(small - 9_000)).toBeLessThan(150);
    expect(new Set(weighted.map(({ payloadBytes }) => payloadBytes))).toEqual(new Set([100, 1024]));
  });

  it('spreads over shards and content topics', () => {
    const messages = messagesOf({ messages: 200, shards: [3, 4], contentTopics: ['/a', '/b'] });
    const pairs = new Set(messages.map(({ shard, contentTopic }) => `${shard}${contentTopic}`));
    expect([...pairs].sort()).toEqual(['3/a', '3/b', '4/a', '4/b']);
  });

  it.each([
    ['no messages', { messages: 0 }, /messages/],
    ['more messages than numbers', { messages: 16_777_217 }, /messages/],
    ['a payload that cannot hold the header', { messages: 1, size: '31' }, /size.*from 32 bytes/],
    ['a size that is none', { messages: 1, size: 'large' }, /size: must be a size such as/],
    ['a rate that is none', { messages: 1, rate: 'fast' }, /rate: must be a rate such as/],
    ['Poisson at full speed', { messages: 1, rate: 'max', poisson: true }, /poisson needs a rate/],
    ['no shard', { messages: 1, shards: [] }, /shards/],
    ['a key that is none', { messages: 1, speed: 3 }, /speed/],
  ])('refuses %s', (_what, input, words) => {
    expect(() => parseTrafficPlan(input)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(words) as string }),
    );
  });
});

it.each([
  ['1kb', [{ minBytes: 1024, maxBytes: 1024, weight: 1 }]],
  ['1.5kb..2kb', [{ minBytes: 1536, maxBytes: 2048, weight: 1 }]],
  [
    '100:3, 1kb..2kb:1',
    [
      { minBytes: 100, maxBytes: 100, weight: 3 },
      { minBytes: 1024, maxBytes: 2048, weight: 1 },
    ],
  ],
  ['2kb..1kb', null],
  ['1kb..', null],
  ['1kb..2kb..3kb', null],
  ['1kb:0', null],
  ['1kb:1:1', null],
  ['0.3b', null],
  ['', null],
  ['-1', null],
])('reads the sizes %j', (text, sizes) => {
  expect(readSizes(text)).toEqual(sizes);
});

it.each([
  ['10/s', 10],
  ['10', 10],
  ['0.5/s', 0.5],
  ['30/min', 0.5],
  ['36/h', 0.01],
  ['100000/s', 100_000],
  ['100001/s', null],
  ['0/s', null],
  ['10/ms', null],
  ['-1', null],
  ['1e3', null],
])('reads the rate %j', (text, perSecond) => {
  expect(readRate(text)).toBe(perSecond);
});
