/** The way out: rules, a record with a fixed hash, the engine, and what became of it. */
import type { DeliveryState, NewMessage } from '../capture/records.ts';
import { nowNs } from '../engine/clock.ts';
import type { NodeConfig } from '../engine/config.ts';
import type { Engine, PublishReceipt, TimedCallOptions } from '../engine/engine.ts';
import { demand } from '../engine/engine-capabilities.ts';
import { asWakuDeskError, WakuDeskError, type ErrorCode } from '../engine/errors.ts';
import { checkPublish, duplicate, passOrThrow } from '../engine/relay-rules.ts';
import { messageHashText, type HashText } from '../waku/hash.ts';
import { createMessage, type WakuMessage } from '../waku/message.ts';
import { autoShard } from '../waku/sharding.ts';
import { formatPubsubTopic } from '../waku/topics.ts';
import type { Entry } from './intake.ts';
import type { SeenHashes } from './seen.ts';

/** How a message leaves the node. */
export type PublishRoute = 'relay' | 'lightpush';

export interface PublishRequest {
  payload: Uint8Array;
  contentTopic: string;
  /** Left out: the shard follows from the content topic (auto-sharding), which needs no subscription. */
  pubsubTopic?: string;
  /** Left out or 0: now. */
  timestampNs?: bigint;
  version?: number;
  meta?: Uint8Array;
  /** RLN proof, opaque here. */
  rateLimitProof?: Uint8Array;
  ephemeral?: boolean;
  /** Left out: as the node works, by relay or as a light client. */
  via?: PublishRoute;
}

export interface PublishResult {
  hash: HashText;
  pubsubTopic: string;
  timestampNs: bigint;
  /** Neighbours that it was really sent to; null where the engine cannot count. */
  sentToPeers: number | null;
}

/** A message of this session's own, until the duplicate window has passed. */
export interface Own {
  entry: Entry;
  via: PublishRoute;
  echoed: boolean;
}

/** For a service node to take a message; callers who know better say so. */
const PUSH_TIMEOUT_MS = 20_000;

export interface PublisherOptions {
  engine: Engine;
  config: NodeConfig;
  seen: SeenHashes<Own | null>;
  isSubscribed: (pubsubTopic: string) => boolean;
  /** @returns null when the queue before the disk is full */
  take: (message: NewMessage) => Entry | null;
  state: (entry: Entry, atNs: bigint, delivery: DeliveryState) => void;
}

/** What a service node, or that there is none, says of a message. */
const NOT_TAKEN: readonly ErrorCode[] = ['NO_SERVICE_PEER', 'SERVICE_REFUSED'];

export class Publisher {
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Whether a message that is heard is the first echo of an own one; it is one state more then. */
  echoed(own: Own, fromHere: boolean, atNs: bigint): boolean {
    // What was pushed comes back by filter as anybody's.
    if (own.echoed || !(fromHere || own.via === 'lightpush')) return false;
    own.echoed = true;
    this.#options.state(own.entry, atNs, { state: 'echoed' });
    return true;
  }

  /**
   * Checks the relay rules, keeps the message as an own one with a fixed timestamp and hash, and sends it.
   * What becomes of it is appended to it as states.
   * @throws WakuDeskError with the code of the rule that refuses it, or as {@link Engine.publish} or
   *   {@link Engine.lightPush}
   */
  async publish(request: PublishRequest, options?: TimedCallOptions): Promise<PublishResult> {
    const via = this.#routeOf(request);
    const { message, pubsubTopic } = this.#prepare(request, via);
    const hash = messageHashText(pubsubTopic, message);
    const atNs = nowNs();
    if (this.#options.seen.get(hash, atNs) !== undefined) passOrThrow(duplicate(hash), 'session.publish');
    const own: NewMessage = { dir: 'out', pubsubTopic, message, hash, receivedNs: atNs, fromPeer: null };
    const entry = this.#options.take(own);
    if (entry === null)
      throw new WakuDeskError('CAPTURE_WRITE_FAILED', 'The disk is too slow for this many messages.', {
        operation: 'session.publish',
        hint: 'Send more slowly, or capture to a faster disk.',
      });
    this.#options.seen.add(hash, { entry, via, echoed: false }, atNs);
    try {
      const { sentToPeers } = await this.#send(request, via, { pubsubTopic, message }, options);
      this.#options.state(entry, nowNs(), { state: 'accepted' });
      if (sentToPeers !== null) this.#options.state(entry, nowNs(), { state: 'sent', peers: sentToPeers });
      return { hash, pubsubTopic, timestampNs: message.timestampNs, sentToPeers };
    } catch (error) {
      const failed = asWakuDeskError(error, {
        code: 'ENGINE_FAILED',
        operation: 'session.publish',
        hint: 'Look at the log.',
      });
      // Surely nobody has it: to send it again is no duplicate.
      if (NOT_TAKEN.includes(failed.code)) this.#options.seen.forget(hash);
      this.#options.state(entry, nowNs(), { state: 'failed', code: failed.code });
      throw failed;
    }
  }

  /** @throws WakuDeskError as the capability says; NOT_SUBSCRIBED where a light client is to relay */
  #routeOf({ via = this.#options.config.light ? 'lightpush' : 'relay' }: PublishRequest): PublishRoute {
    if (via === 'lightpush') demand('session.publish', this.#options.engine.info.capabilities.lightClient);
    else if (this.#options.config.light)
      throw new WakuDeskError('NOT_SUBSCRIBED', 'The node is a light client: it relays nothing.', {
        operation: 'session.publish',
        hint: 'Publish by lightpush, or run it as a relay node.',
      });
    return via;
  }

  async #send(
    request: PublishRequest,
    via: PublishRoute,
    { pubsubTopic, message }: { pubsubTopic: string; message: WakuMessage },
    options?: TimedCallOptions,
  ): Promise<PublishReceipt> {
    const { engine } = this.#options;
    // Auto-sharding asks for no subscription, which may end on the way.
    if (via === 'relay')
      return request.pubsubTopic === undefined
        ? engine.publishUnsubscribed(pubsubTopic, message, options)
        : engine.publish(pubsubTopic, message, options);
    await engine.lightPush(pubsubTopic, message, { timeoutMs: PUSH_TIMEOUT_MS, ...options });
    return { sentToPeers: null };
  }

  #prepare(request: PublishRequest, via: PublishRoute): { message: WakuMessage; pubsubTopic: string } {
    const timestampNs = request.timestampNs ?? 0n;
    const message = createMessage({
      payload: request.payload,
      contentTopic: request.contentTopic,
      timestampNs: timestampNs === 0n ? nowNs() : timestampNs,
      version: request.version ?? 0,
      ephemeral: request.ephemeral ?? false,
      ...(request.meta !== undefined && { meta: request.meta }),
      ...(request.rateLimitProof !== undefined && { rateLimitProof: request.rateLimitProof }),
    });
    const pubsubTopic = request.pubsubTopic ?? this.#autoTopic(request.contentTopic);
    // Only relaying needs a subscription, and auto-sharding goes without.
    const subscribed =
      via === 'lightpush' || request.pubsubTopic === undefined || this.#options.isSubscribed(pubsubTopic);
    const { maxMessageBytes } = this.#options.config;
    passOrThrow(checkPublish(pubsubTopic, message, { maxMessageBytes, subscribed }), 'session.publish');
    return { message, pubsubTopic };
  }

  #autoTopic(contentTopic: string): string {
    const { clusterId: cluster, shardsInNetwork } = this.#options.config;
    const shard = shardsInNetwork === 0 ? null : autoShard(contentTopic, shardsInNetwork);
    if (shard !== null) return formatPubsubTopic({ cluster, shard });
    throw new WakuDeskError('TOPIC_INVALID', 'No shard is given and none follows from the content topic.', {
      operation: 'session.publish',
      hint: 'Name the shard, or set the number of shards in the network and write the content topic as /application/version/name/encoding.',
    });
  }
}
