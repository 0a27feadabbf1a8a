/**
 * Runs a scenario: nodes up, meshes formed, traffic and faults, cool-down, results. Each part is bounded by the
 * scenario's own times; whatever goes wrong is in the result, and what was measured until then is kept.
 */
import { randomBytes } from 'node:crypto';
import { delay, withDeadline } from '../../core/engine/deadline.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import type { Session } from '../../core/session/session.ts';
import { Turns } from '../../core/engine/turns.ts';
import { Links, type LinkPing } from '../links/links.ts';
import { refuseLoss } from '../links/netem.ts';
import { findToxiproxy, Toxiproxy } from '../links/toxiproxy.ts';
import { NodeSet } from '../nodes/node-set.ts';
import { ResultsFolder } from '../results/folder.ts';
import { summarize } from '../results/summarize.ts';
import type { Summary } from '../results/summary.ts';
import { reportHtml } from '../report/report.ts';
import type { RunPlan } from '../scenario/plan.ts';
import { Deeds } from './deeds.ts';
import { Journal } from './journal.ts';
import { machineNow, type Machine } from './machine.ts';
import { checkMemory } from './memory.ts';
import { untilMeshed } from './mesh-wait.ts';
import { Sampler } from './sampler.ts';
import { Traffic } from './traffic.ts';

export interface RunOptions {
  plan: RunPlan;
  /** As it is run, for scenario.yaml. */
  resolved: string;
  /** A new or empty folder. */
  out: string;
  /** File of toxiproxy-server, and of the node library, where the user named them. */
  toxiproxy?: string | undefined;
  library?: string | undefined;
  /** Ends the run early; its results are kept. */
  signal: AbortSignal;
  /** Hears how far it is, in lines for people. */
  progress: (text: string) => void;
}

/** What a run has gathered. */
export interface RunRecord {
  plan: RunPlan;
  startedAt: Date;
  durationMs: number;
  trafficMs: number;
  run: number;
  machine: Machine;
  toxiproxyVersion: string | null;
  set: NodeSet | null;
  links: Links | null;
  traffic: Traffic | null;
  sampler: Sampler | null;
  deeds: Deeds | null;
  journal: Journal;
  nodesUpMs: number | null;
  meshMs: number | null;
  pings: { when: string; atMs: number | null; pings: LinkPing[] }[];
  /** Nodes that failed and were not meant to, by name. */
  failures: Map<string, number>;
  interrupted: boolean;
  /** It came to its end. */
  finished: boolean;
}

const PROGRESS_MS = 5_000;
const HEALED_MS = 2_000;
/** For what was received to be stored. */
const TOLD_MS = 10_000;

/**
 * @throws WakuDeskError before anything runs: BAD_USE, FILE_FAILED: there is no place for results; FAULT_UNAVAILABLE;
 *   SCENARIO_INVALID: the nodes do not fit into the memory that is free
 */
export async function runScenario(options: RunOptions): Promise<Summary> {
  const toxiproxyPath = checkMachine(options);
  const folder = await ResultsFolder.create(options.out);
  await folder.write('scenario.yaml', options.resolved);
  const journal = new Journal(folder.events, options.progress);
  const run = new Run(options, folder, journal);
  try {
    await run.run(toxiproxyPath);
  } catch (error) {
    // What was under way when the user interrupted is no problem.
    if (!options.signal.aborted) journal.problem(error);
  } finally {
    await run.end();
  }
  const { lost, failure } = await folder.close();
  if (failure !== null)
    journal.problems.push({
      atMs: null,
      node: null,
      error: {
        code: 'CAPTURE_WRITE_FAILED',
        operation: 'sim.results',
        message: `${lost} lines of results could not be written: ${failure}.`,
        hint: 'Free some space and run it again.',
      },
    });
  const summary = summarize(run.record, lost);
  try {
    await folder.write('report.html', reportHtml(summary, run.record));
    await folder.write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
    options.progress(`results in ${folder.path}`);
  } catch (error) {
    // What was measured is told all the same.
    journal.problem(error);
    return summarize(run.record, lost);
  }
  return summary;
}

/** @returns the proxy's program where it is needed @throws WakuDeskError FAULT_UNAVAILABLE, SCENARIO_INVALID */
function checkMachine({ plan, toxiproxy }: RunOptions): string | null {
  checkMemory(plan.nodes);
  if (plan.scenario.faults.some(({ kind }) => kind === 'lose')) refuseLoss();
  return plan.hasLinkFaults ? findToxiproxy(toxiproxy) : null;
}

class Run {
  readonly record: RunRecord;
  readonly #options: RunOptions;
  readonly #folder: ResultsFolder;
  readonly #journal: Journal;
  readonly #startMs = performance.now();
  readonly #pinging = new Turns();
  /** Told once each. */
  readonly #bypassed = new Set<string>();
  #toxiproxy: Toxiproxy | null = null;

  constructor(options: RunOptions, folder: ResultsFolder, journal: Journal) {
    this.#options = options;
    this.#folder = folder;
    this.#journal = journal;
    this.record = {
      plan: options.plan,
      startedAt: new Date(),
      durationMs: 0,
      trafficMs: 0,
      run: randomBytes(4).readUInt32LE(),
      machine: machineNow(),
      toxiproxyVersion: null,
      set: null,
      links: null,
      traffic: null,
      sampler: null,
      deeds: null,
      journal,
      nodesUpMs: null,
      meshMs: null,
      pings: [],
      failures: new Map(),
      interrupted: false,
      finished: false,
    };
  }

  async run(toxiproxyPath: string | null): Promise<void> {
    const { signal } = this.#options;
    if (toxiproxyPath !== null) {
      this.#toxiproxy = await Toxiproxy.start(toxiproxyPath, signal);
      this.record.toxiproxyVersion = this.#toxiproxy.version;
      this.#toxiproxy.onEnd(() => {
        this.#journal.problem(new Error('toxiproxy-server ended by itself'));
      });
    }
    const set = await this.#makeNodes();
    if (set === null) return;
    const links = new Links({
      nodes: set.nodes,
      edges: this.#options.plan.edges,
      toxiproxy: this.#toxiproxy,
      note: this.#journal.note.bind(this.#journal),
    });
    this.record.links = links;
    if (!(await this.#warmUp(set, links))) return;
    await this.#trafficAndFaults(set, links);
  }

  /** Stops what runs. Never rejects. */
  async end(): Promise<void> {
    const { links, sampler, set } = this.record;
    this.record.interrupted = this.#options.signal.aborted;
    if (this.record.interrupted) this.#journal.tell('interrupted: results are kept', 'interrupted');
    links?.end();
    await sampler?.stop();
    await set?.close();
    for (const { name, session } of set?.nodes ?? []) this.#checkCaptured(name, session);
    await this.#toxiproxy?.stop();
    this.record.durationMs = performance.now() - this.#startMs;
    this.record.machine.loadAfter = machineNow().loadBefore;
  }

  async #makeNodes(): Promise<NodeSet | null> {
    const { plan, library, signal } = this.#options;
    const joining = plan.nodes.filter(({ joins }) => joins).length;
    this.#journal.tell(`${plan.nodes.length} nodes, ${plan.edges.length} links`, 'starting', {
      nodes: plan.nodes.length,
      links: plan.edges.length,
      joining,
    });
    const set = await NodeSet.make({
      plan,
      folder: this.#folder.nodesPath,
      library,
      signal,
      problem: (error, node) => {
        this.#journal.problem(error, node);
      },
    });
    this.record.set = set;
    for (const node of set?.nodes ?? [])
      node.onEvent((event) => {
        if (event.type !== 'state') return;
        const { state, error } = event;
        this.#journal.note('nodeState', { node: node.name, state, error, pid: node.pid ?? null });
        if (state !== 'failed') return;
        this.record.failures.set(node.name, (this.record.failures.get(node.name) ?? 0) + 1);
        this.#journal.problem(
          error === null ? new Error('the node failed') : WakuDeskError.fromData(error),
          node.name,
        );
      });
    return set;
  }

  async #warmUp(set: NodeSet, links: Links): Promise<boolean> {
    const { plan, signal } = this.#options;
    const startMs = performance.now();
    const first = set.nodes.filter(({ planned }) => !planned.joins);
    if (!(await set.start(first))) return false;
    this.record.nodesUpMs = performance.now() - startMs;
    this.#journal.tell(`nodes up after ${seconds(this.record.nodesUpMs)}`, 'nodesUp', {
      afterMs: this.record.nodesUpMs,
    });
    this.record.sampler = new Sampler({ set, ndjson: this.#folder.samples, csv: this.#folder.samplesCsv });
    const meshStartMs = performance.now();
    const meshed = untilMeshed(first, links, plan.scenario.phases.warmUp, signal);
    for (const node of first) await links.join(node);
    if (await meshed) this.record.meshMs = performance.now() - meshStartMs;
    if (signal.aborted) return false;
    this.#journal.tell(
      this.record.meshMs === null
        ? 'no mesh at every node within the warm-up; going on'
        : `mesh at every node after ${seconds(this.record.meshMs)}`,
      'meshed',
      { afterMs: this.record.meshMs },
    );
    await this.#ping(links, 'before the traffic');
    this.#checkBypasses(links);
    return true;
  }

  async #trafficAndFaults(set: NodeSet, links: Links): Promise<void> {
    const { plan, signal } = this.#options;
    let changed = (): void => undefined;
    const traffic = new Traffic({
      plan,
      nodes: set.nodes,
      run: this.record.run,
      ndjson: this.#folder.deliveries,
      csv: this.#folder.deliveriesCsv,
      changed: () => {
        changed();
      },
    });
    const deeds = new Deeds({
      set,
      links,
      journal: this.#journal,
      linksChanged: async ({ deed }) => {
        // Who was cut off dials first.
        if (deed.kind === 'heal') await delay(HEALED_MS, signal);
        await this.#ping(links, `after ${deed.kind}`);
        this.#checkBypasses(links);
      },
      signal,
    });
    Object.assign(this.record, { traffic, deeds });

    this.record.sampler?.start();
    await this.record.sampler?.sample();
    this.#journal.trafficBegins();
    this.record.sampler?.trafficBegins();
    const startMs = performance.now();
    this.#journal.tell(
      `traffic: ${plan.messages} messages of ${plan.senders.length} senders, ${seconds(plan.trafficMs)} at most`,
      'trafficBegan',
      {},
    );
    const progress = setInterval(() => {
      const { expected, arrived } = traffic.deliveries;
      this.#options.progress(`${seconds(performance.now() - startMs)}: ${arrived} of ${expected} deliveries`);
    }, PROGRESS_MS);
    try {
      const over = AbortSignal.any([signal, AbortSignal.timeout(plan.trafficMs)]);
      await Promise.all([traffic.send(startMs, over), deeds.run(plan.actions, startMs)]);
      this.record.trafficMs = performance.now() - startMs;
      await this.record.sampler?.sample();
      if (this.#toxiproxy !== null) await this.#ping(links, 'after the traffic');
      this.#journal.tell('cool-down', 'coolDown', {});
      const complete = new Promise<void>((resolve) => {
        changed = () => {
          if (traffic.deliveries.isComplete) resolve();
        };
        changed();
      });
      await Promise.race([complete, delay(plan.scenario.phases.coolDown, signal)]);
    } finally {
      clearInterval(progress);
    }
    this.#checkBypasses(links);
    const told = Promise.all(set.nodes.map((node) => node.delivered()));
    await withDeadline('sim.delivered', { timeoutMs: TOLD_MS, signal }, () => told);
    this.record.finished = !signal.aborted;
  }

  /** One after the other: a node answers one ping at a time on a connection. */
  #ping(links: Links, when: string): Promise<void> {
    return this.#pinging.take(async () => {
      const { atMs } = this.#journal;
      const pings = await links.ping(this.#options.signal);
      this.record.pings.push({ when, atMs, pings });
      this.#journal.note('pings', { when, pings });
    });
  }

  #checkCaptured(name: string, session: Session): void {
    const { notCaptured, dropped } = session.snapshot().statistics;
    if (notCaptured + dropped === 0 || !this.#options.plan.scenario.capture) return;
    this.#journal.problem(
      new WakuDeskError(
        'CAPTURE_WRITE_FAILED',
        `${notCaptured} messages were not captured, and ${dropped} dropped: the disk is full or too slow.`,
        { operation: 'sim.capture', hint: 'Free some space, or set capture: false in the scenario.' },
      ),
      name,
    );
  }

  #checkBypasses(links: Links): void {
    for (const { node, peer, address } of links.bypasses()) {
      if (this.#bypassed.has(`${node} ${peer}`)) continue;
      this.#bypassed.add(`${node} ${peer}`);
      this.#journal.problem(
        new WakuDeskError(
          'FAULT_UNAVAILABLE',
          `${node} is connected to ${peer} at ${address}, past the proxy of their link.`,
          {
            operation: 'sim.links',
            hint: 'Faults would not touch that connection: run the scenario with the engine js, or without faults on links.',
          },
        ),
        node,
      );
    }
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
