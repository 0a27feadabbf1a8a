/** One node of a run: its engine wherever that runs, its session, its folder, and what is done to it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Capture } from '../../core/capture/capture.ts';
import type { Resources } from '../../core/engine/crash-report.ts';
import { withDeadline } from '../../core/engine/deadline.ts';
import type { NodeIdentity } from '../../core/engine/engine.ts';
import { WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import { EventHub } from '../../core/engine/event-hub.ts';
import type { HostedEngine } from '../../core/engine/hosting.ts';
import { Session } from '../../core/session/session.ts';
import type { SessionBatch } from '../../core/session/types.ts';
import { ProcessEngine } from '../../engines/process/process-engine.ts';
import { formatPubsubTopic } from '../../core/waku/topics.ts';
import type { PlannedNode } from '../scenario/plan.ts';
import type { Pool } from './pool.ts';

/** `down`: not there, and meant not to be. `failed`: not there, and nobody meant it. */
export type NodeState = 'down' | 'up' | 'paused' | 'failed';

export type NodeEvent =
  { type: 'state'; state: NodeState; error: ErrorData | null } | { type: 'batch'; batch: SessionBatch };

/** Summaries in memory: the capture has the messages. */
const MAX_SUMMARIES = 1_000;
const CAPTURE_BYTES = 512 * 1024 * 1024;
/** For a process that was killed to be gone. */
const KILLED_MS = 5_000;
const METRICS_MS = 5_000;

export interface SimNodeOptions {
  planned: PlannedNode;
  /** Gets node.log and the capture. */
  folder: string;
  /** Where it lives unless it is alone. */
  pool: Pool | null;
  /** File of the node library, where the user named one. */
  library: string | undefined;
  hasCapture: boolean;
}

export class SimNode {
  readonly planned: PlannedNode;
  readonly session: Session;
  /** Who else lives in its process. */
  readonly pool: Pool | null;
  readonly #engine: HostedEngine;
  readonly #capture: Capture | null;
  readonly #events = new EventHub<NodeEvent>();
  readonly #detach: () => void;
  #state: NodeState = 'down';
  #identity: NodeIdentity | null = null;

  private constructor({ planned, pool }: SimNodeOptions, engine: HostedEngine, capture: Capture | null) {
    this.planned = planned;
    this.pool = planned.isAlone ? null : pool;
    this.#engine = engine;
    this.#capture = capture;
    this.session = new Session({ engine, config: planned.config, capture, maxSummaries: MAX_SUMMARIES });
    this.#detach = this.session.attach((batch) => {
      this.#heard(batch);
    }).detach;
  }

  /**
   * Makes the node with its process, but does not start it.
   * @throws WakuDeskError LIBRARY_MISSING, LIBRARY_REFUSED, ENGINE_FAILED, CAPTURE_WRITE_FAILED, FILE_FAILED
   */
  static async make(options: SimNodeOptions): Promise<SimNode> {
    const { planned, folder, pool, library, hasCapture } = options;
    await mkdir(folder, { recursive: true });
    const nodeLog = join(folder, 'node.log');
    const capture = hasCapture
      ? await Capture.open(join(folder, 'capture'), { maxBytes: CAPTURE_BYTES })
      : null;
    try {
      const engine =
        planned.isAlone || pool === null
          ? await ProcessEngine.create(
              planned.kind,
              planned.config,
              planned.kind === 'js'
                ? { relayLog: nodeLog }
                : { nodeLog, ...(library !== undefined && { library }) },
              { hangMs: Infinity },
            )
          : await pool.engine(planned.config, nodeLog);
      return new SimNode(options, engine, capture);
    } catch (error) {
      await capture?.close();
      throw error;
    }
  }

  get name(): string {
    return this.planned.name;
  }

  get state(): NodeState {
    return this.#state;
  }

  /** Of the node that runs, or ran last; it stays the same over restarts. */
  get identity(): NodeIdentity | null {
    return this.#identity;
  }

  /** Of the process that it lives in, alone or not. */
  get pid(): number | undefined {
    return this.#engine instanceof ProcessEngine ? this.#engine.pid : this.pool?.pid;
  }

  /** The engine's version, as the node tells it. */
  get version(): string {
    return this.#identity?.version ?? this.#engine.info.version;
  }

  /** @returns the unsubscribe */
  onEvent(listener: (event: NodeEvent) => void): () => void {
    return this.#events.add(listener);
  }

  /** @throws WakuDeskError as the engine's start */
  async start(): Promise<void> {
    if (this.#state === 'up') return;
    this.#identity = await this.session.start();
    this.#enter('up');
  }

  /** As its user would. */
  async stop(): Promise<void> {
    if (this.#state === 'paused') this.continue();
    this.#enter('down');
    await this.session.stop();
  }

  /** Ends the process without a word. @throws WakuDeskError TIMED_OUT when it is still there */
  async kill(): Promise<void> {
    const pid = this.#ownPid();
    this.#enter('down');
    const gone = new Promise<void>((resolve) => {
      const stopListening = this.#engine.onEvent((event) => {
        if (event.type !== 'stateChanged' || event.state !== 'failed') return;
        stopListening();
        resolve();
      });
    });
    process.kill(pid, 'SIGKILL');
    await withDeadline('sim.kill', { timeoutMs: KILLED_MS }, () => gone);
  }

  /** The process stands still until {@link continue}. */
  pause(): void {
    process.kill(this.#ownPid(), 'SIGSTOP');
    this.#enter('paused');
  }

  continue(): void {
    if (this.#state !== 'paused') return;
    process.kill(this.#ownPid(), 'SIGCONT');
    this.#enter('up');
  }

  /** What its process takes; of a pool, all of its nodes together. */
  async measure(): Promise<Resources | null> {
    if (this.#state !== 'up') return null;
    return this.#engine instanceof ProcessEngine
      ? this.#engine.resources
      : ((await this.pool?.measure()) ?? null);
  }

  /** The engine's figures; null where it has none, or is not there. */
  async metrics(signal: AbortSignal): Promise<string | null> {
    if (this.#state !== 'up') return null;
    return withDeadline('sim.metrics', { timeoutMs: METRICS_MS, signal }, () => this.#engine.metrics()).catch(
      () => null,
    );
  }

  /** Mesh peers by shard. */
  meshSizes(): Map<number, number> {
    const sizes = new Map(
      this.session.snapshot().topics.map((one) => [one.pubsubTopic, one.meshPeers.length]),
    );
    return new Map(this.planned.shards.map((shard) => [shard, sizes.get(this.topic(shard)) ?? 0]));
  }

  topic(shard: number): string {
    return formatPubsubTopic({ cluster: this.planned.config.clusterId, shard });
  }

  /** Everything heard until now is stored and told. */
  async delivered(): Promise<void> {
    await this.session.delivered();
  }

  /** Ends it for good. Idempotent; never throws for a node that is gone. */
  async close(): Promise<void> {
    try {
      await this.stop();
    } finally {
      await this.#engine.close?.();
      // The last of what it told is stored.
      await this.session.stop();
      this.#detach();
      await this.#capture?.close();
    }
  }

  #ownPid(): number {
    const pid = this.#engine instanceof ProcessEngine ? this.#engine.pid : undefined;
    if (pid !== undefined) return pid;
    throw new WakuDeskError('NOT_RUNNING', `${this.name} has no process of its own that runs.`, {
      operation: 'sim.fault',
      hint: 'Give the fault to a node that is up at that time.',
    });
  }

  #heard(batch: SessionBatch): void {
    this.#events.emit({ type: 'batch', batch });
    for (const event of batch.events)
      if (event.type === 'stateChanged' && event.state === 'failed' && this.#state === 'up')
        this.#enter('failed', event.error);
  }

  #enter(state: NodeState, error: ErrorData | null = null): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#events.emit({ type: 'state', state, error });
  }
}
