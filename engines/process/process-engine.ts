/**
 * An engine in a child process. Every start after an end is a new process with the same key and port; when a process
 * ends by itself the state is `failed` with the reason, and whoever owns the engine starts it again.
 */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { nowNs } from '../../core/engine/clock.ts';
import type { NodeConfig } from '../../core/engine/config.ts';
import { withDeadline } from '../../core/engine/deadline.ts';
import type { Engine, EngineInfo, NodeIdentity, TimedCallOptions } from '../../core/engine/engine.ts';
import { checkFits, demand } from '../../core/engine/engine-capabilities.ts';
import { WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import { EventHub } from '../../core/engine/event-hub.ts';
import type { EngineEvent, EngineState } from '../../core/engine/events.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import type { EnginePlace } from './create-engine.ts';
import { deathOf, notRunning } from './failures.ts';
import { withKey } from './node-key.ts';
import { portOf } from './port-of.ts';
import { startNodeProcess, type NodeProcess } from './node-process.ts';

/** A node that does not stop within this time is ended. */
const STOP_MS = 2_500;

export class ProcessEngine implements Engine {
  readonly info: EngineInfo;
  readonly #kind: EngineKind;
  readonly #place: EnginePlace;
  #config: NodeConfig;
  readonly #events = new EventHub<EngineEvent>();
  #process: NodeProcess | null = null;
  #renewing: Promise<NodeProcess> | null = null;
  /** Counts calls of stop, so that a start knows of one meanwhile. */
  #stops = 0;
  #state: EngineState = 'stopped';

  private constructor(kind: EngineKind, config: NodeConfig, place: EnginePlace, info: EngineInfo) {
    this.#kind = kind;
    this.#place = place;
    this.#config = config;
    this.info = info;
  }

  /**
   * Starts the process, but not the node in it.
   * @throws WakuDeskError ENGINE_FAILED; and as {@link checkFits}
   */
  static async create(kind: EngineKind, given: NodeConfig, place: EnginePlace = {}): Promise<ProcessEngine> {
    checkFits(kind, given);
    const config = withKey(given);
    let print: ((line: string) => void) | null = null;
    const node = await startNodeProcess({ kind, config, place }, (line) => {
      print?.(line);
    });
    const engine = new ProcessEngine(kind, config, place, node.remote.info);
    print = (line) => {
      engine.#printed(line);
    };
    engine.#adopt(node);
    return engine;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    return this.#events.add(listener);
  }

  async start(): Promise<NodeIdentity> {
    const node = this.#usable ?? (await this.#renew());
    const identity = await node.remote.start();
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
  async mesh(pubsubTopic: string) {
    return (await this.#process?.remote.mesh(pubsubTopic)) ?? [];
  }
  async topics() {
    return (await this.#process?.remote.topics()) ?? [];
  }

  /** What the process prints beside its protocol. */
  #printed(text: string): void {
    this.#events.emit({ type: 'logged', level: 'info', component: 'node-process', text, atNs: nowNs() });
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
      const order = { kind: this.#kind, config: this.#config, place: this.#place };
      const node = await startNodeProcess(order, (line) => {
        this.#printed(line);
      });
      this.#adopt(node);
      if (stops !== this.#stops) {
        await this.#release(node);
        throw notRunning('start', 'The node was stopped while it started.');
      }
      return node;
    } catch (error) {
      if (error instanceof WakuDeskError && stops === this.#stops) this.#enter('failed', error.toData());
      throw error;
    }
  }

  #adopt(node: NodeProcess): void {
    this.#process = node;
    node.remote.onEvent((event) => {
      if (this.#process === node) this.#heard(node, event);
    });
  }

  #heard(node: NodeProcess, event: EngineEvent): void {
    if (event.type === 'stateChanged') {
      const death = event.state === 'failed' && node.reason !== null ? deathOf(node.reason) : null;
      if (death !== null) this.#process = null;
      this.#enter(event.state, death ?? event.error);
    } else if (event.type !== 'gapped' || node.reason === null) this.#events.emit(event);
    // The gap of a process that died comes from the session, with the change of state.
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
