/** From what a run has gathered to its summary. */
import manifest from '../../package.json' with { type: 'json' };
import type { ErrorCode } from '../../core/engine/errors.ts';
import type { RunRecord } from '../run/run.ts';
import type { SimNode } from '../nodes/sim-node.ts';
import type { Sample } from '../run/sampler.ts';
import { Samples } from '../traffic/distribution.ts';
import { judge } from './criteria.ts';
import { deliveryRatio, latency, propagation, recovery } from './measures.ts';
import { SUMMARY_FORMAT, type NodeSummary, type Summary } from './summary.ts';

const MOST_SAMPLES = 1_048_576;
const SPOILING: readonly ErrorCode[] = ['FAULT_UNAVAILABLE', 'CAPTURE_WRITE_FAILED', 'FILE_FAILED'];
const WITHOUT_FIRST = { firstMessage: 'excluded' } as const;

export function summarize(record: RunRecord, lostLines: number): Summary {
  const { plan, traffic, journal } = record;
  const deliveries = traffic?.deliveries ?? null;
  const nodes = record.set?.nodes.map((node) => nodeSummary(node, record)) ?? [];
  const bandwidth = bandwidthOf(nodes);
  const recoveryMs = recoveryOf(record);
  const failures = [...record.failures.values()].reduce((sum, count) => sum + count, 0);
  const criteria = plan.scenario.pass.map((criterion) =>
    judge(criterion, deliveries, { bandwidth, recoveryMs, meshMs: record.meshMs, failures }),
  );
  return {
    format: SUMMARY_FORMAT,
    name: plan.scenario.name,
    about: plan.scenario.about,
    outcome: outcomeOf(
      record,
      criteria.every(({ passed }) => passed),
    ),
    startedAt: record.startedAt.toISOString(),
    durationMs: record.durationMs,
    trafficMs: record.trafficMs,
    seed: plan.scenario.seed,
    run: record.run,
    versions: {
      wakuDesk: manifest.version,
      node: process.versions.node,
      toxiproxy: record.toxiproxyVersion,
      engines: Object.fromEntries(record.set?.nodes.map((node) => [node.planned.kind, node.version]) ?? []),
    },
    machine: record.machine,
    nodeCount: plan.nodes.length,
    engines: countBy(plan.nodes.map(({ kind }) => kind)),
    linkCount: plan.edges.length,
    topology: plan.scenario.topology.kind,
    warmUp: { nodesUpMs: record.nodesUpMs, meshMs: record.meshMs },
    traffic: trafficOf(record),
    delivery: {
      ...(deliveries === null ? { expected: 0, arrived: 0, ratio: null } : deliveryRatio(deliveries)),
      unexpected: deliveries?.unexpected ?? 0,
    },
    latencyMs: {
      all: deliveries === null ? null : latency(deliveries),
      withoutFirst: deliveries === null ? null : latency(deliveries, WITHOUT_FIRST),
    },
    propagationMs: {
      all: deliveries === null ? null : propagation(deliveries).distribution,
      withoutFirst: deliveries === null ? null : propagation(deliveries, WITHOUT_FIRST).distribution,
      incomplete: deliveries === null ? 0 : propagation(deliveries).incomplete,
    },
    recoveryMs,
    bandwidth,
    nodes,
    faults: record.deeds?.done ?? [],
    pings: record.pings.map(({ when, atMs, pings }) => {
      const samples = new Samples(MOST_SAMPLES);
      for (const { pingMs } of pings) if (pingMs !== null) samples.add(pingMs);
      const distribution = samples.distribution();
      return {
        when,
        atMs,
        medianMs: distribution?.p50 ?? null,
        maxMs: distribution?.max ?? null,
        unanswered: pings.filter(({ pingMs }) => pingMs === null).length,
        links: pings.length,
      };
    }),
    criteria,
    problems: journal.problems,
    lostLines,
  };
}

function outcomeOf({ interrupted, finished, journal }: RunRecord, passed: boolean): Summary['outcome'] {
  if (interrupted) return 'interrupted';
  if (!finished) return 'broken';
  // A connection past its proxy, a record that was not written: the figures are not all that they say.
  const spoilt = journal.problems.some(({ error }) => SPOILING.includes(error.code));
  return passed && !spoilt ? 'passed' : 'failed';
}

function trafficOf({ plan, traffic }: RunRecord): Summary['traffic'] {
  const reports = traffic?.reports ?? [];
  const failed: Record<string, number> = {};
  for (const report of reports)
    for (const [code, count] of Object.entries(report.failed)) failed[code] = (failed[code] ?? 0) + count;
  const sum = (of: (report: (typeof reports)[number]) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  return {
    planned: plan.messages,
    sent: sum(({ sent }) => sent),
    accepted: sum(({ accepted }) => accepted),
    failed,
    payloadBytes: sum(({ payloadBytes }) => payloadBytes),
    lateMs: traffic?.lateMs.distribution() ?? null,
  };
}

function recoveryOf({ deeds, traffic }: RunRecord): number | null {
  const lastMs = deeds?.done.at(-1)?.atMs;
  return lastMs === undefined || traffic === null ? null : recovery(traffic.deliveries, lastMs);
}

function nodeSummary(node: SimNode, record: RunRecord): NodeSummary {
  const { index } = node.planned;
  const { traffic, set, links } = record;
  const during = (record.sampler?.samples ?? []).filter(
    (one) => one.node === index && one.atMs >= -1_500 && one.atMs <= record.trafficMs + 500,
  );
  const deliveries = traffic?.deliveries ?? null;
  const { notCaptured, received, published } = node.session.snapshot().statistics;
  return {
    name: node.name,
    engine: node.planned.kind,
    peerId: node.identity?.peerId ?? null,
    links: links?.links.filter(({ dialer, listener }) => dialer === node || listener === node).length ?? 0,
    shards: node.planned.shards,
    sharesProcessWith: set?.sharing(node) ?? 1,
    delivery:
      deliveries === null
        ? { expected: 0, arrived: 0, ratio: null }
        : deliveryRatio(deliveries, undefined, index),
    latencyMs: deliveries === null ? null : latency(deliveries, undefined, index),
    inBytesPerSecond: rateOf(during, ({ inBytes }) => inBytes),
    outBytesPerSecond: rateOf(during, ({ outBytes }) => outBytes),
    cpuPercentMean: meanOf(during.map(({ cpuPercent }) => cpuPercent)),
    rssBytesMax: maxOf(during.map(({ rssBytes }) => rssBytes)),
    meshMean: meanOf(during.filter(({ state }) => state === 'up').map(({ mesh }) => mesh)),
    captured: received + published - notCaptured,
    notCaptured,
    failures: record.failures.get(node.name) ?? 0,
  };
}

/** What a counter grows by in a second; one that began anew, with a new process, counts from 0. */
export function rateOf(samples: readonly Sample[], of: (sample: Sample) => number | null): number | null {
  let grown = 0;
  let before: number | null = null;
  for (const sample of samples) {
    const value = of(sample);
    if (value === null) continue;
    if (before !== null) grown += value >= before ? value - before : value;
    before = value;
  }
  const [first, last] = [samples[0], samples.at(-1)];
  if (before === null || first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  return (grown / (last.atMs - first.atMs)) * 1_000;
}

function bandwidthOf(nodes: readonly NodeSummary[]): Summary['bandwidth'] {
  const counted = nodes.flatMap(({ inBytesPerSecond, outBytesPerSecond }) =>
    inBytesPerSecond === null || outBytesPerSecond === null
      ? []
      : [{ in: inBytesPerSecond, out: outBytesPerSecond }],
  );
  if (counted.length === 0) return null;
  const ins = counted.map((one) => one.in);
  const outs = counted.map((one) => one.out);
  return {
    inMean: meanOf(ins) ?? 0,
    outMean: meanOf(outs) ?? 0,
    inMax: Math.max(...ins),
    outMax: Math.max(...outs),
    nodes: counted.length,
  };
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function maxOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
