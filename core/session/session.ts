/**
 * Owns one engine and everything that its node says and does: lifecycle, peers, mesh, statistics, messages in
 * and out. Hosts (command line, server, window) attach to it and call it; none talks to an engine itself.
 */
import type { NewMessage } from '../capture/records.ts';
import type { SummaryRing } from '../capture/summary-ring.ts';
import { configuredTopics, type NodeConfig } from '../engine/config.ts';
import type { Engine, NodeIdentity, TimedCallOptions } from '../engine/engine.ts';
import { demand } from '../engine/engine-capabilities.ts';
import { WakuDeskError } from '../engine/errors.ts';
import type { EngineEvent, EngineState } from '../engine/events.ts';
import { checkHash, checkReceived, checkTopic, passOrThrow } from '../engine/relay-rules.ts';
import { redactedEvent, redactedFailure, redactor, type Redact } from '../engine/redact.ts';
import { checkStoreQuery, type StorePage, type StoreQuery } from '../engine/store-query.ts';
import { messageHashText } from '../waku/hash.ts';
import { FilterKeeper } from './filter-keeper.ts';
import { Intake, type CaptureLog, type Entry } from './intake.ts';
import { NodeView } from './node-view.ts';
import { Publisher, type Own, type PublishRequest, type PublishResult } from './publisher.ts';
import { SeenHashes } from './seen.ts';
import { Statistics } from './statistics.ts';
import { Subscriber, type BatchListener, type SubscriberOptions } from './subscriber.ts';
import type { SessionEvent, SessionSnapshot } from './types.ts';

export const DEFAULT_MAX_SUMMARIES = 100_000;

export interface SessionOptions {
  engine: Engine;
  config: NodeConfig;
  /** Where messages are kept; null keeps them in memory only. */
  capture?: CaptureLog | null;
  /** Newest messages kept in memory as summaries; 100,000 by default. */
  maxSummaries?: number;
}

export interface FilterRequest {
  contentTopics: readonly string[];
  /** Left out: every pubsub topic of the node. */
  pubsubTopic?: string;
}

/** For a service node to answer; those who know better say so. */
const SERVICE = { timeoutMs: 20_000 };

export class Session {
  readonly #engine: Engine;
  readonly #config: NodeConfig;
  readonly #redact: Redact;
  readonly #filters: FilterKeeper;
  readonly #intake: Intake;
  readonly #view = new NodeView();
  readonly #statistics = new Statistics();
  /** null for messages heard. */
  readonly #seen = new SeenHashes<Own | null>();
  readonly #publisher: Publisher;
  readonly #subscribers = new Set<Subscriber>();
  /** Topics that the user wants, also over a restart of the engine. */
  readonly #wanted: Set<string>;
  #lastState: EngineState = 'stopped';

  constructor({ engine, config, capture = null, maxSummaries = DEFAULT_MAX_SUMMARIES }: SessionOptions) {
    this.#engine = engine;
    this.#config = config;
    this.#redact = redactor(config);
    this.#wanted = new Set(configuredTopics(config));
    this.#filters = new FilterKeeper({
      engine,
      changed: (filters) => {
        this.#intake.event({ type: 'filtersChanged', filters });
      },
    });
    this.#intake = new Intake({
      capture,
      maxSummaries,
      deliver: (delta) => {
        // Applied when it is told and not before: a snapshot and the batches after it never overlap.
        for (const event of delta.events) this.#view.apply(event);
        for (const subscriber of this.#subscribers) subscriber.push(delta);
      },
      notCaptured: (messages) => {
        this.#statistics.counts.notCaptured += messages;
      },
    });
    this.#publisher = new Publisher({
      engine,
      config,
      seen: this.#seen,
      isSubscribed: (topic) => this.#view.isSubscribed(topic),
      take: (message) => this.#take(message),
      state: (entry, atNs, delivery) => {
        this.#intake.state(entry, atNs, delivery);
      },
    });
    if (config.light) for (const topic of this.#wanted) this.#filters.want(topic, config.contentTopics);
    this.#view.filters = this.#filters.status();
    engine.onEvent((event) => {
      this.#heard(event);
    });
  }

  /** The newest messages, by position. */
  get summaries(): Pick<SummaryRing, 'at' | 'first' | 'last' | 'length'> {
    return this.#intake.summaries;
  }

  /**
   * Hears everything from the snapshot on, in numbered batches.
   * @returns the state at this moment, and the way to stop hearing
   */
  attach(
    listener: BatchListener,
    options?: SubscriberOptions,
  ): { snapshot: SessionSnapshot; detach: () => void } {
    const subscriber = new Subscriber(listener, options);
    this.#subscribers.add(subscriber);
    const detach = (): void => {
      subscriber.end();
      this.#subscribers.delete(subscriber);
    };
    return { snapshot: this.snapshot(), detach };
  }

  snapshot(): SessionSnapshot {
    const { summaries } = this.#intake;
    return {
      engine: this.#engine.info,
      state: this.#view.state,
      error: this.#view.error,
      identity: this.#view.identity,
      peers: this.#view.peers(),
      topics: this.#view.topics(),
      filters: this.#view.filters,
      statistics: this.#statistics.read(Date.now()),
      firstPosition: summaries.first,
      nextPosition: summaries.last + 1,
    };
  }

  /**
   * Starts the engine and brings the wanted subscriptions back. A light client is up before anybody serves it: its
   * filters are asked for when a service node is there.
   * @throws as {@link Engine.start}
   */
  async start(): Promise<NodeIdentity> {
    for (const topic of this.#wanted) this.#view.topicSubscribed(topic);
    const identity = await this.#call(() => this.#engine.start());
    this.#view.identity = identity;
    this.#filters.start();
    if (!this.#config.light) await this.#relayWanted();
    await this.#intake.delivered();
    return identity;
  }

  async #relayWanted(): Promise<void> {
    const subscribed = new Set(await this.#engine.topics());
    for (const topic of this.#wanted) if (!subscribed.has(topic)) await this.#engine.subscribe(topic);
    for (const topic of subscribed) if (!this.#wanted.has(topic)) await this.#engine.unsubscribe(topic);
  }

  /** Whether the node relays a topic, or as a light client hears its messages. */
  isSubscribed(pubsubTopic: string): boolean {
    return this.#view.isSubscribed(pubsubTopic);
  }

  /** Resolves when everything heard so far is stored and told. */
  delivered(): Promise<void> {
    return this.#intake.delivered();
  }

  /** Ends the node; everything heard until then is stored. Idempotent. */
  async stop(): Promise<void> {
    await this.#engine.stop();
    await this.#intake.flush();
  }

  /**
   * Relays a topic; a light client asks for its content topics on it.
   * @throws WakuDeskError TOPIC_INVALID, NOT_RUNNING; of a light client as {@link Engine.filterSubscribe}
   */
  async subscribe(pubsubTopic: string): Promise<void> {
    passOrThrow(checkTopic(pubsubTopic), 'session.subscribe');
    this.#view.topicSubscribed(pubsubTopic);
    try {
      if (this.#config.light) await this.#filterTopic(pubsubTopic, this.#filters.contentTopics);
      else await this.#call(() => this.#engine.subscribe(pubsubTopic));
    } catch (error) {
      this.#view.topicUnsubscribed(pubsubTopic);
      throw error;
    }
    this.#wanted.add(pubsubTopic);
  }

  /** @throws WakuDeskError NOT_RUNNING */
  async unsubscribe(pubsubTopic: string): Promise<void> {
    if (this.#config.light)
      await this.#call(() => this.#filters.unsubscribe(pubsubTopic, this.#filters.contentTopics, SERVICE));
    else await this.#call(() => this.#engine.unsubscribe(pubsubTopic));
    this.#wanted.delete(pubsubTopic);
    this.#view.topicUnsubscribed(pubsubTopic);
  }

  /**
   * Light client: hears these content topics from now on, and asks again when the service node has gone.
   * @throws WakuDeskError as the capability says, also of a node that is stopped; TOPIC_INVALID, NOT_SUBSCRIBED without
   *   a pubsub topic; as {@link Engine.filterSubscribe}
   */
  async filterSubscribe(request: FilterRequest, options?: TimedCallOptions): Promise<void> {
    const topics = this.#filterTopics(request, [...this.#wanted], 'session.filterSubscribe');
    if (topics.length === 0)
      throw new WakuDeskError('NOT_SUBSCRIBED', 'The node has no pubsub topic to hear these on.', {
        operation: 'session.filterSubscribe',
        hint: 'Name the pubsub topic.',
      });
    for (const topic of topics) {
      await this.#filterTopic(topic, request.contentTopics, options);
      if (!this.#config.light) continue;
      this.#wanted.add(topic);
      this.#view.topicSubscribed(topic);
    }
    await this.#intake.delivered();
  }

  /** What was not asked for is no error. @throws as {@link filterSubscribe} */
  async filterUnsubscribe(request: FilterRequest, options?: TimedCallOptions): Promise<void> {
    const { contentTopics } = request;
    const heard = this.#filters.status().map(({ pubsubTopic }) => pubsubTopic);
    for (const topic of this.#filterTopics(request, heard, 'session.filterUnsubscribe'))
      await this.#call(() => this.#filters.unsubscribe(topic, contentTopics, { ...SERVICE, ...options }));
    await this.#intake.delivered();
  }

  /**
   * One page of a store node.
   * @throws WakuDeskError as the capability says, also of a node that is stopped; as {@link checkStoreQuery} and
   *   {@link Engine.storeQuery}
   */
  async storeQuery(query: StoreQuery, options?: TimedCallOptions): Promise<StorePage> {
    demand('session.storeQuery', this.#engine.info.capabilities.storeQuery);
    checkStoreQuery(query);
    return this.#call(() => this.#engine.storeQuery(query, { ...SERVICE, ...options }));
  }

  /** @throws as {@link Publisher.publish} */
  publish(request: PublishRequest, options?: TimedCallOptions): Promise<PublishResult> {
    return this.#call(() => this.#publisher.publish(request, options));
  }

  /** @throws as {@link Engine.connect} */
  async connect(multiaddr: string, options?: TimedCallOptions): Promise<string> {
    const peerId = await this.#call(() => this.#engine.connect(multiaddr, options));
    // The peer is in the snapshot when the caller looks.
    await this.#intake.delivered();
    return peerId;
  }

  /** @throws as {@link Engine.disconnect} */
  disconnect(peerId: string): Promise<void> {
    return this.#call(() => this.#engine.disconnect(peerId));
  }

  /** @returns ms @throws as {@link Engine.ping} */
  async ping(peerId: string, options?: TimedCallOptions): Promise<number> {
    const latencyMs = await this.#call(() => this.#engine.ping(peerId, options));
    this.#view.pingMeasured(peerId, latencyMs);
    return latencyMs;
  }

  /** The engine's failures quote its configuration at times: nothing of them that is secret leaves this room. */
  async #call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw redactedFailure(error, this.#redact);
    }
  }

  /** @param all what a request without a pubsub topic means */
  #filterTopics(
    { pubsubTopic, contentTopics }: FilterRequest,
    all: readonly string[],
    operation: string,
  ): readonly string[] {
    demand(operation, this.#engine.info.capabilities.lightClient);
    if (contentTopics.length === 0 || contentTopics.includes(''))
      throw new WakuDeskError('CONTENT_TOPIC_EMPTY', 'A filter needs content topics, none of them empty.', {
        operation,
        hint: 'Give one, such as /app/1/name/proto.',
      });
    if (pubsubTopic !== undefined) {
      passOrThrow(checkTopic(pubsubTopic), operation);
      return [pubsubTopic];
    }
    return all;
  }

  async #filterTopic(
    pubsubTopic: string,
    contentTopics: readonly string[],
    options?: TimedCallOptions,
  ): Promise<void> {
    if (this.#engine.state !== 'running')
      throw new WakuDeskError('NOT_RUNNING', 'The node is not running.', {
        operation: 'session.filterSubscribe',
        hint: 'Start it first.',
      });
    await this.#call(() => this.#filters.subscribe(pubsubTopic, contentTopics, { ...SERVICE, ...options }));
  }

  #heard(given: EngineEvent): void {
    if (given.type === 'messageReceived') {
      this.#received(given);
      return;
    }
    const event = redactedEvent(given, this.#redact);
    switch (event.type) {
      case 'gapped':
        this.#intake.gap({ reason: event.reason, lost: event.lost, detail: event.detail });
        this.#statistics.counts.dropped += event.lost ?? 0;
        return;
      case 'messageRefused':
        this.#statistics.refused(event.code);
        break;
      case 'stateChanged':
        if (event.state === 'failed' && this.#lastState === 'running')
          this.#intake.gap({
            reason: 'engine',
            lost: null,
            detail: event.error?.message ?? 'the engine failed',
          });
        this.#lastState = event.state;
        break;
      default:
    }
    this.#intake.event(event);
    this.#filters.heard(event);
  }

  #received(event: Extract<EngineEvent, { type: 'messageReceived' }>): void {
    const { pubsubTopic, message, receivedNs, fromPeer, own } = event;
    const hash = messageHashText(pubsubTopic, message);
    const seen = this.#seen.get(hash, receivedNs);
    if (seen !== undefined) {
      if (seen === null || !this.#publisher.echoed(seen, own, receivedNs))
        this.#statistics.counts.duplicates++;
      return;
    }
    const verdict = checkReceived(message, this.#config);
    if (!verdict.ok) {
      this.#refuse(verdict.code, event);
      return;
    }
    // Kept all the same, under the hash of its fields: the claim is what is wrong.
    const claim = checkHash(hash, event.claimedHash);
    if (!claim.ok) this.#refuse(claim.code, event);
    const dir = own ? 'out' : 'in';
    const entry = this.#take({ dir, pubsubTopic, message, hash, receivedNs, fromPeer });
    this.#seen.add(hash, own && entry !== null ? { entry, via: 'relay', echoed: true } : null, receivedNs);
  }

  #refuse(code: SessionRefusal['code'], event: Extract<EngineEvent, { type: 'messageReceived' }>): void {
    this.#statistics.refused(code);
    this.#intake.event({
      type: 'messageRefused',
      pubsubTopic: event.pubsubTopic,
      fromPeer: event.fromPeer,
      code,
      sizeBytes: event.message.payload.length,
    });
  }

  #take(message: NewMessage): Entry | null {
    const entry = this.#intake.message(message);
    if (entry === null) this.#statistics.counts.dropped++;
    else this.#statistics.message(message.dir, message.message.payload.length, Date.now());
    return entry;
  }
}

type SessionRefusal = Extract<SessionEvent, { type: 'messageRefused' }>;
