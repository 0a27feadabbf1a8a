/**
 * Owns one engine and everything that its node says and does: lifecycle, peers, mesh, statistics, messages in
 * and out. Hosts (command line, server, window) attach to it and call it; none talks to an engine itself.
 */
import type { NewMessage } from '../capture/records.ts';
import type { SummaryRing } from '../capture/summary-ring.ts';
import { nowNs } from '../engine/clock.ts';
import { configuredTopics, type NodeConfig } from '../engine/config.ts';
import type { CallOptions, Engine, NodeIdentity, TimedCallOptions } from '../engine/engine.ts';
import { asWakuDeskError, WakuDeskError } from '../engine/errors.ts';
import type { EngineEvent, EngineState } from '../engine/events.ts';
import {
  checkHash,
  checkPublish,
  checkReceived,
  checkTopic,
  duplicate,
  type Verdict,
} from '../engine/relay-rules.ts';
import { messageHashText, type HashText } from '../waku/hash.ts';
import { createMessage, type WakuMessage } from '../waku/message.ts';
import { autoShard } from '../waku/sharding.ts';
import { formatPubsubTopic } from '../waku/topics.ts';
import { Intake, type CaptureLog, type Entry } from './intake.ts';
import { NodeView } from './node-view.ts';
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

export interface PublishRequest {
  payload: Uint8Array;
  contentTopic: string;
  /** Left out: the shard follows from the content topic (auto-sharding), which needs no subscription. */
  pubsubTopic?: string;
  /** Left out or 0: now. */
  timestampNs?: bigint;
  version?: number;
  meta?: Uint8Array;
  ephemeral?: boolean;
}

export interface PublishResult {
  hash: HashText;
  pubsubTopic: string;
  timestampNs: bigint;
  /** Neighbours that it was really sent to; null where the engine cannot count. */
  sentToPeers: number | null;
}

export class Session {
  readonly #engine: Engine;
  readonly #config: NodeConfig;
  readonly #intake: Intake;
  readonly #view = new NodeView();
  readonly #statistics = new Statistics();
  /** Own entries, and null for messages heard. */
  readonly #seen = new SeenHashes<Entry | null>();
  readonly #subscribers = new Set<Subscriber>();
  /** Topics that the user wants, also over a restart of the engine. */
  readonly #wanted: Set<string>;
  #lastState: EngineState = 'stopped';

  constructor({ engine, config, capture = null, maxSummaries = DEFAULT_MAX_SUMMARIES }: SessionOptions) {
    this.#engine = engine;
    this.#config = config;
    this.#wanted = new Set(configuredTopics(config));
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
      statistics: this.#statistics.read(Date.now()),
      firstPosition: summaries.first,
      nextPosition: summaries.last + 1,
    };
  }

  /** Starts the engine and brings the wanted subscriptions back. @throws as {@link Engine.start} */
  async start(): Promise<NodeIdentity> {
    for (const topic of this.#wanted) this.#view.topicSubscribed(topic);
    const identity = await this.#engine.start();
    this.#view.identity = identity;
    const subscribed = new Set(await this.#engine.topics());
    for (const topic of this.#wanted) if (!subscribed.has(topic)) await this.#engine.subscribe(topic);
    for (const topic of subscribed) if (!this.#wanted.has(topic)) await this.#engine.unsubscribe(topic);
    await this.#intake.delivered();
    return identity;
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

  /** @throws WakuDeskError TOPIC_INVALID, NOT_RUNNING */
  async subscribe(pubsubTopic: string): Promise<void> {
    passOrThrow(checkTopic(pubsubTopic), 'session.subscribe');
    this.#view.topicSubscribed(pubsubTopic);
    try {
      await this.#engine.subscribe(pubsubTopic);
    } catch (error) {
      this.#view.topicUnsubscribed(pubsubTopic);
      throw error;
    }
    this.#wanted.add(pubsubTopic);
  }

  /** @throws WakuDeskError NOT_RUNNING */
  async unsubscribe(pubsubTopic: string): Promise<void> {
    await this.#engine.unsubscribe(pubsubTopic);
    this.#wanted.delete(pubsubTopic);
    this.#view.topicUnsubscribed(pubsubTopic);
  }

  /**
   * Checks the relay rules, keeps the message as an own one with a fixed timestamp and hash, and sends it.
   * What becomes of it is appended to it as states.
   * @throws WakuDeskError with the code of the rule that refuses it, or as {@link Engine.publish}
   */
  async publish(request: PublishRequest, options?: CallOptions): Promise<PublishResult> {
    const { message, pubsubTopic } = this.#prepare(request);
    const hash = messageHashText(pubsubTopic, message);
    const atNs = nowNs();
    if (this.#seen.get(hash, atNs) !== undefined) passOrThrow(duplicate(hash), 'session.publish');
    const own: NewMessage = { dir: 'out', pubsubTopic, message, hash, receivedNs: atNs, fromPeer: null };
    const entry = this.#take(own);
    if (entry === null)
      throw new WakuDeskError('CAPTURE_WRITE_FAILED', 'The disk is too slow for this many messages.', {
        operation: 'session.publish',
        hint: 'Send more slowly, or capture to a faster disk.',
      });
    this.#seen.add(hash, entry, atNs);
    try {
      const { sentToPeers } = await this.#engine.publish(pubsubTopic, message, options);
      this.#intake.state(entry, nowNs(), { state: 'accepted' });
      if (sentToPeers !== null) this.#intake.state(entry, nowNs(), { state: 'sent', peers: sentToPeers });
      return { hash, pubsubTopic, timestampNs: message.timestampNs, sentToPeers };
    } catch (error) {
      const failed = asWakuDeskError(error, {
        code: 'ENGINE_FAILED',
        operation: 'session.publish',
        hint: 'Look at the log.',
      });
      this.#intake.state(entry, nowNs(), { state: 'failed', code: failed.code });
      throw failed;
    }
  }

  /** @throws as {@link Engine.connect} */
  async connect(multiaddr: string, options?: TimedCallOptions): Promise<string> {
    const peerId = await this.#engine.connect(multiaddr, options);
    // The peer is in the snapshot when the caller looks.
    await this.#intake.delivered();
    return peerId;
  }

  /** @throws as {@link Engine.disconnect} */
  disconnect(peerId: string): Promise<void> {
    return this.#engine.disconnect(peerId);
  }

  /** @returns ms @throws as {@link Engine.ping} */
  async ping(peerId: string, options?: TimedCallOptions): Promise<number> {
    const latencyMs = await this.#engine.ping(peerId, options);
    this.#view.pingMeasured(peerId, latencyMs);
    return latencyMs;
  }

  #prepare(request: PublishRequest): { message: WakuMessage; pubsubTopic: string } {
    const timestampNs = request.timestampNs ?? 0n;
    const message = createMessage({
      payload: request.payload,
      contentTopic: request.contentTopic,
      timestampNs: timestampNs === 0n ? nowNs() : timestampNs,
      version: request.version ?? 0,
      ephemeral: request.ephemeral ?? false,
      ...(request.meta === undefined ? {} : { meta: request.meta }),
    });
    const pubsubTopic = request.pubsubTopic ?? this.#autoTopic(request.contentTopic);
    const subscribed = request.pubsubTopic === undefined || this.#view.isSubscribed(pubsubTopic);
    const { maxMessageBytes } = this.#config;
    passOrThrow(checkPublish(pubsubTopic, message, { maxMessageBytes, subscribed }), 'session.publish');
    return { message, pubsubTopic };
  }

  #autoTopic(contentTopic: string): string {
    const { clusterId: cluster, shardsInNetwork } = this.#config;
    const shard = shardsInNetwork === 0 ? null : autoShard(contentTopic, shardsInNetwork);
    if (shard !== null) return formatPubsubTopic({ cluster, shard });
    throw new WakuDeskError('TOPIC_INVALID', 'No shard is given and none follows from the content topic.', {
      operation: 'session.publish',
      hint: 'Name the shard, or set the number of shards in the network and write the content topic as /application/version/name/encoding.',
    });
  }

  #heard(event: EngineEvent): void {
    switch (event.type) {
      case 'messageReceived':
        this.#received(event);
        return;
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
  }

  #received(event: Extract<EngineEvent, { type: 'messageReceived' }>): void {
    const { pubsubTopic, message, receivedNs, fromPeer, own } = event;
    const hash = messageHashText(pubsubTopic, message);
    const seen = this.#seen.get(hash, receivedNs);
    if (seen !== undefined) {
      if (own && seen !== null) this.#intake.state(seen, receivedNs, { state: 'echoed' });
      else this.#statistics.counts.duplicates++;
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
    this.#seen.add(hash, own ? entry : null, receivedNs);
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

/** @throws WakuDeskError with the verdict's code */
function passOrThrow(verdict: Verdict, operation: string): void {
  if (!verdict.ok) throw new WakuDeskError(verdict.code, verdict.message, { operation, hint: verdict.hint });
}
