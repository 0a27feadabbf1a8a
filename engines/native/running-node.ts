/** What lives between start and stop of a native engine: the node in its library, and what is read from its log. */
import { performance } from 'node:perf_hooks';
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { nowNs } from '../../core/engine/clock.ts';
import type { NodeConfig } from '../../core/engine/config.ts';
import type { NodeIdentity } from '../../core/engine/engine.ts';
import { ENGINE_CAPABILITIES } from '../../core/engine/engine-capabilities.ts';
import type { EngineEvent, LogLevel } from '../../core/engine/events.ts';
import { failure } from '../../core/engine/failure.ts';
import { MeshWatch } from '../../core/engine/mesh-watch.ts';
import { shortPeerId } from '../../core/engine/relay-line.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import { LibraryError, type LibraryNode } from './library-node.ts';
import type { LibraryEvent } from './library-events.ts';
import { isTransferLine, parseLogLine } from './log-lines.ts';
import { LogForwarder } from './log-forwarder.ts';
import { MessageBook } from './message-book.ts';
import { readBatch } from './message-batch.ts';
import type { NodeLog } from './node-log.ts';
import { Peers } from './peers.ts';
import { PublishBatches } from './publish-batches.ts';
import { publishedInBatch } from './publishing.ts';
import { commaList, parsePeerIds, parsePeersInfo, type ConnectedPeer } from './peers-info.ts';

/** Questions about the node's own state are answered at once, unless it hangs. */
export const ASK_MS = 10_000;
/** A gossipsub heartbeat: how often meshes change. */
const MESH_MS = 1_000;
/** What was published longer ago has left. */
const RECENT_MS = 10_000;
/** Of what a stop may take. */
const SETTLE_MS = 1_000;

export interface RunningNodeOptions {
  node: LibraryNode;
  /** Relay messages go in batches, and the library does not echo own ones. */
  inBatches: boolean;
  kind: EngineKind;
  config: NodeConfig;
  nodeLog: NodeLog;
  identity: NodeIdentity;
  emit: (event: EngineEvent) => void;
  log: (level: LogLevel, component: string, text: string) => void;
}

export class RunningNode {
  readonly node: LibraryNode;
  readonly identity: NodeIdentity;
  readonly peers: Peers;
  readonly book = new MessageBook();
  /** Null: one by one, as JSON. */
  readonly batches: PublishBatches | null;
  /** Pubsub topics that the user wants; what comes on others is not told. */
  readonly topics = new Set<string>();
  /** Topics that the library relays for publishing alone, and how many wait for that. */
  readonly #borrowed = new Map<string, { users: number; begun: Promise<void> }>();
  /** Pubsub topics that a service node sends messages of, and the content topics asked for. */
  readonly filtered = new Map<string, Set<string>>();
  readonly #emit: RunningNodeOptions['emit'];
  readonly #log: RunningNodeOptions['log'];
  readonly #stopReading: () => void;
  readonly #mesh: MeshWatch;
  readonly #lines: LogForwarder;
  readonly #shortId: string;
  readonly #timer: ReturnType<typeof setInterval>;
  #looking = false;

  constructor({ node, inBatches, kind, config, nodeLog, identity, emit, log }: RunningNodeOptions) {
    this.node = node;
    this.batches = inBatches
      ? new PublishBatches(node, (pubsubTopic, message, published) =>
          publishedInBatch(this, pubsubTopic, message, published),
        )
      : null;
    this.identity = identity;
    this.#emit = emit;
    this.#log = log;
    this.#mesh = new MeshWatch(emit);
    this.#lines = new LogForwarder(config.logLevel, emit);
    this.#shortId = shortPeerId(identity.peerId);
    this.peers = new Peers({
      connected: () => this.#connected(),
      connect: async (address, timeoutMs, signal) => {
        await node.call('waku_connect', [address, timeoutMs], { signal });
      },
      disconnect: async (peerId) => {
        await node.call('waku_disconnect_peer_by_id', [peerId], { timeoutMs: ASK_MS });
      },
      ping: async (address, timeoutMs, signal) =>
        Number(await node.call('waku_ping_peer', [address, timeoutMs], { signal })) / 1e6,
      ownPeerId: identity.peerId,
      dialUnnamed: ENGINE_CAPABILITIES[kind].dialUnnamed,
      clusterId: config.clusterId,
      emit,
      log,
      changed: () => {
        void this.lookAtMeshes();
      },
    });
    this.#stopReading = nodeLog.onLines((lines) => {
      for (const line of lines) this.#printed(line);
    });
    this.#timer = setInterval(() => {
      this.peers.book.look();
      void this.lookAtMeshes();
    }, MESH_MS);
  }

  /** A line that the library printed; it may be of another node of this process. */
  #printed(line: string): void {
    // In batches everything that these lines tell comes with the messages.
    if (this.batches !== null && isTransferLine(line)) return;
    const parsed = parseLogLine(line);
    if (parsed.kind === 'words') this.#lines.take(parsed, performance.now());
    else if (parsed.kind === 'otherCluster') this.peers.book.hungUp(parsed.peer, parsed.reason);
    else if (parsed.myPeer === this.#shortId || parsed.myPeer === this.identity.peerId)
      this.book.printed(parsed);
  }

  /** @param receivedNs Unix ns */
  told(event: LibraryEvent, receivedNs: bigint): void {
    switch (event.eventType) {
      case 'message':
        this.#message(event, receivedNs);
        return;
      case 'connection_change':
        this.peers.book.heard(event.peerEvent, event.peerId);
        return;
      case 'relay_topic_health_change':
        void this.lookAtMeshes();
        return;
      default:
    }
  }

  /** A batch of messages. */
  came(batch: Uint8Array): void {
    readBatch(batch, ({ pubsubTopic, message, hash, fromPeer, receivedNs }) => {
      const own = this.book.isOwn(hash);
      if (own ? !this.book.echo(hash) : !this.#isWanted(pubsubTopic)) return;
      this.#received(pubsubTopic, message, hash, receivedNs, own ? null : fromPeer, own);
    });
  }

  /** An own message that the library does not echo. */
  echo(pubsubTopic: string, message: WakuMessage, hash: string): void {
    this.#received(pubsubTopic, message, hash, nowNs(), null, true);
  }

  /** @throws WakuDeskError ENGINE_FAILED */
  async subscribe(pubsubTopic: string): Promise<void> {
    if (this.topics.has(pubsubTopic)) return;
    // Before the call: messages may come before its answer.
    this.topics.add(pubsubTopic);
    try {
      if (!this.#borrowed.has(pubsubTopic)) await this.#relay(pubsubTopic);
    } catch (error) {
      this.topics.delete(pubsubTopic);
      throw error;
    }
  }

  async unsubscribe(pubsubTopic: string): Promise<void> {
    if (!this.topics.delete(pubsubTopic)) return;
    if (!this.#borrowed.has(pubsubTopic)) await this.#relayNoMore(pubsubTopic);
    await this.lookAtMeshes();
  }

  /**
   * Works while the library relays a topic, subscribed or not: it publishes on no other.
   * @throws WakuDeskError ENGINE_FAILED, and what `work` throws
   */
  async whileRelaying<T>(pubsubTopic: string, work: () => Promise<T>): Promise<T> {
    const borrowed = this.#borrowed.get(pubsubTopic) ?? {
      users: 0,
      begun: this.topics.has(pubsubTopic) ? Promise.resolve() : this.#relay(pubsubTopic),
    };
    this.#borrowed.set(pubsubTopic, borrowed);
    borrowed.users++;
    try {
      await borrowed.begun;
      return await work();
    } finally {
      borrowed.users--;
      if (borrowed.users === 0) {
        this.#borrowed.delete(pubsubTopic);
        if (!this.topics.has(pubsubTopic)) await this.#relayNoMore(pubsubTopic);
      }
    }
  }

  async #relay(pubsubTopic: string): Promise<void> {
    try {
      await this.node.call('waku_relay_subscribe', [pubsubTopic], { timeoutMs: ASK_MS });
    } catch (error) {
      if (!(error instanceof LibraryError)) throw error;
      const message = `The node did not subscribe to ${pubsubTopic}.`;
      throw failure('subscribe', 'ENGINE_FAILED', message, 'Look at the log.', error);
    }
  }

  async #relayNoMore(pubsubTopic: string): Promise<void> {
    try {
      await this.node.call('waku_relay_unsubscribe', [pubsubTopic], { timeoutMs: ASK_MS });
    } catch (error) {
      if (!(error instanceof LibraryError)) throw error;
      const text = `The library cannot unsubscribe ${pubsubTopic} and still relays it; its messages are not shown.`;
      this.#log('warn', 'relay', `${text} (${error.message})`);
    }
  }

  /** Peer ids in the mesh of a topic that is subscribed. */
  mesh(pubsubTopic: string): Promise<string[]> {
    return this.#peersOf('waku_relay_get_peers_in_mesh', pubsubTopic);
  }

  /** Peer ids that have subscribed a topic which is subscribed here. */
  relayPeers(pubsubTopic: string): Promise<string[]> {
    return this.#peersOf('waku_relay_get_connected_peers', pubsubTopic);
  }

  async #peersOf(name: string, pubsubTopic: string): Promise<string[]> {
    if (!this.topics.has(pubsubTopic) || !this.node.has(name)) return [];
    try {
      return commaList(await this.node.call(name, [pubsubTopic], { timeoutMs: ASK_MS }));
    } catch (error) {
      // A topic without peers is an error to the library.
      if (error instanceof LibraryError) return [];
      throw error;
    }
  }

  async lookAtMeshes(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const meshes = new Map<string, string[]>();
      for (const topic of [...this.topics]) meshes.set(topic, await this.mesh(topic));
      for (const topic of meshes.keys()) if (!this.topics.has(topic)) meshes.delete(topic);
      this.#mesh.look(meshes);
    } catch {
      // Stopping, or busy: the next look comes in a second.
    } finally {
      this.#looking = false;
    }
  }

  /** Waits until what was published last has left: the library lets go of what waits for a slow peer when it stops. */
  async settle(): Promise<void> {
    if (performance.now() - this.book.lastMs < RECENT_MS) await this.peers.settle(SETTLE_MS);
  }

  /** Tells that peers and meshes are gone. */
  end(): void {
    clearInterval(this.#timer);
    this.#stopReading();
    this.peers.end();
    this.#mesh.end();
  }

  #message(
    { pubsubTopic, messageHash, wakuMessage }: Extract<LibraryEvent, { eventType: 'message' }>,
    receivedNs: bigint,
  ): void {
    const origin = this.book.takeOrigin(messageHash);
    const own = this.book.isOwn(messageHash);
    if (own ? !this.book.echo(messageHash) : !this.#isWanted(pubsubTopic)) return;
    const fromPeer = own || origin === null ? null : (this.peers.book.byShortId(origin) ?? origin);
    this.#received(pubsubTopic, wakuMessage, messageHash, receivedNs, fromPeer, own);
  }

  #received(
    pubsubTopic: string,
    message: WakuMessage,
    claimedHash: string,
    receivedNs: bigint,
    fromPeer: string | null,
    own: boolean,
  ): void {
    this.#emit({ type: 'messageReceived', pubsubTopic, message, receivedNs, fromPeer, own, claimedHash });
  }

  /** libwaku goes on relaying a topic that was unsubscribed. A light client has no relay topics. */
  #isWanted(pubsubTopic: string): boolean {
    return this.topics.has(pubsubTopic) || this.filtered.has(pubsubTopic);
  }

  async #connected(): Promise<ConnectedPeer[]> {
    if (this.node.has('waku_get_connected_peers_info'))
      return parsePeersInfo(await this.#ask('waku_get_connected_peers_info'));
    return parsePeerIds(await this.#ask('waku_get_connected_peers'));
  }

  #ask(name: string): Promise<string> {
    return this.node.call(name, [], { timeoutMs: ASK_MS });
  }
}

/** Unix ns of a moment on process.hrtime's clock. */
export function unixNs(timeNs: bigint): bigint {
  return nowNs() - (process.hrtime.bigint() - timeNs);
}
