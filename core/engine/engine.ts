/**
 * The contract between the harness and a node. Every value that crosses it is structured-cloneable (no
 * functions, no class instances; bytes are Uint8Array, times bigint), so an engine behaves the same in this
 * process and behind a message port. engines/conformance is this file as tests.
 */
import type { WakuMessage } from '../waku/message.ts';
import type { Capabilities, EngineKind } from './capabilities.ts';
import type { EngineEvent, EngineState, PeerInfo } from './events.ts';
import type { StorePage, StoreQuery } from './store-query.ts';

/** Who the engine is; known before it starts. */
export interface EngineInfo {
  kind: EngineKind;
  /** What is known of the node's library before it runs, such as `libp2p 3.3.11, gossipsub 17.1.1`. */
  version: string;
  capabilities: Capabilities;
}

/** Who the running node is. */
export interface NodeIdentity {
  peerId: string;
  /** Multiaddrs with the peer id, ready to be dialled. */
  listenAddresses: string[];
  /** The node's ENR as text, or null where the engine makes none. */
  enr: string | null;
  /** Version of the node that runs, by its own words and without its name, such as `v0.37.1`. */
  version: string;
}

/** Cancels a long call: it then fails with CANCELLED. Across a message port it becomes `cancel(callId)`. */
export interface CallOptions {
  signal?: AbortSignal;
}

export interface TimedCallOptions extends CallOptions {
  /** The call fails with TIMED_OUT after this time. */
  timeoutMs?: number;
}

export interface PublishReceipt {
  /** Neighbours that it was really sent to; null where the engine cannot count. */
  sentToPeers: number | null;
}

export interface Engine {
  readonly info: EngineInfo;
  readonly state: EngineState;

  /**
   * Starts the node and subscribes the configured shards; on a running engine answers at once.
   * Static nodes are dialled in the background and kept connected with backoff.
   * @throws WakuDeskError PORT_IN_USE, LISTEN_FAILED, NODE_KEY_INVALID, MULTIADDR_INVALID,
   *   RESTART_NEEDS_NEW_PROCESS, LIBRARY_REFUSED, ENGINE_FAILED
   */
  start(): Promise<NodeIdentity>;

  /** Ends connections and releases the port. Idempotent; never throws for a node that is already gone. */
  stop(): Promise<void>;

  /** @throws WakuDeskError NOT_RUNNING, TOPIC_INVALID. Idempotent. */
  subscribe(pubsubTopic: string): Promise<void>;

  /** Unsubscribing what is not subscribed is no error. @throws WakuDeskError NOT_RUNNING */
  unsubscribe(pubsubTopic: string): Promise<void>;

  /**
   * Sends a message that the relay rules have passed; its timestamp is set. Answers when the engine took it;
   * with no peer on the topic it answers with 0 sends or fails with NO_PEERS. The own message comes back as
   * messageReceived with `own` set, before or after the answer.
   * @throws WakuDeskError NOT_RUNNING, NOT_SUBSCRIBED, NO_PEERS, MESSAGE_DUPLICATE, MESSAGE_TOO_LARGE
   */
  publish(pubsubTopic: string, message: WakuMessage, options?: CallOptions): Promise<PublishReceipt>;

  /**
   * As {@link publish} on a topic that is not subscribed, which auto-sharding needs: peers that relay it get the message,
   * nothing is heard of the topic for it. @throws as publish, except NOT_SUBSCRIBED
   */
  publishUnsubscribed(
    pubsubTopic: string,
    message: WakuMessage,
    options?: CallOptions,
  ): Promise<PublishReceipt>;

  /**
   * Connects to a multiaddr and answers once the peer is connected and has told its cluster.
   * @param multiaddr with or without `/p2p/<peer id>`
   * @returns the peer id
   * @throws WakuDeskError NOT_RUNNING, MULTIADDR_INVALID, CONNECT_FAILED, WRONG_CLUSTER, TIMED_OUT, CANCELLED
   */
  connect(multiaddr: string, options?: TimedCallOptions): Promise<string>;

  /** Disconnecting who is not connected is no error. @throws WakuDeskError NOT_RUNNING, PEER_ID_INVALID */
  disconnect(peerId: string): Promise<void>;

  /**
   * One round trip of the ping protocol on an existing connection.
   * @returns ms, with fractions
   * @throws WakuDeskError NOT_RUNNING, PEER_ID_INVALID, PEER_NOT_CONNECTED, PING_FAILED, TIMED_OUT, CANCELLED
   */
  ping(peerId: string, options?: TimedCallOptions): Promise<number>;

  /**
   * Light client: a connected service node sends messages of these content topics from now on; they come as
   * messageReceived. It is for the caller to ask again when that node has left. Without the capability it fails with
   * that, running or not; so do the others below.
   * @throws WakuDeskError NOT_RUNNING, NO_SERVICE_PEER, SERVICE_REFUSED, TIMED_OUT, CANCELLED; LIGHT_CLIENT_DISABLED
   *   or UNSUPPORTED as the capability says
   */
  filterSubscribe(
    pubsubTopic: string,
    contentTopics: readonly string[],
    options?: TimedCallOptions,
  ): Promise<void>;

  /** Ends {@link filterSubscribe}. What was not asked for is no error. @throws as filterSubscribe */
  filterUnsubscribe(
    pubsubTopic: string,
    contentTopics: readonly string[],
    options?: TimedCallOptions,
  ): Promise<void>;

  /**
   * Light client: hands a message that the relay rules have passed to a connected service node, which relays it.
   * Nothing comes back as an echo. @throws as filterSubscribe
   */
  lightPush(pubsubTopic: string, message: WakuMessage, options?: TimedCallOptions): Promise<void>;

  /**
   * One page of what a store node has kept. The node is dialled where it is not connected.
   * @throws WakuDeskError NOT_RUNNING, MULTIADDR_INVALID, CONNECT_FAILED, SERVICE_REFUSED, TIMED_OUT, CANCELLED,
   *   UNSUPPORTED
   */
  storeQuery(query: StoreQuery, options?: TimedCallOptions): Promise<StorePage>;

  /** Connected peers. Empty when not running. */
  peers(): Promise<PeerInfo[]>;

  /** Gossipsub's score of connected peers, by peer id; empty where the engine does not tell, and when not running. */
  scores(): Promise<Record<string, number>>;

  /** Peer ids in the mesh of a topic; empty for a topic not subscribed. */
  mesh(pubsubTopic: string): Promise<string[]>;

  /** Connected peers that relay a topic, in its mesh or not; empty for a topic not subscribed. */
  relayPeers(pubsubTopic: string): Promise<string[]>;

  /** Pubsub topics subscribed now. */
  topics(): Promise<string[]>;

  /** @returns Prometheus text. @throws WakuDeskError UNSUPPORTED, NOT_RUNNING */
  metrics(): Promise<string>;

  /** Hears every event from now on, in order, on the engine's own turn. @returns the unsubscribe */
  onEvent(listener: (event: EngineEvent) => void): () => void;
}
