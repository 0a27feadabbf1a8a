/** What of a run's summary is compared with another's. */
import type { Summary } from '../results/summary.ts';

export interface Figure {
  name: string;
  unit: 'share' | 'ms' | 'KiB/s' | 'MiB' | '%';
  better: 'more' | 'less';
  /** Null where the run did not measure it. */
  of: (summary: Summary) => number | null;
}

const KIB = 1_024;

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** A process's, in equal parts to the nodes in it. */
function perNode({ nodes }: Summary, of: (node: Summary['nodes'][number]) => number | null): number | null {
  return mean(
    nodes.map((node) => {
      const value = of(node);
      return value === null ? null : value / node.sharesProcessWith;
    }),
  );
}

function scaled(value: number | null | undefined, by: number): number | null {
  return value === null || value === undefined ? null : value / by;
}

/** The first message of each sender is left out of the times: it measures TCP's slow start. */
export const FIGURES: readonly Figure[] = [
  { name: 'delivered', unit: 'share', better: 'more', of: ({ delivery }) => delivery.ratio },
  ...(['p50', 'p95', 'p99'] as const).map((percentile): Figure => ({
    name: `latency ${percentile}, first messages excluded`,
    unit: 'ms',
    better: 'less',
    of: ({ latencyMs }) => latencyMs.withoutFirst?.[percentile] ?? null,
  })),
  ...(['p50', 'p95'] as const).map((percentile): Figure => ({
    name: `until all nodes have it ${percentile}, first messages excluded`,
    unit: 'ms',
    better: 'less',
    of: ({ propagationMs }) => propagationMs.withoutFirst?.[percentile] ?? null,
  })),
  {
    name: 'bandwidth in, mean node',
    unit: 'KiB/s',
    better: 'less',
    of: ({ bandwidth }) => scaled(bandwidth?.inMean, KIB),
  },
  {
    name: 'bandwidth out, mean node',
    unit: 'KiB/s',
    better: 'less',
    of: ({ bandwidth }) => scaled(bandwidth?.outMean, KIB),
  },
  { name: 'time to mesh', unit: 'ms', better: 'less', of: ({ warmUp }) => warmUp.meshMs },
  {
    name: 'memory of a node',
    unit: 'MiB',
    better: 'less',
    of: (summary) => perNode(summary, ({ rssBytesMax }) => scaled(rssBytesMax, KIB * KIB)),
  },
  {
    name: 'CPU of a node',
    unit: '%',
    better: 'less',
    of: (summary) => perNode(summary, ({ cpuPercentMean }) => cpuPercentMean),
  },
];
