/**
 * One node and everything around it, for every window that looks at it: the capture, the node with its session, the
 * live feed. Hosts (the web host, the desktop app) connect their clients to it.
 */
import { randomUUID } from 'node:crypto';
import type { Capture } from '../../core/capture/capture.ts';
import {
  configuredTopics,
  parseNodeConfig,
  type NodeConfig,
  type NodeConfigInput,
} from '../../core/engine/config.ts';
import type { CrashReport, ProcessFailure } from '../../core/engine/crash-report.ts';
import type { HostedEngine } from '../../core/engine/hosting.ts';
import { PROFILES, type ProfileName } from '../../core/engine/profiles.ts';
import { Turns } from '../../core/engine/turns.ts';
import type { Counters, Settings } from '../../core/operations/live-values.ts';
import { parsePubsubTopic } from '../../core/waku/topics.ts';
import { withKey } from '../../engines/process/node-key.ts';
import { portOf } from '../../engines/process/port-of.ts';
import { CrashBook } from './crash-book.ts';
import { crashReport } from './crash-reports.ts';
import { Demo } from './demo.ts';
import { History } from './history.ts';
import { LiveFeed } from './live-feed.ts';
import { NodeRunner } from './node-runner.ts';
import { captureStatus, nodeStatus } from './status.ts';
import type { StreamBounds } from './stream-parts.ts';

export interface HarnessOptions {
  /** Makes an engine that is not started yet; called again when the settings change. */
  createEngine: (config: NodeConfig) => Promise<HostedEngine>;
  config: NodeConfig;
  /** Stays the caller's to close, after the harness. */
  capture: Capture | null;
  version: string;
  profile?: ProfileName;
  /** Where crash reports are written; left out: they are in memory only. */
  crashFolder?: string;
  /** Hears of every crash, with the report's file where it could be written. */
  onCrash?: (report: CrashReport, file: string | null) => void;
  maxSummaries?: number;
  streamBounds?: Partial<StreamBounds>;
}

/** One node with its session and what is remembered of it; new settings make a new one. */
interface Run {
  id: string;
  config: NodeConfig;
  node: NodeRunner;
  history: History;
  feed: LiveFeed;
}

export class Harness {
  readonly version: string;
  readonly profile: ProfileName;
  readonly capture: Capture | null;
  /** How many windows look, and how many were let go because they stopped reading. Kept by the host. */
  readonly clients = { connected: 0, dropped: 0 };
  readonly demo = new Demo(this);
  readonly crashes: CrashBook;
  readonly #options: HarnessOptions;
  readonly #runListeners = new Set<() => void>();
  #run: Run;
  readonly #turns = new Turns();
  readonly #reporting = new Turns();
  #closed = false;

  private constructor(options: HarnessOptions, engine: HostedEngine, config: NodeConfig) {
    this.#options = options;
    this.version = options.version;
    this.profile = options.profile ?? PROFILES.harness.name;
    this.capture = options.capture;
    this.crashes = new CrashBook(options.crashFolder ?? null);
    this.#run = this.#newRun(engine, config);
  }

  /** Nothing is started yet. @throws WakuDeskError of the engine's making */
  static async create(options: HarnessOptions): Promise<Harness> {
    const config = withKey(options.config);
    return new Harness(options, await options.createEngine(config), config);
  }

  get id(): string {
    return this.#run.id;
  }
  get node(): NodeRunner {
    return this.#run.node;
  }
  get history(): History {
    return this.#run.history;
  }
  get feed(): LiveFeed {
    return this.#run.feed;
  }

  get settings(): Settings {
    const settings: Settings & Partial<NodeConfig> = { ...this.#run.config };
    delete settings.nodeKey;
    return settings;
  }

  /** Called when streams of the feed and positions became void. @returns the unsubscribe */
  onNewRun(listener: () => void): () => void {
    this.#runListeners.add(listener);
    return () => {
      this.#runListeners.delete(listener);
    };
  }

  /**
   * A new session with these settings changed; started if the node was running. A node that does not start with them
   * runs again with those before, unless it had failed already.
   * @throws WakuDeskError CONFIG_INVALID, which changes nothing; or of the start
   */
  changeSettings(change: NodeConfigInput): Promise<Settings> {
    return this.#turns.take(() => this.#change(change));
  }

  /** Stops the node; everything heard until then is in the capture. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.demo.stop();
    await this.#turns.settled();
    await this.#run.node.stop();
    await this.#run.node.engine.close?.();
    await this.#reporting.settled();
  }

  async #change(change: NodeConfigInput): Promise<Settings> {
    const before = this.#run;
    const config = withKey(parseNodeConfig({ ...before.config, ...keptTopics(before), ...change }));
    if (this.#closed) return this.settings;
    // Refused before anything is stopped.
    configuredTopics(config);
    const { wantsRunning } = before.node;
    const { identity, state } = before.node.session.snapshot();
    await this.#replace(config, portOf(identity));
    if (!wantsRunning && state !== 'failed') return this.settings;
    try {
      await this.#run.node.start();
    } catch (error) {
      if (wantsRunning) await this.#goBack(before.config, portOf(identity));
      throw error;
    }
    return this.settings;
  }

  /** To settings that worked a moment ago; if they do not now, the state tells why. */
  async #goBack(config: NodeConfig, port: number | null): Promise<void> {
    await this.#replace(config, port);
    this.#run.feed.note(
      'warn',
      'The node did not start with the new settings; those before are in force again.',
    );
    await this.#run.node.start().catch(() => undefined);
  }

  /** @param port of the node before: a free port stays the same one, since others know it by now */
  async #replace(config: NodeConfig, port: number | null): Promise<void> {
    const kept = config.tcpPort === 0 && port !== null ? { ...config, tcpPort: port } : config;
    const { node } = this.#run;
    const engine = await this.#options.createEngine(kept);
    await node.stop();
    await node.engine.close?.();
    this.#run = this.#newRun(engine, config);
    for (const listener of this.#runListeners) listener();
  }

  #newRun(engine: HostedEngine, config: NodeConfig): Run {
    const { capture, maxSummaries, streamBounds } = this.#options;
    const node = new NodeRunner({
      engine,
      config,
      capture,
      maxSummaries,
      changed: () => {
        feed.touch();
      },
      note: (level, text) => {
        feed.note(level, text);
      },
      crashed: (failure, count) => {
        void this.#reporting.take(() => this.#report(failure, count, node, feed));
      },
    });
    const { session } = node;
    const history = new History(session.summaries, capture);
    const feed: LiveFeed = new LiveFeed(
      {
        node: () => nodeStatus(node, this.crashes),
        peers: () => session.snapshot().peers,
        counters: () => this.#counters(node, history),
      },
      capture?.gaps() ?? [],
      streamBounds,
    );
    session.attach((batch) => {
      history.add(batch.messages, batch.states);
      feed.session(batch);
    });
    return { id: randomUUID(), config, node, history, feed };
  }

  /** Never rejects. */
  async #report(failed: ProcessFailure, failure: number, node: NodeRunner, feed: LiveFeed): Promise<void> {
    // What was heard until then is in the capture, so that its position is the last one.
    await node.session.delivered();
    const report = crashReport(failed, { node, capture: this.capture, version: this.version, failure });
    const { summary, problem } = await this.crashes.add(report);
    if (problem !== null) feed.note('warn', `The crash report could not be written: ${problem}`);
    else if (summary.file !== null) feed.note('warn', `The crash report is in ${summary.file}.`);
    this.#options.onCrash?.(report, summary.file);
    feed.touch();
  }

  #counters({ session, engine }: NodeRunner, history: History): Counters {
    return {
      statistics: session.snapshot().statistics,
      capture: captureStatus(this.capture),
      resources: engine.resources ?? null,
      firstPosition: history.first,
      nextPosition: history.next,
      clients: { ...this.clients },
    };
  }
}

/** The topics of a running node are what the user made of the configured ones. */
function keptTopics({ config, node }: Run): Partial<NodeConfigInput> {
  const topics = node.session.snapshot().topics.map(({ pubsubTopic }) => pubsubTopic);
  if (topics.length === 0) return {};
  const shards: number[] = [];
  const pubsubTopics: string[] = [];
  for (const topic of topics) {
    const shard = parsePubsubTopic(topic);
    if (shard?.cluster === config.clusterId) shards.push(shard.shard);
    else pubsubTopics.push(topic);
  }
  return { shards, pubsubTopics, contentTopics: [] };
}
