/** From a scenario to what is run: every node, link, sender and action by number, with every draw made. */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { parseNodeConfig, type NodeConfig } from '../../core/engine/config.ts';
import { Random } from '../random.ts';
import { plannedMs, type TrafficPlan } from '../traffic/plan.ts';
import { MAX_SENDER } from '../traffic/payload.ts';
import { edgesOf, ImpossibleTopology } from '../topology/topology.ts';
import type { Edge } from '../topology/edges.ts';
import { actionsOf, endOf, type Action } from './actions.ts';
import type { Problem } from './problems.ts';
import type { ReadScenario } from './read.ts';
import { MAX_NODES, type Scenario } from './schema.ts';
import { nodeName, selectNodes, UnknownName } from './selectors.ts';

export interface PlannedNode {
  index: number;
  name: string;
  kind: EngineKind;
  shards: number[];
  config: NodeConfig;
  /** It is killed or paused, so it shares its process with nobody. */
  isAlone: boolean;
  /** It is started by an action, and not in the beginning. */
  joins: boolean;
}

export interface PlannedSender {
  /** In the payload of its messages; 0 for the first. */
  id: number;
  node: number;
  startMs: number;
  plan: TrafficPlan;
}

export interface RunPlan {
  scenario: Scenario;
  nodes: PlannedNode[];
  edges: Edge[];
  senders: PlannedSender[];
  actions: Action[];
  /** How long traffic and faults take, at most. */
  trafficMs: number;
  /** Links lead through proxies: some fault is on links. */
  hasLinkFaults: boolean;
  messages: number;
}

export interface PlanOptions {
  /** Of every node, whatever the scenario says. */
  engine?: EngineKind | undefined;
  seed?: number | undefined;
  /** The text of a topology's file. @throws where it cannot be read */
  readFile: (path: string) => string;
}

/** Rows of deliveries that a run may have. */
const MAX_DELIVERIES = 20_000_000;
/** After the last message, and after the last fault. */
const MARGIN_MS = 1_000;
/** For plans without times. */
const UNTIMED_MS = 60_000;

/** @throws WakuDeskError SCENARIO_INVALID */
export function planRun({ scenario: written, refuse }: ReadScenario, options: PlanOptions): RunPlan {
  const scenario = overridden(written, options);
  const problems: Problem[] = [];
  const nodes = nodesOf(scenario, problems);
  const names = nodes.map(({ name }) => name);
  let edges: Edge[] = [];
  try {
    edges = edgesOf({ ...scenario, names, readFile: options.readFile });
  } catch (error) {
    if (!(error instanceof ImpossibleTopology)) throw error;
    problems.push({ path: ['topology', error.key], message: error.message });
  }
  const faults = actionsOf({
    ...scenario,
    edges,
    nodeCount: nodes.length,
    endMs: scenario.phases.traffic,
  });
  // What is wrong with links alone is the topology's fault where that is wrong.
  if (edges.length > 0 || nodes.length === 1) problems.push(...faults.problems);
  const { actions } = faults;
  markNodes(nodes, actions, problems);
  const senders = sendersOf(scenario, nodes, problems);
  const messages = senders.reduce((sum, { plan }) => sum + plan.messages, 0);
  if (messages * nodes.length > MAX_DELIVERIES)
    problems.push({
      path: ['traffic'],
      message: `${messages} messages to ${nodes.length} nodes are more than ${MAX_DELIVERIES} deliveries: take less`,
    });
  if (problems.length > 0) throw refuse(problems);
  return {
    scenario,
    nodes,
    edges,
    senders,
    actions,
    trafficMs: Math.ceil(scenario.phases.traffic ?? durationOf(senders, actions)),
    hasLinkFaults: actions.some(({ deed }) => 'links' in deed),
    messages,
  };
}

function overridden(scenario: Scenario, { engine, seed }: PlanOptions): Scenario {
  return {
    ...scenario,
    seed: seed ?? scenario.seed,
    nodes: scenario.nodes.map((group) => ({ ...group, engine: engine ?? group.engine })),
  };
}

function nodesOf(scenario: Scenario, problems: Problem[]): PlannedNode[] {
  const nodes: PlannedNode[] = [];
  scenario.nodes.forEach((group, place) => {
    const { count, engine, shards, shardsPerNode = shards.length, config } = group;
    if (shardsPerNode > shards.length)
      problems.push({
        path: ['nodes', place, 'shardsPerNode'],
        message: `there are only ${shards.length} shards to take from`,
      });
    for (let i = 0; i < count && nodes.length < MAX_NODES; i++) {
      const index = nodes.length;
      const own = Array.from(
        { length: Math.min(shardsPerNode, shards.length) },
        (_none, k) => shards[(i + k) % shards.length] ?? 0,
      );
      const firstPort = scenario.firstPort;
      nodes.push({
        index,
        name: nodeName(index),
        kind: engine,
        shards: own,
        config: parseNodeConfig({
          ...config,
          clusterId: scenario.cluster,
          shards: own,
          nodeKey: keyOf(scenario.seed, index),
          // Of one machine they all have one address.
          ipColocationLimit: config.ipColocationLimit ?? 0,
          maxConnections: config.maxConnections ?? 1_000,
          tcpPort: firstPort === undefined ? 0 : Math.min(65_535, firstPort + index),
        }),
        isAlone: engine !== 'js',
        joins: false,
      });
    }
  });
  const wanted = scenario.nodes.reduce((sum, { count }) => sum + count, 0);
  if (wanted > MAX_NODES)
    problems.push({ path: ['nodes'], message: `${wanted} nodes are more than ${MAX_NODES}` });
  if (wanted < 2) problems.push({ path: ['nodes'], message: 'one node has nobody to send to' });
  if ((scenario.firstPort ?? 0) + wanted - 1 > 65_535)
    problems.push({ path: ['firstPort'], message: `there are not ${wanted} ports from there on` });
  return nodes;
}

/** Nodes of one seed have the same keys in every run: so they have the same peer ids. */
function keyOf(seed: number, index: number): string {
  const random = Random.seeded(seed, `key of ${nodeName(index)}`);
  return Array.from({ length: 8 }, () => random.uint32().toString(16).padStart(8, '0')).join('');
}

function markNodes(nodes: PlannedNode[], actions: readonly Action[], problems: Problem[]): void {
  for (const { deed, fault } of actions) {
    if (!('nodes' in deed)) continue;
    for (const index of deed.nodes) {
      const node = nodes[index];
      if (node === undefined) continue;
      if (deed.kind === 'kill' || deed.kind === 'pause') node.isAlone = true;
      if (fault === 'join') node.joins = true;
    }
  }
  if (nodes.every(({ joins }) => joins))
    problems.push({ path: ['faults'], message: 'every node joins later: nobody is there' });
}

function sendersOf(scenario: Scenario, nodes: readonly PlannedNode[], problems: Problem[]): PlannedSender[] {
  const random = Random.seeded(scenario.seed, 'senders');
  const senders: PlannedSender[] = [];
  scenario.traffic.forEach(({ from, start, shards, ...plan }, place) => {
    try {
      for (const index of selectNodes(from, nodes.length, random)) {
        const node = nodes[index];
        if (node === undefined) continue;
        const foreign = shards?.find((shard) => !node.shards.includes(shard));
        if (foreign !== undefined)
          throw new UnknownName(`${node.name} does not relay shard ${foreign}, so it cannot send on it`);
        const largest = Math.max(...plan.size.map(({ maxBytes }) => maxBytes));
        if (largest >= node.config.maxMessageBytes)
          throw new UnknownName(
            `payloads of ${largest} bytes do not fit into messages of ${node.config.maxMessageBytes} bytes, the most of ${node.name}; set config.maxMessageBytes`,
          );
        senders.push({
          id: senders.length,
          node: index,
          startMs: start,
          plan: { ...plan, shards: shards ?? node.shards, seed: random.uint32() },
        });
      }
    } catch (error) {
      if (!(error instanceof UnknownName)) throw error;
      problems.push({ path: ['traffic', place], message: error.message });
    }
  });
  if (senders.length > MAX_SENDER)
    problems.push({ path: ['traffic'], message: `${senders.length} senders are too many` });
  return senders;
}

function durationOf(senders: readonly PlannedSender[], actions: readonly Action[]): number {
  // Poisson's last message may be late: twice the mean is seldom exceeded, and then the rest is left out and counted.
  const ends = senders.map(
    ({ startMs, plan }) => startMs + (plannedMs(plan) ?? UNTIMED_MS) * (plan.poisson ? 2 : 1),
  );
  return Math.ceil(Math.max(...ends, ...actions.map(endOf))) + MARGIN_MS;
}
