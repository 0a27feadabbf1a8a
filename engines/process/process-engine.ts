/**
 * An engine in a process of its own. Every start after an end is a new process with the same key and port; when a process
 * ends by itself the state is `failed` with the reason, and whoever owns the engine starts it again.
 */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { nowNs } from '../../core/engine/clock.ts';
import type { NodeConfig } from '../../core/engine/config.ts';
import type { ProcessFailure, Resources } from '../../core/engine/crash-report.ts';
import { withDeadline } from '../../core/engine/deadline.ts';
import type { Engine, EngineInfo, NodeIdentity, TimedCallOptions } from '../../core/engine/engine.ts';
import { checkFits, demand } from '../../core/engine/engine-capabilities.ts';
import { WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import { EventHub } from '../../core/engine/event-hub.ts';
import type { EngineEvent, EngineState } from '../../core/engine/events.ts';
import type { Hosting } from '../../core/engine/hosting.ts';
import { redactedError, redactor } from '../../core/engine/redact.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import type { EnginePlace } from './create-engine.ts';
import { notRunning } from './failures.ts';
import type { LaunchProcess } from './launch.ts';
import { launchNode } from './launch-node.ts';
import { withKey } from './node-key.ts';
import { newNodeLog } from './node-log.ts';
import { portOf } from './port-of.ts';
import { HANG_MS, startNodeProcess, type NodeProcess } from './node-process.ts';

/** A node that does not stop within this time is ended. */
const STOP_MS = 2_500;

export interface ProcessOptions {
  /** Silence after which the process is ended: 10 s by default, Infinity where it is paused on purpose. */
  hangMs?: number;
  /** What starts its processes: child processes of Node by default. */
  launch?: LaunchProcess;
}

export class ProcessEngine implements Engine, Hosting {
  readonly #kind: EngineKind;
  readonly #place: EnginePlace;
  readonly #options: Required<ProcessOptions>;
  #config: NodeConfig;
  readonly #redact: (text: string) => string;
  readonly #events = new EventHub<EngineEvent>();
  readonly #failures = new EventHub<ProcessFailure>();
  #process: NodeProcess | null = null;
  #renewing: Promise<NodeProcess> | null = null;
  /** Counts calls of stop, so that a start knows of one meanwhile. */
  #stops = 0;
  #state: EngineState = 'stopped';
  /** How the last process ended that ended by itself. */
  #death: ProcessFailure | null = null;

  #info: EngineInfo | null = null;

  private constructor(
    kind: EngineKind,
    config: NodeConfig,
    place: EnginePlace,
    options: Required<ProcessOptions>,
  ) {
    this.#kind = kind;
    this.#place = place;
    this.#options = options;
    this.#config = config;
    this.#redact = redactor(config);
  }

  /**
   * Starts the process, but not the node in it.
   * @throws WakuDeskError LIBRARY_MISSING, LIBRARY_REFUSED, ENGINE_FAILED, FILE_FAILED; and as {@link checkFits}
   */
  static async create(
    kind: EngineKind,
    given: NodeConfig,
    place: EnginePlace = {},
    { hangMs = HANG_MS, launch = launchNode }: ProcessOptions = {},
  ): Promise<ProcessEngine> {
    checkFits(kind, given);
    const engine = new ProcessEngine(kind, withKey(given), place, { hangMs, launch });
    const node = await engine.#newProcess();
    engine.#info = node.remote.info;
    engine.#adopt(node);
    return engine;
  }

  get info(): EngineInfo {
    if (this.#info === null) throw new Error('an engine is created before it is used');
    return this.#info;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get resources(): Resources | null {
    return this.#process?.resources ?? null;
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    return this.#events.add(listener);
  }

  onFailure(listener: (failure: ProcessFailure) => void): () => void {
    return this.#failures.add(listener);
  }

  async start(): Promise<NodeIdentity> {
    const node = this.#usable ?? (await this.#renew());
    const identity = await node.remote.start().catch((error: unknown) => {
      throw this.#redacted(error);
    });
    const tcpPort = portOf(identity);
    // A free port was asked for: the next process gets the same, for others know it by now.
    if (this.#config.tcpPort === 0 && tcpPort !== null) this.#config = { ...this.#config, tcpPort };
    return identity;
  }

  async stop(): Promise<void> {
    this.#stops++;
    // A process that is being made ends itself when it is.
    await this.#renewing?.catch(() => undefined);
    const node = this.#process;
    if (node !== null) {
      try {
        await withDeadline('engine.stop', { timeoutMs: STOP_MS }, () => node.remote.stop());
      } catch {
        // It hangs: what it holds goes with the process, and nothing of that is a failure to tell of.
        this.#process = null;
        node.kill();
      }
      await this.#release(node);
    }
    this.#enter('stopped');
  }

  /** Ends the process, also of a node that was never started. */
  close(): Promise<void> {
    return this.stop();
  }

  async subscribe(pubsubTopic: string): Promise<void> {
    await this.#remote('subscribe').subscribe(pubsubTopic);
  }
  async unsubscribe(pubsubTopic: string): Promise<void> {
    await this.#remote('unsubscribe').unsubscribe(pubsubTopic);
  }
  async publish(pubsubTopic: string, message: WakuMessage, options?: TimedCallOptions) {
    return this.#remote('publish').publish(pubsubTopic, message, options);
  }
  async publishUnsubscribed(pubsubTopic: string, message: WakuMessage, options?: TimedCallOptions) {
    return this.#remote('publish').publishUnsubscribed(pubsubTopic, message, options);
  }
  async connect(multiaddr: string, options?: TimedCallOptions): Promise<string> {
    return this.#remote('connect').connect(multiaddr, options);
  }
  async disconnect(peerId: string): Promise<void> {
    await this.#remote('disconnect').disconnect(peerId);
  }
  async ping(peerId: string, options?: TimedCallOptions): Promise<number> {
    return this.#remote('ping').ping(peerId, options);
  }
  async filterSubscribe(...args: Parameters<Engine['filterSubscribe']>): Promise<void> {
    await this.#service('filterSubscribe', 'lightClient').filterSubscribe(...args);
  }
  async filterUnsubscribe(...args: Parameters<Engine['filterUnsubscribe']>): Promise<void> {
    await this.#service('filterUnsubscribe', 'lightClient').filterUnsubscribe(...args);
  }
  async lightPush(...args: Parameters<Engine['lightPush']>): Promise<void> {
    await this.#service('lightPush', 'lightClient').lightPush(...args);
  }
  async storeQuery(...args: Parameters<Engine['storeQuery']>) {
    return this.#service('storeQuery', 'storeQuery').storeQuery(...args);
  }
  async metrics(): Promise<string> {
    return this.#remote('metrics').metrics();
  }
  async peers() {
    return (await this.#process?.remote.peers()) ?? [];
  }
  async scores() {
    return (await this.#process?.remote.scores()) ?? {};
  }
  async mesh(pubsubTopic: string) {
    return (await this.#process?.remote.mesh(pubsubTopic)) ?? [];
  }
  async relayPeers(pubsubTopic: string) {
    return (await this.#process?.remote.relayPeers(pubsubTopic)) ?? [];
  }
  async topics() {
    return (await this.#process?.remote.topics()) ?? [];
  }

  /** The process that is there; null where it is gone, or failed and may fail again. */
  get #usable(): NodeProcess | null {
    return this.#state === 'failed' ? null : this.#process;
  }

  /** A new process, made once for all who ask meanwhile. */
  #renew(): Promise<NodeProcess> {
    this.#renewing ??= this.#fork().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #fork(): Promise<NodeProcess> {
    const stops = this.#stops;
    if (this.#process !== null) await this.#release(this.#process);
    this.#enter('starting');
    try {
      const node = await this.#newProcess();
      this.#adopt(node);
      if (stops !== this.#stops) {
        await this.#release(node);
        throw notRunning('start', 'The node was stopped while it started.');
      }
      return node;
    } catch (error) {
      if (error instanceof WakuDeskError && stops === this.#stops) this.#enter('failed', error.toData());
      this.#tellDeath();
      throw error;
    }
  }

  async #newProcess(): Promise<NodeProcess> {
    const kind = this.#kind;
    const { nodeLog, ...rest } = this.#place;
    // The embedded engine prints nothing.
    const place = kind === 'js' ? rest : { ...rest, nodeLog: nodeLog ?? (await newNodeLog(kind)) };
    try {
      return await startNodeProcess(
        { kind, config: this.#config, place },
        {
          hangMs: this.#options.hangMs,
          redact: this.#redact,
          died: (failure) => {
            this.#death = failure;
          },
          printed: (text) => {
            this.#events.emit({
              type: 'logged',
              level: 'info',
              component: 'node-process',
              text,
              atNs: nowNs(),
            });
          },
        },
        this.#options.launch,
      );
    } catch (error) {
      throw this.#redacted(error);
    }
  }

  /** A library's words may have the configuration in them. */
  #redacted(error: unknown): unknown {
    if (!(error instanceof WakuDeskError)) return error;
    return WakuDeskError.fromData(redactedError(error.toData(), this.#redact));
  }

  #adopt(node: NodeProcess): void {
    this.#process = node;
    node.remote.onEvent((event) => {
      if (this.#process === node) this.#heard(node, event);
    });
  }

  #heard(node: NodeProcess, event: EngineEvent): void {
    if (event.type === 'stateChanged') this.#changed(node, event.state, event.error);
    // The gap of a process that died comes from the session, with the change of state.
    else if (event.type !== 'gapped' || node.failure === null) this.#events.emit(event);
  }

  #changed(node: NodeProcess, state: EngineState, error: ErrorData | null): void {
    const ran = this.#state === 'running';
    const told = error === null ? null : redactedError(error, this.#redact);
    const death = state === 'failed' ? node.failure : null;
    if (death !== null) this.#process = null;
    this.#enter(state, death?.error ?? told);
    if (death !== null) this.#tellDeath();
    else if (state === 'failed' && ran && told !== null)
      this.#failures.emit(node.describe({ kind: 'engine' }, told));
  }

  /** Once for each, when the state tells of it. */
  #tellDeath(): void {
    const death = this.#death;
    this.#death = null;
    if (death !== null) this.#failures.emit(death);
  }

  #enter(state: EngineState, error: ErrorData | null = null): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#events.emit({ type: 'stateChanged', state, error });
  }

  async #release(node: NodeProcess): Promise<void> {
    if (this.#process === node) this.#process = null;
    node.remote.close();
    await node.ended;
  }

  /** What the engine has not comes before that it does not run. */
  #service(verb: string, capability: 'lightClient' | 'storeQuery'): Engine {
    demand(`engine.${verb}`, this.info.capabilities[capability]);
    return this.#remote(verb);
  }

  #remote(verb: string): Engine {
    if (this.#process !== null) return this.#process.remote;
    throw notRunning(verb, 'The node is not running.');
  }
}
