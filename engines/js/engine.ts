/** The embedded engine: a Waku relay node in TypeScript, on js-libp2p. Needs nothing native. */
import { TopicValidatorResult, type Message } from '@libp2p/gossipsub';
import type { PeerId, PrivateKey } from '@libp2p/interface';
import { dialTarget } from '../../core/engine/addresses.ts';
import { nowNs } from '../../core/engine/clock.ts';
import { configuredTopics, type NodeConfig } from '../../core/engine/config.ts';
import type {
  CallOptions,
  Engine,
  NodeIdentity,
  PublishReceipt,
  TimedCallOptions,
} from '../../core/engine/engine.ts';
import type { WakuDeskError } from '../../core/engine/errors.ts';
import { asWakuDeskError, type ErrorCode } from '../../core/engine/errors.ts';
import { demand } from '../../core/engine/engine-capabilities.ts';
import { EventHub } from '../../core/engine/event-hub.ts';
import type { EngineEvent, EngineState, LogLevel, PeerInfo } from '../../core/engine/events.ts';
import { failure } from '../../core/engine/failure.ts';
import { familiesText } from '../../core/engine/metric-families.ts';
import { MeshWatch } from '../../core/engine/mesh-watch.ts';
import type { RelayLineListener } from '../../core/engine/relay-line.ts';
import { checkReceived, checkTopic } from '../../core/engine/relay-rules.ts';
import { Turns } from '../../core/engine/turns.ts';
import {
  decodeMessage,
  encodeMessage,
  MalformedMessageError,
  type WakuMessage,
} from '../../core/waku/message.ts';
import { portOf } from './dial.ts';
import { JS_ENGINE_INFO } from './info.ts';
import { engineFamilies } from './metrics.ts';
import { NetworkBytes } from './network-bytes.ts';
import { describeDeep, nodeKey, startNode, type RelayNode } from './node.ts';
import { Peers } from './peers.ts';
import { RelayLines } from './relay-lines.ts';
import type { RelayService } from './relay.ts';

/** For what is on the way out, and then for the goodbyes: together well under the 5 s that a stop may take. */
const SETTLE_MS = 1_000;
const GOODBYE_MS = 1_500;

/** What lives between start and stop. */
interface Running {
  node: RelayNode;
  relay: RelayService;
  identity: NodeIdentity;
  peers: Peers;
  mesh: MeshWatch;
}

export class JsEngine implements Engine {
  readonly info = JS_ENGINE_INFO;
  readonly #config: NodeConfig;
  readonly #events = new EventHub<EngineEvent>();
  /** Decoded once, by the validator; the bytes are what the package's own event carries. */
  readonly #decoded = new WeakMap<Uint8Array, WakuMessage>();
  #state: EngineState = 'stopped';
  #running: Running | null = null;
  /** One change of state at a time. */
  readonly #turns = new Turns();
  /** Kept over a restart, so that the node comes back as the same peer on the same port. */
  #privateKey: PrivateKey | null = null;
  #tcpPort: number;
  #websocketPort: number | null;
  #messagesRelayed = 0;
  readonly #networkBytes = new NetworkBytes();

  readonly #onRelayLine: RelayLineListener | null;

  /** @param onRelayLine hears of every message that is received from a neighbour or sent to one */
  constructor(config: NodeConfig, onRelayLine: RelayLineListener | null = null) {
    this.#config = config;
    this.#onRelayLine = onRelayLine;
    this.#tcpPort = config.tcpPort;
    this.#websocketPort = config.websocketPort;
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

  // Async, here and below: the contract's failures are rejections, never exceptions.
  // eslint-disable-next-line @typescript-eslint/require-await
  async subscribe(pubsubTopic: string): Promise<void> {
    const running = this.#need('subscribe');
    const verdict = checkTopic(pubsubTopic);
    if (!verdict.ok) throw failure('subscribe', verdict.code, verdict.message, verdict.hint);
    this.#subscribe(running, pubsubTopic);
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async unsubscribe(pubsubTopic: string): Promise<void> {
    const { relay, mesh } = this.#need('unsubscribe');
    if (!relay.getTopics().includes(pubsubTopic)) return;
    relay.unsubscribe(pubsubTopic);
    relay.counts.left();
    relay.topicValidators.delete(pubsubTopic);
    mesh.look(meshesOf(relay));
  }

  async publish(pubsubTopic: string, message: WakuMessage, options?: CallOptions): Promise<PublishReceipt> {
    const { relay } = this.#need('publish');
    if (!relay.topicValidators.has(pubsubTopic))
      throw failure(
        'publish',
        'NOT_SUBSCRIBED',
        `The node is not subscribed to ${pubsubTopic}.`,
        'Subscribe to the topic first.',
      );
    return this.publishUnsubscribed(pubsubTopic, message, options);
  }

  async publishUnsubscribed(
    pubsubTopic: string,
    message: WakuMessage,
    options?: CallOptions,
  ): Promise<PublishReceipt> {
    const { relay } = this.#need('publish');
    if (options?.signal?.aborted === true)
      throw failure('publish', 'CANCELLED', 'The call was cancelled.', 'Call again.');
    try {
      const { recipients } = await relay.publish(pubsubTopic, encodeMessage(message));
      this.#relayed(pubsubTopic, message, null);
      await relay.sent(recipients.map((peer) => peer.toString()));
      return { sentToPeers: recipients.length };
    } catch (error) {
      if (describeDeep(error) !== 'PublishError.Duplicate') throw error;
      const hint = 'Change a field or the timestamp to send it as a new message.';
      throw failure('publish', 'MESSAGE_DUPLICATE', 'This message was sent or heard already.', hint);
    }
  }

  async connect(address: string, options: TimedCallOptions = {}): Promise<string> {
    const { peers } = this.#need('connect');
    return peers.connect(dialTarget(address, 'engine.connect'), 'manual', options);
  }

  async disconnect(peerId: string): Promise<void> {
    await this.#need('disconnect').peers.disconnect(peerId);
  }

  async ping(peerId: string, options: TimedCallOptions = {}): Promise<number> {
    return this.#need('ping').peers.ping(peerId, options);
  }

  peers(): Promise<PeerInfo[]> {
    return Promise.resolve(this.#running?.peers.list() ?? []);
  }

  scores(): Promise<Record<string, number>> {
    if (this.#running === null) return Promise.resolve({});
    const { peers, relay } = this.#running;
    return Promise.resolve(
      Object.fromEntries(peers.list().map(({ peerId }) => [peerId, relay.scoreOf(peerId)])),
    );
  }

  mesh(pubsubTopic: string): Promise<string[]> {
    return Promise.resolve(this.#running?.relay.meshPeers(pubsubTopic) ?? []);
  }

  relayPeers(pubsubTopic: string): Promise<string[]> {
    const relay = this.#running?.relay;
    if (relay?.getTopics().includes(pubsubTopic) !== true) return Promise.resolve([]);
    return Promise.resolve(relay.getSubscribers(pubsubTopic).map((peer) => peer.toString()));
  }

  topics(): Promise<string[]> {
    return Promise.resolve(this.#running?.relay.getTopics() ?? []);
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async metrics(): Promise<string> {
    const { node, peers } = this.#need('metrics');
    const figures = { messages: this.#messagesRelayed, networkBytes: this.#networkBytes.total() };
    return familiesText(engineFamilies(node, peers, figures));
  }

  filterSubscribe(): Promise<void> {
    return this.#cannot('filterSubscribe', 'lightClient');
  }

  filterUnsubscribe(): Promise<void> {
    return this.#cannot('filterUnsubscribe', 'lightClient');
  }

  lightPush(): Promise<void> {
    return this.#cannot('lightPush', 'lightClient');
  }

  storeQuery(): Promise<never> {
    return this.#cannot('storeQuery', 'storeQuery');
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async #cannot(verb: string, capability: 'lightClient' | 'storeQuery'): Promise<never> {
    demand(`engine.${verb}`, this.info.capabilities[capability]);
    throw new TypeError(`the embedded engine declares ${capability} and has it not`);
  }

  #need(verb: string): Running {
    if (this.#running !== null) return this.#running;
    throw failure(verb, 'NOT_RUNNING', 'The node is not running.', 'Start it first.');
  }

  async #start(): Promise<NodeIdentity> {
    this.#setState('starting');
    try {
      const topics = configuredTopics(this.#config);
      const staticNodes = this.#config.staticNodes.map((address) => dialTarget(address, 'engine.start'));
      this.#privateKey ??= await nodeKey(this.#config.nodeKey);
      const running = this.#run(
        await startNode({
          config: { ...this.#config, tcpPort: this.#tcpPort, websocketPort: this.#websocketPort },
          privateKey: this.#privateKey,
          onLog: (component, text) => {
            this.#log('debug', component, text);
          },
          onSocket: (socket) => {
            this.#networkBytes.watch(socket);
          },
        }),
      );
      this.#tcpPort = portOf(running.identity, 'tcp') ?? this.#tcpPort;
      this.#websocketPort = portOf(running.identity, 'ws');
      for (const topic of topics) this.#subscribe(running, topic);
      await running.peers.start(staticNodes);
      this.#setState('running');
      return running.identity;
    } catch (error) {
      const failed = asWakuDeskError(error, {
        code: 'ENGINE_FAILED',
        operation: 'engine.start',
        hint: 'Look at the log, and report it if it comes again.',
      });
      await this.#halt();
      this.#setState('failed', failed);
      throw failed;
    }
  }

  async #stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    if (this.#running !== null) this.#setState('stopping');
    await this.#halt();
    this.#setState('stopped');
  }

  async #halt(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    // What was published just now reaches its neighbours first; who takes nothing is not waited for.
    await running.peers.settle(SETTLE_MS);
    running.peers.end();
    running.mesh.end();
    const patience = setTimeout(() => {
      for (const connection of running.node.getConnections()) connection.abort(new Error('the node stops'));
    }, GOODBYE_MS);
    try {
      await running.node.stop();
    } finally {
      clearTimeout(patience);
    }
  }

  #run(node: RelayNode): Running {
    const { relay } = node.services;
    const emit = (event: EngineEvent): void => {
      this.#events.emit(event);
    };
    const peers = new Peers({ node, config: this.#config, emit, log: this.#log.bind(this) });
    const mesh = new MeshWatch(emit);
    const identity: NodeIdentity = {
      peerId: node.peerId.toString(),
      listenAddresses: node.getMultiaddrs().map((address) => address.toString()),
      enr: null,
      version: this.info.version,
    };
    const checkMesh = (): void => {
      mesh.look(meshesOf(relay));
    };
    node.addEventListener('peer:disconnect', checkMesh);
    relay.addEventListener('gossipsub:graft', checkMesh);
    relay.addEventListener('gossipsub:prune', checkMesh);
    relay.addEventListener('gossipsub:heartbeat', () => {
      checkMesh();
      peers.hangUpOnMuted();
    });
    const tellTransfer = this.#transferTeller(identity.peerId);
    if (tellTransfer !== null)
      relay.onSent((topic, data, peerIds) => {
        for (const peerId of peerIds) tellTransfer(true, topic, data, peerId);
      });
    relay.addEventListener('gossipsub:message', ({ detail: { propagationSource, msg } }) => {
      const message = this.#decoded.get(msg.data);
      // Subscribing sets the validator first, so every message that gets here has been decoded.
      if (message === undefined) throw new Error('a message passed the relay without its validator');
      tellTransfer?.(false, msg.topic, msg.data, propagationSource.toString());
      this.#relayed(msg.topic, message, propagationSource.toString());
    });
    this.#running = { node, relay, peers, mesh, identity };
    return this.#running;
  }

  #subscribe({ relay, mesh }: Running, pubsubTopic: string): void {
    if (relay.topicValidators.has(pubsubTopic)) return;
    relay.scoreTopic(pubsubTopic);
    relay.topicValidators.set(pubsubTopic, (peer, message) => this.#validate(peer, message));
    relay.subscribe(pubsubTopic);
    relay.counts.joined();
    mesh.look(meshesOf(relay));
  }

  /** The relay rules, before a message is shown or passed on. */
  #validate(peer: PeerId, { topic, data }: Message): TopicValidatorResult {
    // A node that is stopping takes no more work on, however much keeps coming.
    if (this.#running === null) return TopicValidatorResult.Ignore;
    let code: ErrorCode;
    try {
      const message = decodeMessage(data);
      const verdict = checkReceived(message, this.#config);
      if (verdict.ok) {
        this.#decoded.set(data, message);
        return TopicValidatorResult.Accept;
      }
      ({ code } = verdict);
    } catch (error) {
      if (!(error instanceof MalformedMessageError)) throw error;
      code = 'MESSAGE_MALFORMED';
    }
    const fromPeer = peer.toString();
    this.#events.emit({
      type: 'messageRefused',
      pubsubTopic: topic,
      fromPeer,
      code,
      sizeBytes: data.length,
    });
    return TopicValidatorResult.Reject;
  }

  /** @param fromPeer null for the own message, echoed */
  #relayed(pubsubTopic: string, message: WakuMessage, fromPeer: string | null): void {
    this.#messagesRelayed++;
    this.#events.emit({
      type: 'messageReceived',
      pubsubTopic,
      message,
      receivedNs: nowNs(),
      fromPeer,
      own: fromPeer === null,
      claimedHash: null,
    });
  }

  /** null: nobody wants to know. */
  #transferTeller(
    myPeer: string,
  ): ((isSent: boolean, pubsubTopic: string, data: Uint8Array, peer: string) => void) | null {
    const onLine = this.#onRelayLine;
    if (onLine === null) return null;
    const lines = new RelayLines();
    return (isSent, pubsubTopic, data, peer) => {
      // An own message has passed no validator.
      const message = this.#decoded.get(data) ?? decodeMessage(data);
      onLine(lines.line({ isSent, myPeer, peer, pubsubTopic, message, data }));
    };
  }

  #setState(state: EngineState, error: WakuDeskError | null = null): void {
    this.#state = state;
    this.#events.emit({ type: 'stateChanged', state, error: error?.toData() ?? null });
  }

  #log(level: LogLevel, component: string, text: string): void {
    this.#events.emit({ type: 'logged', level, component, text, atNs: nowNs() });
  }
}

function meshesOf(relay: RelayService): Map<string, string[]> {
  return new Map(relay.getTopics().map((topic) => [topic, relay.meshPeers(topic)]));
}
