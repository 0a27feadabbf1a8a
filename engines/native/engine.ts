/**
 * An engine whose node is in a native library: nwaku (libwaku) or go-waku (our libgowaku), through one binding. What
 * the libraries do not check, wait for or say is done here; shared behaviour is one code, differences are adapters.
 */
import { nowNs } from '../../core/engine/clock.ts';
import type { NodeConfig } from '../../core/engine/config.ts';
import type {
  CallOptions,
  Engine,
  EngineInfo,
  NodeIdentity,
  PublishReceipt,
  TimedCallOptions,
} from '../../core/engine/engine.ts';
import { checkFits, demand, ENGINE_CAPABILITIES } from '../../core/engine/engine-capabilities.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { EventHub } from '../../core/engine/event-hub.ts';
import type { EngineEvent, EngineState, LogLevel, PeerInfo } from '../../core/engine/events.ts';
import { failure } from '../../core/engine/failure.ts';
import { checkTopic, passOrThrow } from '../../core/engine/relay-rules.ts';
import type { StorePage, StoreQuery } from '../../core/engine/store-query.ts';
import { Turns } from '../../core/engine/turns.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import type { BridgeLibrary } from '../../native/ffi/bridge-library.ts';
import type { LibraryAdapter } from './adapter.ts';
import { parseEvent } from './library-events.ts';
import { LibraryNode } from './library-node.ts';
import { isBatch } from './message-batch.ts';
import type { NodeLog } from './node-log.ts';
import { lightPush, publish } from './publishing.ts';
import { ASK_MS, unixNs, type RunningNode } from './running-node.ts';
import { filterSubscribe, filterUnsubscribe, storeQuery } from './services.ts';
import {
  createNode,
  needsNewProcess,
  planNode,
  startFailure,
  startNode,
  type NodePlan,
} from './start-node.ts';

/** What hangs in the library then is let go: the node has been told to stop before. */
const CLOSE_MS = 3_000;
/** Libraries, by their file, that have had a node in this process which was stopped. */
const stoppedHere = new Set<string>();

export interface NativeEngineOptions {
  adapter: LibraryAdapter;
  bridge: BridgeLibrary;
  nodeLog: NodeLog;
  /** The node library's file. */
  library: string;
  /** What is known of it, for people. */
  libraryWords: string;
  config: NodeConfig;
  /** For tests with the fixture library: keys that no other library knows. */
  moreConfig?: Record<string, unknown>;
}

export class NativeEngine implements Engine {
  readonly info: EngineInfo;
  readonly #options: NativeEngineOptions;
  readonly #config: NodeConfig;
  readonly #events = new EventHub<EngineEvent>();
  readonly #turns = new Turns();
  #state: EngineState = 'stopped';
  #running: RunningNode | null = null;
  #plan: NodePlan | null = null;
  /** The library has had a node that was stopped. */
  #wasStopped = false;
  #queries = 0;

  constructor(options: NativeEngineOptions) {
    const { adapter, config, libraryWords } = options;
    this.#options = options;
    this.#config = config;
    this.info = {
      kind: adapter.kind,
      version: libraryWords,
      capabilities: ENGINE_CAPABILITIES[adapter.kind],
    };
  }

  get state(): EngineState {
    return this.#state;
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    return this.#events.add(listener);
  }

  start(): Promise<NodeIdentity> {
    return this.#turns.take(async () => this.#running?.identity ?? (await this.#start()));
  }

  stop(): Promise<void> {
    return this.#turns.take(() => this.#stop());
  }

  async subscribe(pubsubTopic: string): Promise<void> {
    const running = this.#need('subscribe');
    passOrThrow(checkTopic(pubsubTopic), 'engine.subscribe');
    this.#needRelay('subscribe');
    await running.subscribe(pubsubTopic);
  }

  async unsubscribe(pubsubTopic: string): Promise<void> {
    await this.#need('unsubscribe').unsubscribe(pubsubTopic);
  }

  async publish(
    pubsubTopic: string,
    message: WakuMessage,
    options: CallOptions = {},
  ): Promise<PublishReceipt> {
    const running = this.#need('publish');
    this.#needRelay('publish');
    if (!running.topics.has(pubsubTopic)) {
      const hint = 'Subscribe to the topic first.';
      throw failure('publish', 'NOT_SUBSCRIBED', `The node is not subscribed to ${pubsubTopic}.`, hint);
    }
    return publish(running, this.#options.nodeLog, pubsubTopic, message, options);
  }

  async publishUnsubscribed(
    pubsubTopic: string,
    message: WakuMessage,
    options: CallOptions = {},
  ): Promise<PublishReceipt> {
    const running = this.#need('publish');
    this.#needRelay('publish');
    return running.whileRelaying(pubsubTopic, () =>
      publish(running, this.#options.nodeLog, pubsubTopic, message, options),
    );
  }

  async connect(address: string, options: TimedCallOptions = {}): Promise<string> {
    return this.#need('connect').peers.connect(address, 'manual', options);
  }

  async disconnect(peerId: string): Promise<void> {
    await this.#need('disconnect').peers.disconnect(peerId);
  }

  async ping(peerId: string, options: TimedCallOptions = {}): Promise<number> {
    return this.#need('ping').peers.ping(peerId, options);
  }

  async filterSubscribe(
    pubsubTopic: string,
    contentTopics: readonly string[],
    options: TimedCallOptions = {},
  ): Promise<void> {
    await filterSubscribe(this.#needLight('filterSubscribe'), pubsubTopic, contentTopics, options);
  }

  async filterUnsubscribe(
    pubsubTopic: string,
    contentTopics: readonly string[],
    options: TimedCallOptions = {},
  ): Promise<void> {
    await filterUnsubscribe(this.#needLight('filterUnsubscribe'), pubsubTopic, contentTopics, options);
  }

  async lightPush(pubsubTopic: string, message: WakuMessage, options: TimedCallOptions = {}): Promise<void> {
    await lightPush(this.#needLight('lightPush'), pubsubTopic, message, options);
  }

  async storeQuery(query: StoreQuery, options: TimedCallOptions = {}): Promise<StorePage> {
    return storeQuery(this.#need('storeQuery'), query, `waku-desk-${++this.#queries}`, options);
  }

  peers(): Promise<PeerInfo[]> {
    return Promise.resolve(this.#running?.peers.list() ?? []);
  }

  async relayPeers(pubsubTopic: string): Promise<string[]> {
    return (await this.#running?.relayPeers(pubsubTopic)) ?? [];
  }

  /** Neither library tells them. */
  scores(): Promise<Record<string, number>> {
    return Promise.resolve({});
  }

  async mesh(pubsubTopic: string): Promise<string[]> {
    return (await this.#running?.mesh(pubsubTopic)) ?? [];
  }

  topics(): Promise<string[]> {
    return Promise.resolve([...(this.#running?.topics ?? [])]);
  }

  async metrics(): Promise<string> {
    const { node } = this.#need('metrics');
    const text = await node.call('waku_get_metrics', [], { timeoutMs: ASK_MS });
    return text.endsWith('\n') ? text : `${text}\n`;
  }

  #need(verb: string): RunningNode {
    if (this.#running !== null && this.#state === 'running') return this.#running;
    throw failure(verb, 'NOT_RUNNING', 'The node is not running.', 'Start it first.');
  }

  /** libwaku of generation C does not survive a relay call with relay off. */
  #needRelay(verb: string): void {
    if (!this.#config.light) return;
    const hint = 'Use filter and lightpush.';
    throw failure(verb, 'UNSUPPORTED', 'The node runs as a light client, without relay.', hint);
  }

  #needLight(verb: string): RunningNode {
    demand(`engine.${verb}`, this.info.capabilities.lightClient);
    return this.#need(verb);
  }

  async #start(): Promise<NodeIdentity> {
    const { capabilities } = this.info;
    const refusal = this.#wasStopped ? needsNewProcess(capabilities) : null;
    if (refusal !== null) throw refusal;
    this.#setState('starting');
    let node: LibraryNode | null = null;
    try {
      checkFits(this.info.kind, this.#config);
      this.#plan = await planNode(this.#config, this.#plan);
      node = await this.#open();
      const { adapter, nodeLog, moreConfig } = this.#options;
      const options = {
        adapter,
        config: this.#config,
        plan: this.#plan,
        nodeLog,
        moreConfig,
        emit: (event: EngineEvent) => {
          this.#events.emit(event);
        },
        log: this.#log.bind(this),
      };
      // Events go to it from its creation on.
      this.#running = await createNode(node, options);
      await startNode(this.#running, options);
      this.#setState('running');
      return this.#running.identity;
    } catch (error) {
      let failed = startFailure(error, this.#plan);
      if (failed.code === 'TIMED_OUT' && stoppedHere.has(this.#options.library))
        failed = needsNewProcess(capabilities, failed) ?? failed;
      await this.#halt(node);
      this.#setState('failed', failed);
      throw failed;
    }
  }

  #open(): Promise<LibraryNode> {
    const { bridge, library, nodeLog } = this.#options;
    return LibraryNode.open({
      bridge,
      path: library,
      onBatch: () => {
        nodeLog.read();
      },
      onEvent: (bytes, timeNs) => {
        this.#told(bytes, timeNs);
      },
      onProblem: (text) => {
        this.#log('warn', 'library', text);
      },
      onGap: (lost) => {
        const detail = 'The node told more than this program could take.';
        this.#events.emit({ type: 'gapped', reason: 'overflow', lost, detail });
      },
    });
  }

  async #stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    const running = this.#running;
    if (running !== null) {
      this.#noteStop();
      this.#setState('stopping');
      await running.settle();
      await this.#halt(running.node);
    }
    this.#setState('stopped');
  }

  #noteStop(): void {
    this.#wasStopped = true;
    stoppedHere.add(this.#options.library);
  }

  async #halt(node: LibraryNode | null): Promise<void> {
    this.#running?.end();
    this.#running = null;
    const closed = await node?.close(CLOSE_MS);
    if (closed?.orderly === false) this.#log('warn', 'library', closed.text);
  }

  #told(bytes: Uint8Array, timeNs: bigint): void {
    if (isBatch(bytes)) {
      this.#running?.came(bytes);
      return;
    }
    const event = parseEvent(bytes);
    if (event.eventType === 'waku_not_responding' || event.eventType === 'not_responding')
      void this.#checkLife();
    else this.#running?.told(event, unixNs(timeNs));
  }

  /** The library's watchdog has barked: a node that does not answer us either has failed. */
  async #checkLife(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#log('warn', 'library', 'The node library says that its node does not respond.');
    try {
      await running.node.call('waku_get_my_peerid', [], { timeoutMs: ASK_MS });
    } catch (error) {
      if (error instanceof WakuDeskError && error.code === 'TIMED_OUT')
        await this.#turns.take(() => this.#giveUp(running, error));
    }
  }

  async #giveUp(running: RunningNode, cause: WakuDeskError): Promise<void> {
    if (this.#running !== running) return;
    this.#noteStop();
    await this.#halt(running.node);
    const hint = 'Start the node again; report it with its log.';
    this.#setState('failed', failure('watch', 'ENGINE_FAILED', 'The node does not respond.', hint, cause));
  }

  #setState(state: EngineState, error: WakuDeskError | null = null): void {
    this.#state = state;
    this.#events.emit({ type: 'stateChanged', state, error: error?.toData() ?? null });
  }

  #log(level: LogLevel, component: string, text: string): void {
    this.#events.emit({ type: 'logged', level, component, text, atNs: nowNs() });
  }
}
