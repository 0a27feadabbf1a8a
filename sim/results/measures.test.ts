import { describe, expect, it } from 'vitest';
import { planOf, scenarioText } from '../scenario/fixture-scenario.ts';
import { judge } from './criteria.ts';
import { Deliveries } from './deliveries.ts';
import { deliveryRatio, latency, propagation, recovery } from './measures.ts';
import { rateOf } from './summarize.ts';
import type { Sample } from '../run/sampler.ts';

/** Four nodes, the first sends three messages, one a second; latencies by message and node, null where none came. */
function deliveriesOf(latencies: (number | null)[][], expected = [1, 2, 3]): Deliveries {
  const deliveries = new Deliveries(planOf(scenarioText()));
  latencies.forEach((row, sequence) => {
    deliveries.sending({
      sender: 0,
      sequence,
      node: 0,
      shard: 32,
      payloadBytes: 100,
      sentMs: sequence * 1_000,
      expected: new Set(expected),
      accepted: null,
    });
    deliveries.answered(0, { sequence, failure: null });
    row.forEach((latencyMs, i) => {
      if (latencyMs !== null) deliveries.received(0, sequence, i + 1, latencyMs);
    });
  });
  return deliveries;
}

const COUNTED = { firstMessage: 'counted' } as const;
const NOTHING = { bandwidth: null, recoveryMs: null, meshMs: null, failures: 0 };

describe('deliveries', () => {
  it('are expected of nodes that were there, and counted once', () => {
    const deliveries = deliveriesOf([[1, 2, 3]], [1, 2]);
    expect(deliveries).toMatchObject({ expected: 2, arrived: 2, unexpected: 1, isComplete: true });
    expect(deliveries.received(0, 0, 1, 9)).toBeNull();
    expect(deliveries.latencyMs(0, 1)).toBe(1);
  });

  it('of a message that its own node refused count nowhere, also when it got out', () => {
    const deliveries = deliveriesOf([[1, 2, 3]]);
    deliveries.answered(0, { sequence: 0, failure: 'NO_PEERS' });
    expect(deliveries).toMatchObject({ expected: 0, arrived: 0 });
    expect(deliveryRatio(deliveries)).toEqual({ expected: 0, arrived: 0, ratio: null });
  });

  it('that no sender has made are none', () => {
    const deliveries = deliveriesOf([[1, 2, 3]]);
    expect(deliveries.received(0, 1, 1, 5)).toBeNull();
    expect(deliveries.received(0, 99, 1, 5)).toBeNull();
    expect(deliveries.received(7, 0, 1, 5)).toBeNull();
    expect(deliveries.received(0, 0, 0, 5)).toBeNull();
  });
});

describe('figures', () => {
  const deliveries = deliveriesOf([
    [100, 200, 300],
    [1, 2, null],
    [4, 5, 6],
  ]);

  it('the ratio is of what was expected, within a window of sending times, and of one node', () => {
    expect(deliveryRatio(deliveries)).toEqual({ expected: 9, arrived: 8, ratio: 8 / 9 });
    expect(deliveryRatio(deliveries, { ...COUNTED, fromMs: 1_000, toMs: 2_000 }).ratio).toBe(2 / 3);
    expect(deliveryRatio(deliveries, COUNTED, 3)).toMatchObject({ expected: 3, arrived: 2 });
  });

  it('latency counts the first message of each sender, or leaves it out', () => {
    expect(latency(deliveries)).toMatchObject({ count: 8, min: 1, max: 300 });
    expect(latency(deliveries, { firstMessage: 'excluded' })).toMatchObject({ count: 5, max: 6 });
  });

  it('propagation is the time of the last receiver, and messages that missed one are counted apart', () => {
    expect(propagation(deliveries)).toMatchObject({
      incomplete: 1,
      distribution: { count: 2, min: 6, max: 300 },
    });
  });

  it('recovery is when everybody gets everything again and for good', () => {
    expect(recovery(deliveries, 500)).toBe(2_000 + 6 - 500);
    expect(
      recovery(
        deliveriesOf([
          [1, 1, 1],
          [1, 1, null],
        ]),
        500,
      ),
    ).toBeNull();
    expect(recovery(deliveries, 60_000)).toBeNull();
  });

  it('what cannot be measured does not pass', () => {
    for (const criterion of [
      { measure: 'delivery', atLeast: 0 },
      { measure: 'latency', percentile: 'p50', atMost: 1e9, firstMessage: 'counted' },
      { measure: 'bandwidth', direction: 'in', atMost: 1e9 },
      { measure: 'time-to-mesh', atMost: 1e9 },
      { measure: 'recovery', atMost: 1e9 },
    ] as const)
      expect(judge(criterion, null, NOTHING)).toMatchObject({ passed: false, value: null });
  });

  it('a share that is almost all does not read as all', () => {
    const missing = judge({ measure: 'delivery', atLeast: 0.5 }, deliveriesOf([[1, 1, null]]), NOTHING);
    expect(missing).toMatchObject({
      passed: true,
      text: 'at least 50 % of deliveries arrive',
      detail: '2 of 3',
    });
  });

  it('a counter that begins anew with a new process is not taken back', () => {
    const sample = (atMs: number, inBytes: number | null): Sample => ({
      atMs,
      inBytes,
      node: 0,
      state: 'up',
      cpuPercent: null,
      rssBytes: null,
      outBytes: null,
      peers: 0,
      mesh: 0,
    });
    const of = ({ inBytes }: Sample): number | null => inBytes;
    expect(rateOf([sample(0, 100), sample(1_000, 600), sample(2_000, null), sample(4_000, 300)], of)).toBe(
      200,
    );
    expect(rateOf([sample(0, 100)], of)).toBeNull();
  });
});
