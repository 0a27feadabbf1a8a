import { expect, it } from 'vitest';
import { summarySchema, type Summary } from '../results/summary.ts';
import { compare, differences, type Compared } from './compare.ts';

/** A fixture: the summary of a run with these latencies, and nothing else measured. */
function summary(p50: number, ratio = 1): Summary {
  const distribution = { count: 1, exact: true, min: p50, p50, p95: p50, p99: p50, max: p50 };
  return summarySchema.parse({
    format: 1,
    name: 'fixture',
    about: '',
    outcome: 'passed',
    startedAt: '',
    durationMs: 1,
    trafficMs: 1,
    seed: 1,
    run: 1,
    versions: { wakuDesk: '', node: '', toxiproxy: null, engines: {} },
    machine: { cpu: '', cores: 1, memoryBytes: 1, system: '', loadBefore: 0, loadAfter: 0 },
    nodeCount: 2,
    engines: {},
    linkCount: 1,
    topology: 'chain',
    warmUp: { nodesUpMs: 1, meshMs: null },
    traffic: { planned: 1, sent: 1, accepted: 1, failed: {}, payloadBytes: 1, lateMs: null },
    delivery: { expected: 100, arrived: ratio * 100, ratio, unexpected: 0 },
    latencyMs: { all: distribution, withoutFirst: distribution },
    propagationMs: { all: null, withoutFirst: null, incomplete: 0 },
    recoveryMs: null,
    bandwidth: null,
    nodes: [],
    faults: [],
    pings: [],
    criteria: [],
    problems: [],
    lostLines: 0,
  });
}

function figure(rows: readonly Compared[], name: string): Compared | undefined {
  return rows.find((row) => row.name.startsWith(name));
}

it.each([
  [[10], [10.9], 'same'],
  [[10], [11.1], 'worse'],
  [[10], [8.9], 'better'],
  [[10, 9, 11], [12, 20, 12], 'unclear'],
  [[10, 10, 10.5], [13, 13, 13.5], 'worse'],
])('of latencies %j and %j the second is %s', (a, b, verdict) => {
  const rows = compare(
    a.map((p50) => summary(p50)),
    b.map((p50) => summary(p50)),
  );
  expect(figure(rows, 'latency p50')?.verdict).toBe(verdict);
});

it('more is better of deliveries, and what was not measured has no verdict', () => {
  const rows = compare([summary(1, 1)], [summary(1, 0.5)]);
  expect(figure(rows, 'delivered')).toMatchObject({ ratio: 0.5, verdict: 'worse' });
  expect(figure(rows, 'time to mesh')).toMatchObject({ a: null, verdict: 'unmeasured' });
});

it('medians are of all runs, with the spread between the largest and the smallest', () => {
  const rows = compare([summary(1), summary(9), summary(2)], [summary(2)]);
  expect(figure(rows, 'latency p50')).toMatchObject({ a: { median: 2, spread: 8, runs: 3 }, ratio: 1 });
});

it('runs of different scenarios are told apart', () => {
  expect(differences(summary(1), summary(2))).toEqual([]);
  expect(differences(summary(1), { ...summary(1), seed: 2, nodeCount: 3 })).toEqual([
    'nodes: 2 and 3',
    'seed: 1 and 2',
  ]);
});
