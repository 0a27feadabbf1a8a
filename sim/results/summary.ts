/** summary.json: everything that a run measured, and what it was judged by. */
import * as z from 'zod';
import { ENGINE_KINDS } from '../../core/engine/capabilities.ts';
import { errorDataSchema } from '../../core/engine/schemas.ts';

export const SUMMARY_FORMAT = 1;

const figure = z.number().nullable();
const distribution = z
  .object({
    count: z.int(),
    exact: z.boolean(),
    min: z.number(),
    p50: z.number(),
    p95: z.number(),
    p99: z.number(),
    max: z.number(),
  })
  .nullable();

const delivery = z.object({ expected: z.int(), arrived: z.int(), ratio: figure });

const bandwidth = z
  .object({
    /** Bytes a second, on the wire with handshakes and encryption, mean over the traffic. */
    inMean: z.number(),
    outMean: z.number(),
    /** Of the node that had most. */
    inMax: z.number(),
    outMax: z.number(),
    /** Nodes whose engine counts its bytes. */
    nodes: z.int(),
  })
  .nullable();

const nodeSummary = z.object({
  name: z.string(),
  engine: z.enum(ENGINE_KINDS),
  peerId: z.string().nullable(),
  links: z.int(),
  shards: z.array(z.int()),
  /** How many nodes live in its process, itself included: CPU and memory are theirs together. */
  sharesProcessWith: z.int(),
  delivery,
  latencyMs: distribution,
  inBytesPerSecond: figure,
  outBytesPerSecond: figure,
  /** Of its process, and the largest seen. */
  cpuPercentMean: figure,
  rssBytesMax: figure,
  meshMean: figure,
  captured: z.int(),
  notCaptured: z.int(),
  failures: z.int(),
});

export const criterionResultSchema = z.object({
  /** What was asked, in words. */
  text: z.string(),
  passed: z.boolean(),
  /** In `unit`; null where nothing could be measured, which does not pass. */
  value: figure,
  limit: z.number(),
  unit: z.string(),
  detail: z.string(),
});
export type CriterionResult = z.output<typeof criterionResultSchema>;

export const summarySchema = z.object({
  format: z.literal(SUMMARY_FORMAT),
  name: z.string(),
  about: z.string(),
  /** `broken`: it could not be run to its end. */
  outcome: z.enum(['passed', 'failed', 'interrupted', 'broken']),
  startedAt: z.string(),
  durationMs: z.number(),
  trafficMs: z.number(),
  seed: z.int(),
  /** In the payload of every message. */
  run: z.int(),
  versions: z.object({
    wakuDesk: z.string(),
    node: z.string(),
    toxiproxy: z.string().nullable(),
    engines: z.record(z.string(), z.string()),
  }),
  machine: z.object({
    cpu: z.string(),
    cores: z.int(),
    memoryBytes: z.number(),
    system: z.string(),
    loadBefore: z.number(),
    loadAfter: z.number(),
  }),
  nodeCount: z.int(),
  engines: z.record(z.string(), z.int()),
  linkCount: z.int(),
  topology: z.string(),
  warmUp: z.object({
    /** From the first start until the last node was up. */
    nodesUpMs: figure,
    /** From then until every node had its mesh; null: not within the warm-up. */
    meshMs: figure,
  }),
  traffic: z.object({
    planned: z.int(),
    sent: z.int(),
    accepted: z.int(),
    failed: z.record(z.string(), z.int()),
    payloadBytes: z.number(),
    /** How late senders were against their plans: their own slowness, in no latency. */
    lateMs: distribution,
  }),
  delivery: delivery.extend({
    /** At nodes that were not there when it was sent. */
    unexpected: z.int(),
  }),
  /** From sending to one receiver. */
  latencyMs: z.object({ all: distribution, withoutFirst: distribution }),
  /** From sending to the last receiver, of messages that reached all. */
  propagationMs: z.object({ all: distribution, withoutFirst: distribution, incomplete: z.int() }),
  recoveryMs: figure,
  bandwidth,
  nodes: z.array(nodeSummary),
  faults: z.array(
    z.object({
      atMs: z.number(),
      fault: z.string(),
      deed: z.string(),
      targets: z.array(z.string()),
      ok: z.boolean(),
    }),
  ),
  pings: z.array(
    z.object({
      when: z.string(),
      atMs: figure,
      medianMs: figure,
      maxMs: figure,
      unanswered: z.int(),
      links: z.int(),
    }),
  ),
  criteria: z.array(criterionResultSchema),
  problems: z.array(z.object({ atMs: figure, node: z.string().nullable(), error: errorDataSchema })),
  /** Lines of result files that could not be written. */
  lostLines: z.int(),
});
export type Summary = z.output<typeof summarySchema>;
export type NodeSummary = Summary['nodes'][number];
