/**
 * An engine whose node is in a native library: nwaku (libwaku) or go-waku (our libgowaku), through one binding. What
 * the libraries do not check, wait for or say is done here; shared behaviour is one code, differences are adapters.
 */
import { dialTarget } from '../../core/engine/addresses.ts';
import { nowNs } from '../../core/engine/clock.ts';
import { configuredTopics, type NodeConfig } from '../../core/engine/config.ts';
import { delay } from '../../core/engine/deadline.ts';
import type {
  CallOptions,
  Engine,
  EngineInfo,
  NodeIdentity,
  PublishReceipt,
  TimedCallOptions,
} from '../../core/engine/engine.ts';
import { checkFits, demand, ENGINE_CAPABILITIES } from '../../core/engine/engine-capabilities.ts';
import { asWakuDeskError, WakuDeskError } from '../../core/engine/errors.ts';
import { EventHub } from '../../core/engine/event-hub.ts';
import type { EngineEvent, EngineState, LogLevel, PeerInfo } from '../../core/engine/events.ts';
import { failure } from '../../core/engine/failure.ts';
import { checkTopic, duplicate } from '../../core/engine/relay-rules.ts';
import type { StorePage, StoreQuery } from '../../core/engine/store-query.ts';
import { Turns } from '../../core/engine/turns.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import type { BridgeLibrary } from '../../native/ffi/bridge-library.ts';
import type { LibraryAdapter } from './adapter.ts';
import { isUnspecified, libraryConfig } from './library-config.ts';
import { parseEvent } from './library-events.ts';
import { libraryMessage } from './library-message.ts';
import { LibraryError, LibraryNode } from './library-node.ts';
import { freePort } from './listen-address.ts';
import { nativeHashText } from './message-hash.ts';
import { checkedNodeKey } from './node-key.ts';
import type { NodeLog } from './node-log.ts';
import { ASK_MS, RunningNode, unixNs } from './running-node.ts';
import { commaList } from './peers-info.ts';
import { serviceFailure } from './service-failures.ts';
import { parseStoreAnswer, storeQueryJson } from './store.ts';

const PUBLISH_MS = 20_000;
const SERVICE_MS = 20_000;
const GRACE_MS = 1_000;
/** What hangs in the library then is let go: the node has been told to stop before. */
const CLOSE_MS = 3_000;
/** How long lines of real sends may come behind the answer of a publish. */
const SENT_LINES_MS = 250;
const LOOK_MS = 5;

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
  #stopReading: () => void = () => undefined;
  /** Kept over a restart, so that the node comes back as the same peer on the same port. */
  #nodeKey: string | null = null;
  #tcpPort: number;
  /** The library has had a node that was stopped. */
  #wasStopped = false;
  #queries = 0;

  constructor(options: NativeEngineOptions) {
    const { adapter, config, libraryWords } = options;
    this.#options = options;
    this.#config = config;
    this.#tcpPort = config.tcpPort;
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
    // Who waits for an answer hears at once; the turn may have to wait for the start.
    return this.#turns.take(() => this.#stop());
  }

  async subscribe(pubsubTopic: string): Promise<void> {
    const running = this.#need('subscribe');
    const verdict = checkTopic(pubsubTopic);
    if (!verdict.ok) throw failure('subscribe', verdict.code, verdict.message, verdict.hint);
    this.#needRelay('subscribe');
    await this.#subscribe(running, pubsubTopic);
  }

  async unsubscribe(pubsubTopic: string): Promise<void> {
    const running = this.#need('unsubscribe');
    if (!running.topics.delete(pubsubTopic)) return;
    try {
      await running.node.call('waku_relay_unsubscribe', [pubsubTopic], { timeoutMs: ASK_MS });
    } catch (error) {
      if (!(error instanceof LibraryError)) throw error;
      this.#log(
        'warn',
        'relay',
        `The library cannot unsubscribe ${pubsubTopic} and still relays it; its messages are not shown. (${error.message})`,
      );
    }
    await running.lookAtMeshes();
  }

  async publish(
    pubsubTopic: string,
    message: WakuMessage,
    options: CallOptions = {},
  ): Promise<PublishReceipt> {
    const running = this.#need('publish');
    this.#needRelay('publish');
    refuseCancelled('publish', options);
    if (!running.topics.has(pubsubTopic))
      throw failure(
        'publish',
        'NOT_SUBSCRIBED',
        `The node is not subscribed to ${pubsubTopic}.`,
        'Subscribe to the topic first.',
      );
    const hash = this.#noteOwn(running, pubsubTopic, message, 'publish');
    try {
      const args = [pubsubTopic, libraryMessage(message), PUBLISH_MS];
      await running.node.call('waku_relay_publish', args, { timeoutMs: PUBLISH_MS, ...options });
    } catch (error) {
      if (!(error instanceof LibraryError)) throw error;
      // The library has echoed it then: it counts as published, to nobody.
      if (/NoPeersToPublish/i.test(error.message)) return { sentToPeers: 0 };
      running.book.unpublish(hash);
      throw failure(
        'publish',
        'ENGINE_FAILED',
        'The node did not publish the message.',
        'Look at the log.',
        error,
      );
    }
    return { sentToPeers: await this.#sends(running, hash) };
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
    const { node, filtered } = this.#needLight('filterSubscribe');
    await this.#service('filterSubscribe', () =>
      node.call('waku_filter_subscribe', [pubsubTopic, contentTopics.join(',')], limits(options)),
    );
    filtered.set(pubsubTopic, new Set([...(filtered.get(pubsubTopic) ?? []), ...contentTopics]));
  }

  async filterUnsubscribe(
    pubsubTopic: string,
    contentTopics: readonly string[],
    options: TimedCallOptions = {},
  ): Promise<void> {
    const { node, filtered } = this.#needLight('filterUnsubscribe');
    const wanted = filtered.get(pubsubTopic);
    const gone = contentTopics.filter((topic) => wanted?.delete(topic) === true);
    if (wanted?.size === 0) filtered.delete(pubsubTopic);
    if (gone.length === 0) return;
    await this.#service('filterUnsubscribe', () =>
      node.call('waku_filter_unsubscribe', [pubsubTopic, gone.join(',')], limits(options)),
    );
  }

  async lightPush(pubsubTopic: string, message: WakuMessage, options: TimedCallOptions = {}): Promise<void> {
    const running = this.#needLight('lightPush');
    refuseCancelled('lightPush', options);
    const hash = this.#noteOwn(running, pubsubTopic, message, 'lightPush');
    try {
      await this.#service('lightPush', () =>
        running.node.call('waku_lightpush_publish', [pubsubTopic, libraryMessage(message)], limits(options)),
      );
    } catch (error) {
      running.book.unpublish(hash);
      throw error;
    }
  }

  async storeQuery(query: StoreQuery, options: TimedCallOptions = {}): Promise<StorePage> {
    const { node } = this.#need('storeQuery');
    dialTarget(query.peer, 'engine.storeQuery');
    const json = storeQueryJson(query, `waku-desk-${++this.#queries}`);
    const { timeoutMs = SERVICE_MS } = options;
    const answer = await this.#service('storeQuery', () =>
      // The library's limit comes after ours, which has the words for it.
      node.call('waku_store_query', [json, query.peer, timeoutMs + GRACE_MS], limits(options)),
    );
    return parseStoreAnswer(answer);
  }

  peers(): Promise<PeerInfo[]> {
    return Promise.resolve(this.#running?.peers.list() ?? []);
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
    throw failure(
      verb,
      'UNSUPPORTED',
      'The node runs as a light client, without relay.',
      'Use filter and lightpush.',
    );
  }

  #needLight(verb: string): RunningNode {
    demand(`engine.${verb}`, this.info.capabilities.lightClient);
    return this.#need(verb);
  }

  /** @throws WakuDeskError MESSAGE_DUPLICATE */
  #noteOwn({ book }: RunningNode, pubsubTopic: string, message: WakuMessage, verb: string): string {
    const hash = nativeHashText(pubsubTopic, message);
    if (book.publish(hash, performance.now())) return hash;
    const verdict = duplicate(hash);
    throw failure(
      verb,
      'MESSAGE_DUPLICATE',
      verdict.ok ? hash : verdict.message,
      verdict.ok ? '' : verdict.hint,
    );
  }

  /** Real sends, which the library has printed before it answered; null when it has not, for that tells nothing. */
  async #sends({ book }: RunningNode, hash: string): Promise<number | null> {
    const endMs = performance.now() + SENT_LINES_MS;
    for (;;) {
      const count = book.sends(hash);
      if (count > 0) return count;
      if (performance.now() > endMs) return null;
      await delay(LOOK_MS);
      this.#options.nodeLog.read();
    }
  }

  async #service(verb: string, call: () => Promise<string>): Promise<string> {
    try {
      return await call();
    } catch (error) {
      throw error instanceof LibraryError ? serviceFailure(verb, error) : error;
    }
  }

  async #subscribe({ node, topics }: RunningNode, pubsubTopic: string): Promise<void> {
    if (topics.has(pubsubTopic)) return;
    // Before the call: messages may come before its answer.
    topics.add(pubsubTopic);
    try {
      await node.call('waku_relay_subscribe', [pubsubTopic], { timeoutMs: ASK_MS });
    } catch (error) {
      topics.delete(pubsubTopic);
      if (!(error instanceof LibraryError)) throw error;
      throw failure(
        'subscribe',
        'ENGINE_FAILED',
        `The node did not subscribe to ${pubsubTopic}.`,
        'Look at the log.',
        error,
      );
    }
  }

  async #start(): Promise<NodeIdentity> {
    const { restartInProcess } = this.info.capabilities;
    if (this.#wasStopped) demand('engine.start', restartInProcess);
    this.#setState('starting');
    let node: LibraryNode | null = null;
    try {
      checkFits(this.info.kind, this.#config);
      const topics = configuredTopics(this.#config);
      for (const address of this.#config.staticNodes) dialTarget(address, 'engine.start');
      this.#nodeKey = checkedNodeKey(this.#nodeKey ?? this.#config.nodeKey);
      this.#tcpPort = await freePort(this.#config.listenAddress, this.#tcpPort);
      node = await this.#open();
      const running = await this.#run(node, topics);
      this.#running = running;
      running.peers.look();
      if (!this.#config.light) for (const topic of topics) await this.#subscribe(running, topic);
      running.peers.keep(this.#config.staticNodes);
      this.#setState('running');
      void running.lookAtMeshes();
      return running.identity;
    } catch (error) {
      const failed = this.#startFailure(error);
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

  async #run(node: LibraryNode, topics: readonly string[]): Promise<RunningNode> {
    const { adapter, moreConfig, nodeLog } = this.#options;
    const config = this.#config;
    const listening = { nodeKey: this.#nodeKey ?? '', tcpPort: this.#tcpPort, topics };
    const timeoutMs = adapter.startMs(config);
    const json = JSON.stringify({ ...libraryConfig(adapter, config, listening), ...moreConfig });
    await node.call('waku_new', [json], { timeoutMs });
    const ask = (name: string): Promise<string> => node.call(name, [], { timeoutMs: ASK_MS });
    // Known before the start: what the node prints and tells from then on is understood.
    const peerId = await ask('waku_get_my_peerid');
    const identity: NodeIdentity = {
      peerId,
      listenAddresses: [],
      enr: null,
      version: adapter.version(await ask('waku_version')),
    };
    const running = new RunningNode({
      node,
      config,
      identity,
      dialUnnamed: this.info.capabilities.dialUnnamed,
      secrets: secretsOf(config, listening.nodeKey),
      emit: (event) => {
        this.#events.emit(event);
      },
      log: this.#log.bind(this),
    });
    this.#running = running;
    this.#stopReading = nodeLog.onLines((lines) => {
      for (const line of lines) running.printed(line);
    });
    await node.call('waku_start', [], { timeoutMs });
    identity.listenAddresses = await this.#listenAddresses(peerId, ask);
    identity.enr = await ask('waku_get_my_enr').catch(() => null);
    return running;
  }

  /** libwaku names its interface's address also when it listens on another one: the one asked for is true. */
  async #listenAddresses(peerId: string, ask: (name: string) => Promise<string>): Promise<string[]> {
    const { listenAddress } = this.#config;
    const family = listenAddress.includes(':') ? 'ip6' : 'ip4';
    if (!isUnspecified(listenAddress))
      return [`/${family}/${listenAddress}/tcp/${this.#tcpPort}/p2p/${peerId}`];
    return commaList(await ask('waku_listen_addresses')).map((address) =>
      address.includes('/p2p/') ? address : `${address}/p2p/${peerId}`,
    );
  }

  #startFailure(error: unknown): WakuDeskError {
    if (error instanceof LibraryError && /address (?:already )?in use/i.test(error.message))
      return failure(
        'start',
        'PORT_IN_USE',
        `Port ${this.#tcpPort} is in use.`,
        'Choose another port.',
        error,
      );
    if (error instanceof LibraryError)
      return failure(
        'start',
        'ENGINE_FAILED',
        `The node did not start: ${error.message}`,
        "Look at the node's log.",
        error,
      );
    return asWakuDeskError(error, {
      code: 'ENGINE_FAILED',
      operation: 'engine.start',
      hint: "Look at the node's log, and report it if it comes again.",
    });
  }

  async #stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    const running = this.#running;
    if (running !== null) {
      this.#wasStopped = true;
      this.#setState('stopping');
      await this.#halt(running.node);
    }
    this.#setState('stopped');
  }

  async #halt(node: LibraryNode | null): Promise<void> {
    this.#running?.end();
    this.#running = null;
    const closed = await node?.close(CLOSE_MS);
    this.#stopReading();
    this.#stopReading = () => undefined;
    if (closed?.orderly === false) this.#log('warn', 'library', closed.text);
  }

  #told(bytes: Uint8Array, timeNs: bigint): void {
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
      if (!(error instanceof WakuDeskError) || error.code !== 'TIMED_OUT') return;
      await this.#turns.take(async () => {
        if (this.#running !== running) return;
        this.#wasStopped = true;
        await this.#halt(running.node);
        const hint = 'Start the node again; report it with its log.';
        this.#setState(
          'failed',
          failure('watch', 'ENGINE_FAILED', 'The node does not respond.', hint, error),
        );
      });
    }
  }

  #setState(state: EngineState, error: WakuDeskError | null = null): void {
    this.#state = state;
    this.#events.emit({ type: 'stateChanged', state, error: error?.toData() ?? null });
  }

  #log(level: LogLevel, component: string, text: string): void {
    this.#events.emit({ type: 'logged', level, component, text, atNs: nowNs() });
  }
}

function limits(options: TimedCallOptions): TimedCallOptions {
  return { timeoutMs: SERVICE_MS, ...options };
}

function refuseCancelled(verb: string, { signal }: CallOptions): void {
  if (signal?.aborted === true) throw failure(verb, 'CANCELLED', 'The call was cancelled.', 'Call again.');
}

function secretsOf({ rln }: NodeConfig, nodeKey: string): string[] {
  return [nodeKey, ...(rln === null ? [] : [rln.credentialsPassword, ...rln.chainRpcUrls])];
}
