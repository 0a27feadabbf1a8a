/** From what a run has gathered to the lines of its charts. */
import { nearestRank } from '../traffic/distribution.ts';
import { arrivedIn, sentIn } from '../results/measures.ts';
import type { Deliveries } from '../results/deliveries.ts';
import type { RunRecord } from '../run/run.ts';
import type { Sample } from '../run/sampler.ts';
import type { Mark, Point, Series } from './chart.ts';

const SECOND = 1_000;
/** The steps of the curve of latencies. */
const STEPS = 400;

/** How long it takes until a share of the receivers has a message. */
export function propagationCurve(deliveries: Deliveries): Series[] {
  const rows = [...sentIn(deliveries)].filter(({ message }) => message.expected.size > 0);
  const most = rows.reduce((largest, { message }) => Math.max(largest, message.expected.size), 0);
  const arrived = rows.map(({ row, message }) => ({
    of: message.expected.size,
    latencies: arrivedIn(deliveries, row, message),
  }));
  const steps = Array.from({ length: most }, (_none, i) => (i + 1) / most);
  const curve = (name: string, fraction: number): Series => ({
    name,
    points: steps.flatMap((share): Point[] => {
      const times = arrived
        .map(({ of, latencies }) => latencies[Math.ceil(share * of) - 1] ?? Infinity)
        .sort((a, b) => a - b);
      const x = times.length === 0 ? Infinity : nearestRank(times, fraction);
      return Number.isFinite(x) ? [{ x, y: share * 100 }] : [];
    }),
  });
  return [curve('median message', 0.5), curve('slowest 5 % of messages', 0.95)];
}

/** Share of deliveries that took at most so long. */
export function latencyCdf(deliveries: Deliveries): Series[] {
  const curve = (name: string, firstMessage: 'counted' | 'excluded'): Series => {
    const all = [...sentIn(deliveries, { firstMessage })]
      .flatMap(({ row, message }) => arrivedIn(deliveries, row, message))
      .sort((a, b) => a - b);
    const count = Math.min(STEPS, all.length);
    return {
      name,
      points: Array.from({ length: count }, (_none, i): Point => {
        const share = (i + 1) / count;
        return { x: nearestRank(all, share), y: share * 100 };
      }),
    };
  };
  return [curve('first messages counted', 'counted'), curve('without each sender’s first', 'excluded')];
}

/** Mean and extremes over the nodes that are up, once a second. */
export function overTime(record: RunRecord, of: (sample: Sample) => number | null): Series[] {
  const bySecond = new Map<number, number[]>();
  for (const sample of record.sampler?.samples ?? []) {
    const value = sample.state === 'up' ? of(sample) : null;
    if (value === null) continue;
    const second = Math.round(sample.atMs / SECOND);
    bySecond.set(second, [...(bySecond.get(second) ?? []), value]);
  }
  const line = (name: string, pick: (values: readonly number[]) => number): Series => ({
    name,
    points: [...bySecond].sort(([a], [b]) => a - b).map(([x, values]) => ({ x, y: pick(values) })),
  });
  return [
    line('mean of the nodes', (values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    line('most', (values) => Math.max(...values)),
    line('least', (values) => Math.min(...values)),
  ];
}

/** Bytes a second of the mean node, out of counters. */
export function bandwidthOverTime(record: RunRecord): Series[] {
  const line = (name: string, of: (sample: Sample) => number | null): Series => {
    const rates = new Map<number, number[]>();
    const before = new Map<number, { atMs: number; value: number }>();
    for (const sample of record.sampler?.samples ?? []) {
      const value = of(sample);
      if (value === null) continue;
      const last = before.get(sample.node);
      before.set(sample.node, { atMs: sample.atMs, value });
      if (last === undefined || sample.atMs - last.atMs < SECOND / 10) continue;
      const second = Math.round(sample.atMs / SECOND);
      const grown = value >= last.value ? value - last.value : value;
      rates.set(second, [...(rates.get(second) ?? []), (grown / (sample.atMs - last.atMs)) * SECOND]);
    }
    return {
      name,
      points: [...rates]
        .sort(([a], [b]) => a - b)
        .map(([x, values]) => ({
          x,
          y: values.reduce((sum, rate) => sum + rate, 0) / values.length / 1_024,
        })),
    };
  };
  return [line('in', ({ inBytes }) => inBytes), line('out', ({ outBytes }) => outBytes)];
}

/** Deliveries that came of those expected, by the second in which they were sent. */
export function deliveryOverTime(deliveries: Deliveries): Series[] {
  const bySecond = new Map<number, { expected: number; arrived: number }>();
  for (const { row, message } of sentIn(deliveries)) {
    const second = Math.floor(message.sentMs / SECOND);
    const counts = bySecond.get(second) ?? { expected: 0, arrived: 0 };
    counts.expected += message.expected.size;
    counts.arrived += arrivedIn(deliveries, row, message).length;
    bySecond.set(second, counts);
  }
  const points = [...bySecond]
    .filter(([, { expected }]) => expected > 0)
    .sort(([a], [b]) => a - b)
    .map(([x, { expected, arrived }]) => ({ x, y: (arrived / expected) * 100 }));
  return [{ name: 'delivered', points }];
}

/** Where faults were made and undone, in seconds. */
export function faultMarks({ deeds }: RunRecord): Mark[] {
  return (deeds?.done ?? []).map(({ atMs, deed, fault, targets }) => ({
    x: atMs / SECOND,
    label: `${(atMs / SECOND).toFixed(1)} s: ${deed} (${fault}) ${targets.slice(0, 6).join(', ')}`,
  }));
}
