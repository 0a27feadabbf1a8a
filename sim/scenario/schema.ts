/**
 * A scenario as people write it. Times of faults and of windows count from the beginning of the traffic.
 * README.md tells what each part does.
 */
import * as z from 'zod';
import { ENGINE_KINDS } from '../../core/engine/capabilities.ts';
import { nodeConfigSchema } from '../../core/engine/config.ts';
import { trafficPlanSchema } from '../traffic/plan.ts';
import { keyed, oneOf, word } from './keyed.ts';
import { byteRateSchema, durationSchema, payloadSizesSchema, rateSchema, shareSchema } from './quantities.ts';

export const MAX_NODES = 1_000;

function whole(least: number, most: number): z.ZodInt {
  const words = `must be a whole number from ${least} to ${most}`;
  return z.int(words).min(least, words).max(most, words);
}

const text = z.string('must be text').min(1, 'must not be empty');
const uint16 = whole(0, 65_535);

/** `n3`, `n2..n5`, `all`, `random 3`, `random 20%`; several in a list or behind commas. */
const nodesSchema = z
  .union([text, z.array(text).min(1)], 'must name nodes, such as n1, n2..n5, all or random 3')
  .transform((value) => (typeof value === 'string' ? value.split(',') : value).map((part) => part.trim()));

/** `n1-n2` (one link), anything that names nodes (all links of these), or `all`. */
const linksSchema = nodesSchema;

const nodeGroup = keyed({
  count: whole(1, MAX_NODES),
  engine: word(ENGINE_KINDS).default('js'),
  /** Pubsub shards that each of them relays. */
  shards: z.array(uint16).min(1).max(1_024).default([32]),
  /** How many of `shards` each node has, one after the other; all when left out. */
  shardsPerNode: whole(1, 1_024).optional(),
  /** As of a node's configuration. */
  config: keyed(
    nodeConfigSchema.pick({
      maxConnections: true,
      ipColocationLimit: true,
      maxMessageBytes: true,
      agentString: true,
      logLevel: true,
    }).shape,
  )
    .partial()
    .default({}),
});

const TOPOLOGIES = ['full', 'ring', 'chain', 'star', 'regular', 'small-world', 'edges', 'file'] as const;
const topologySchema = oneOf('kind', TOPOLOGIES, [
  keyed({ kind: z.literal('full') }),
  keyed({ kind: z.literal('ring') }),
  keyed({ kind: z.literal('chain') }),
  /** The first node is the middle. */
  keyed({ kind: z.literal('star') }),
  keyed({ kind: z.literal('regular'), degree: whole(1, MAX_NODES - 1) }),
  /** Watts and Strogatz: a ring of `degree` neighbours, each link moved with the chance `rewire`. */
  keyed({ kind: z.literal('small-world'), degree: whole(2, MAX_NODES - 1), rewire: shareSchema }),
  /** Links such as `n1-n2`. */
  keyed({ kind: z.literal('edges'), edges: z.array(text).min(1).max(500_000) }),
  /** A file with one link a line, `n1 n2`; relative to the scenario's folder. */
  keyed({ kind: z.literal('file'), path: text }),
]);

const { messages, size, rate, poisson, shards, contentTopics } = trafficPlanSchema.shape;
const trafficSchema = keyed({
  /** Each of them sends the plan, with a seed of its own. */
  from: nodesSchema,
  messages,
  size,
  rate,
  poisson,
  contentTopics,
  /** The first node's shards when left out. */
  shards: shards.unwrap().optional(),
  /** After the beginning of the traffic. */
  start: durationSchema.default(0),
}).refine(({ rate, poisson }) => !(poisson && rate === 'max'), 'poisson needs a rate other than max');

const when = {
  at: durationSchema,
  /** Then it is undone; left out, it stays. */
  for: durationSchema.optional(),
  /** Comes again so often, each time with a new draw of what is random. */
  every: durationSchema.optional(),
  times: whole(2, 10_000).optional(),
};

export const FAULT_KINDS = [
  'kill',
  'stop',
  'pause',
  'restart',
  'join',
  'leave',
  'partition',
  'cut',
  'slow',
  'narrow',
  'lose',
  'flood',
] as const;
const faultSchema = oneOf('kind', FAULT_KINDS, [
  /** The process is killed; with `for` it is started again. */
  keyed({ kind: z.literal('kill'), nodes: nodesSchema, ...when }),
  /** Stopped as its user would. */
  keyed({ kind: z.literal('stop'), nodes: nodesSchema, ...when }),
  /** The process stands still. */
  keyed({ kind: z.literal('pause'), nodes: nodesSchema, ...when }),
  keyed({
    kind: z.literal('restart'),
    nodes: nodesSchema,
    at: when.at,
    every: when.every,
    times: when.times,
  }),
  /** Nodes that are not there from the start. */
  keyed({ kind: z.literal('join'), nodes: nodesSchema, at: when.at }),
  keyed({ kind: z.literal('leave'), nodes: nodesSchema, at: when.at }),
  /** No link leads from one group to another; who is in no group keeps all. */
  keyed({ kind: z.literal('partition'), groups: z.array(nodesSchema).min(2), ...when }),
  keyed({ kind: z.literal('cut'), links: linksSchema, ...when }),
  /** Both directions, each by this much; jitter is the most that is added or taken at random. */
  keyed({
    kind: z.literal('slow'),
    links: linksSchema,
    latency: durationSchema,
    jitter: durationSchema.default(0),
    ...when,
  }),
  /** Bytes a second in each direction. */
  keyed({ kind: z.literal('narrow'), links: linksSchema, rate: byteRateSchema, ...when }),
  /** Packets that never arrive. */
  keyed({ kind: z.literal('lose'), links: linksSchema, share: shareSchema, ...when }),
  /** A node that publishes as much as it can, up to the rate; none of it counts as traffic. */
  keyed({
    kind: z.literal('flood'),
    from: nodesSchema,
    rate: rateSchema,
    size: payloadSizesSchema,
    ...when,
    for: durationSchema,
  }),
]);

const window = {
  /** Messages sent from then on; all when left out. */
  from: durationSchema.optional(),
  /** Messages sent before. */
  to: durationSchema.optional(),
};
/** `counted`, or `excluded`: each sender's first message, which TCP's slow start makes slow. */
const firstMessage = word(['counted', 'excluded']).default('counted');
const percentile = word(['p50', 'p95', 'p99', 'max']);

export const MEASURES = [
  'delivery',
  'latency',
  'propagation',
  'bandwidth',
  'time-to-mesh',
  'recovery',
  'failures',
] as const;
const criterionSchema = oneOf('measure', MEASURES, [
  /** Deliveries that came, of those that should: to every node up at the time of sending. */
  keyed({ measure: z.literal('delivery'), atLeast: shareSchema, ...window }),
  /** From sending to one receiver. */
  keyed({ measure: z.literal('latency'), percentile, atMost: durationSchema, firstMessage, ...window }),
  /** From sending to the last receiver. */
  keyed({ measure: z.literal('propagation'), percentile, atMost: durationSchema, firstMessage, ...window }),
  /** Mean of the nodes while there is traffic. */
  keyed({ measure: z.literal('bandwidth'), direction: word(['in', 'out']), atMost: byteRateSchema }),
  keyed({ measure: z.literal('time-to-mesh'), atMost: durationSchema }),
  /** From the end of the last fault until a message reaches everybody again. */
  keyed({ measure: z.literal('recovery'), atMost: durationSchema }),
  /** Nodes that ended or failed and were not meant to. */
  keyed({ measure: z.literal('failures'), atMost: whole(0, MAX_NODES) }),
]);

export const scenarioSchema = keyed({
  name: text.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be small letters, digits and hyphens'),
  about: text.default(''),
  seed: whole(0, 0xffff_ffff).default(1),
  cluster: uint16.default(16),
  nodes: z.array(nodeGroup, 'must be a list of groups: - count: 2').min(1),
  /** The first node's port, the next one has the next; free ports when left out. */
  firstPort: whole(1_024, 65_535).optional(),
  topology: topologySchema,
  traffic: z.array(trafficSchema, 'must be a list: - from: n1').min(1),
  phases: keyed({
    /** For nodes to start and meshes to form, at most; it ends as soon as they are there. */
    warmUp: durationSchema.default(60_000),
    /** Traffic and faults, at most; as long as they take when left out. */
    traffic: durationSchema.optional(),
    /** What was sent last may still arrive. */
    coolDown: durationSchema.default(5_000),
  }).prefault({}),
  faults: z.array(faultSchema, 'must be a list: - kind: kill').max(1_000).default([]),
  pass: z.array(criterionSchema, 'must be a list: - measure: delivery').min(1),
  /** A folder of messages for each node. */
  capture: z.boolean().default(true),
});

/** As written, with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type Topology = Scenario['topology'];
export type Fault = Scenario['faults'][number];
export type Criterion = Scenario['pass'][number];
export type TrafficPart = Scenario['traffic'][number];
