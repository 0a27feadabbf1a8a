/** The engine's peers: from dialling or being dialled, over identify and metadata, to hanging up. */
import type { Connection, IdentifyResult, PeerId } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { parsePeerId, peerIdOf } from '../../core/engine/addresses.ts';
import type { NodeConfig } from '../../core/engine/config.ts';
import { delay, withDeadline } from '../../core/engine/deadline.ts';
import type { TimedCallOptions } from '../../core/engine/engine.ts';
import type { WakuDeskError } from '../../core/engine/errors.ts';
import type { EngineEvent, LogLevel, PeerInfo, PeerOrigin } from '../../core/engine/events.ts';
import { failure } from '../../core/engine/failure.ts';
import { KeepConnected } from '../../core/engine/keep-connected.ts';
import { parsePubsubTopic } from '../../core/waku/topics.ts';
import { DialCounts } from './dial-counts.ts';
import { dialFailure, roundTrip } from './dial.ts';
import { answerMetadata, METADATA_PROTOCOL, requestMetadata, type Metadata } from './metadata.ts';
import { describeDeep, type RelayNode } from './node.ts';
import { PeerBook } from './peer-book.ts';
import { RELAY_PROTOCOL } from './relay.ts';

const CONNECT_TIMEOUT_MS = 15_000;
const PING_TIMEOUT_MS = 10_000;
const METADATA_TIMEOUT_MS = 10_000;
/** How long a relay peer may have no open stream to it before it is hung up on. */
const MUTED_MS = 10_000;

export interface PeersOptions {
  node: RelayNode;
  config: NodeConfig;
  emit: (event: EngineEvent) => void;
  log: (level: LogLevel, component: string, text: string) => void;
}

export class Peers {
  readonly #node: RelayNode;
  readonly #config: NodeConfig;
  readonly #emit: PeersOptions['emit'];
  readonly #log: PeersOptions['log'];
  readonly #book = new PeerBook();
  readonly #keeper: KeepConnected;
  /** How peers that are being dialled came to be known. */
  readonly #origins = new Map<string, PeerOrigin>();
  readonly dials = new DialCounts();
  #ended = false;

  constructor({ node, config, emit, log }: PeersOptions) {
    this.#node = node;
    this.#config = config;
    this.#emit = emit;
    this.#log = log;
    this.#keeper = new KeepConnected({
      connect: (address, signal) => this.connect(multiaddr(address), 'static', { signal }),
      onFailure: (address, error, nextTryMs) => {
        const seconds = String(Math.round(nextTryMs / 1_000));
        log('warn', 'dial', `${describeDeep(error)} Next try of ${address} in ${seconds} s.`);
      },
    });
    node.addEventListener('peer:connect', ({ detail }) => {
      this.#joined(detail);
    });
    node.addEventListener('peer:disconnect', ({ detail }) => {
      this.#left(detail.toString());
    });
    node.addEventListener('peer:identify', ({ detail }) => {
      void this.#identified(detail);
    });
    node.addEventListener('peer:discovery', ({ detail }) => {
      void this.#discovered(detail.id);
    });
  }

  get size(): number {
    return this.#book.size;
  }

  /** Answers the metadata protocol, and keeps the static nodes connected. */
  async start(staticNodes: readonly Multiaddr[]): Promise<void> {
    await this.#node.handle(METADATA_PROTOCOL, (stream, connection) => {
      const limit = AbortSignal.timeout(METADATA_TIMEOUT_MS);
      answerMetadata(stream, this.#metadata(), limit).then(
        (theirs) => {
          this.#toldCluster(connection.remotePeer.toString(), theirs);
        },
        (error: unknown) => {
          this.#log('debug', 'metadata', `A peer's question broke off: ${describeDeep(error)}`);
        },
      );
    });
    for (const target of staticNodes) this.#keeper.add(target.toString());
  }

  /**
   * Waits until every peer has read what was sent to it: connections keep the order, so a ping that comes back
   * has everything before it.
   */
  async settle(patienceMs: number): Promise<void> {
    const limit = AbortSignal.timeout(patienceMs);
    const waits = this.#node.getConnections().map(async (connection) => {
      await this.#node.services.relay.sent([connection.remotePeer.toString()]);
      // Who does not answer in time is not waited for.
      await roundTrip(connection, limit).catch(() => undefined);
    });
    const over = new AbortController();
    await Promise.race([Promise.all(waits), delay(patienceMs, over.signal)]);
    over.abort();
  }

  /** No more dialling; tells that every peer is gone. */
  end(): void {
    this.#keeper.stop();
    for (const { peerId } of this.#book.list()) this.#left(peerId);
    this.#ended = true;
  }

  list(): PeerInfo[] {
    return this.#book.list();
  }

  /** @throws WakuDeskError CONNECT_FAILED, WRONG_CLUSTER, TIMED_OUT, CANCELLED */
  connect(target: Multiaddr, origin: PeerOrigin, options: TimedCallOptions): Promise<string> {
    return withDeadline('engine.connect', { timeoutMs: CONNECT_TIMEOUT_MS, ...options }, async (signal) => {
      const peerId = await this.#dial(target, origin, signal);
      const entry = this.#book.get(peerId);
      if (entry === undefined) throw dialFailure(target, new Error('the peer hung up'));
      if (origin === 'static') entry.info.origin = 'static';
      await entry.ready;
      return peerId;
    });
  }

  /** @throws WakuDeskError PEER_ID_INVALID */
  async disconnect(peerId: string): Promise<void> {
    const target = parsePeerId(peerId, 'engine.disconnect');
    this.#keeper.forget(peerId);
    const entry = this.#book.get(peerId);
    if (entry === undefined) return;
    entry.leaveReason = 'disconnected here';
    await this.#node.hangUp(target);
  }

  /** @throws WakuDeskError PEER_ID_INVALID, PEER_NOT_CONNECTED, PING_FAILED, TIMED_OUT, CANCELLED */
  async ping(peerId: string, options: TimedCallOptions): Promise<number> {
    const [connection] = this.#node.getConnections(parsePeerId(peerId, 'engine.ping'));
    if (connection === undefined)
      throw failure(
        'ping',
        'PEER_NOT_CONNECTED',
        `The peer ${peerId} is not connected.`,
        'Connect to it first.',
      );
    const latencyMs = await withDeadline(
      'engine.ping',
      { timeoutMs: PING_TIMEOUT_MS, ...options },
      (signal) =>
        roundTrip(connection, signal).catch((error: unknown) => {
          const hint = 'It may have hung up: look at the list of peers.';
          throw failure('ping', 'PING_FAILED', `The peer ${peerId} did not answer the ping.`, hint, error);
        }),
    );
    const entry = this.#book.get(peerId);
    if (entry !== undefined) entry.info.latencyMs = latencyMs;
    return latencyMs;
  }

  /** A peer whose stream broke (it read too slowly) would stay connected and hear nothing for good. */
  hangUpOnMuted(): void {
    const nowMs = performance.now();
    for (const entry of this.#book.entries()) {
      const { info } = entry;
      if (!info.protocols.includes(RELAY_PROTOCOL) || this.#node.services.relay.canSendTo(info.peerId)) {
        entry.mutedSinceMs = null;
        continue;
      }
      entry.mutedSinceMs ??= nowMs;
      if (nowMs - entry.mutedSinceMs < MUTED_MS) continue;
      entry.leaveReason = 'its relay stream broke';
      this.#hangUp(info.peerId);
    }
  }

  async #dial(target: Multiaddr, origin: PeerOrigin, signal: AbortSignal): Promise<string> {
    const named = peerIdOf(target);
    if (named !== null && this.#book.get(named) !== undefined) return named;
    if (named !== null) this.#origins.set(named, origin);
    try {
      return (await this.dials.count(origin, this.#node.dial(target, { signal }))).remotePeer.toString();
    } catch (error) {
      throw dialFailure(target, error);
    } finally {
      if (named !== null) this.#origins.delete(named);
    }
  }

  async #discovered(peerId: PeerId): Promise<void> {
    const id = peerId.toString();
    if (this.#ended || this.#book.get(id) !== undefined) return;
    this.#origins.set(id, 'discovered');
    try {
      await this.dials.count('discovered', this.#node.dial(peerId));
    } catch (error) {
      this.#log('debug', 'mdns', `Found ${id}, but cannot connect: ${describeDeep(error)}`);
    } finally {
      this.#origins.delete(id);
    }
  }

  #joined(peerId: PeerId): void {
    const [connection] = this.#node.getConnections(peerId);
    if (connection === undefined || this.#ended) return;
    const info: PeerInfo = {
      peerId: peerId.toString(),
      addresses: [connection.remoteAddr.toString()],
      protocols: [],
      agent: '',
      direction: connection.direction,
      origin: this.#originOf(connection),
      shards: null,
      latencyMs: null,
      connectedSinceNs: BigInt(connection.timeline.open) * 1_000_000n,
    };
    this.#book.join(info);
    this.#emit({ type: 'peerJoined', peer: { ...info } });
  }

  #originOf({ direction, remotePeer }: Connection): PeerOrigin {
    if (direction === 'inbound') return 'inbound';
    return this.#origins.get(remotePeer.toString()) ?? 'manual';
  }

  #left(peerId: string): void {
    const gone = failure(
      'connect',
      'CONNECT_FAILED',
      `The peer ${peerId} hung up.`,
      'It may be full (go-waku takes 5 connections from one IP address) or of another network.',
    );
    const left = this.#book.leave(peerId, gone);
    if (left === null) return;
    this.#emit({ type: 'peerLeft', peerId, reason: left.reason });
    this.#keeper.peerLeft(peerId);
  }

  async #identified(result: IdentifyResult): Promise<void> {
    const entry = this.#book.get(result.peerId.toString());
    if (entry === undefined) return;
    const { info } = entry;
    info.agent = result.agentVersion ?? '';
    info.protocols = result.protocols;
    // Each with the peer id, ready to be dialled; identify leaves it out.
    const told = result.listenAddrs.map((address) =>
      peerIdOf(address) === null ? `${address.toString()}/p2p/${info.peerId}` : address.toString(),
    );
    info.addresses = [...new Set([...info.addresses, ...told])];
    if (entry.asked) return;
    entry.asked = true;
    const refusal = await this.#checkMetadata(info, result.connection);
    entry.settle(refusal);
    if (refusal === null) {
      this.#emit({ type: 'peerIdentified', peer: { ...info } });
      return;
    }
    entry.leaveReason = refusal.message;
    this.#log('warn', 'metadata', refusal.message);
    this.#hangUp(info.peerId);
  }

  /** Notes the peer's shards. @returns why the peer is not one of this network, or null */
  async #checkMetadata(info: PeerInfo, connection: Connection): Promise<WakuDeskError | null> {
    const own = this.#metadata();
    let answer: Metadata;
    try {
      answer = await requestMetadata(connection, own, AbortSignal.timeout(METADATA_TIMEOUT_MS));
    } catch (error) {
      return failure(
        'connect',
        'CONNECT_FAILED',
        `The peer ${info.peerId} did not tell its cluster.`,
        'It is not a Waku node, or of another cluster and hung up first.',
        error,
      );
    }
    if (answer.clusterId !== own.clusterId) return this.#wrongCluster(info.peerId, answer);
    info.shards = answer.shards;
    return null;
  }

  /** A peer's own question names its cluster too: it may hang up over it before it has answered ours. */
  #toldCluster(peerId: string, theirs: Metadata): void {
    if (theirs.clusterId === this.#config.clusterId) return;
    this.#book.get(peerId)?.settle(this.#wrongCluster(peerId, theirs));
  }

  #wrongCluster(peerId: string, { clusterId }: Metadata): WakuDeskError {
    const theirs = clusterId === null ? 'no cluster' : `cluster ${String(clusterId)}`;
    return failure(
      'connect',
      'WRONG_CLUSTER',
      `The peer ${peerId} is on ${theirs}, this node on cluster ${String(this.#config.clusterId)}.`,
      'Start this node with the other cluster id, or connect to a node of this one.',
    );
  }

  #metadata(): Metadata {
    const topics = this.#node.services.relay.getTopics();
    return {
      clusterId: this.#config.clusterId,
      shards: topics.flatMap((topic) => parsePubsubTopic(topic)?.shard ?? []),
    };
  }

  #hangUp(peerId: string): void {
    this.#node.hangUp(peerIdFromString(peerId)).catch((error: unknown) => {
      this.#log('debug', 'peers', `Hanging up on ${peerId}: ${describeDeep(error)}`);
    });
  }
}
