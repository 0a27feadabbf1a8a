/**
 * The peers of a native engine. The library tells that a peer joined, was identified or left, and answers what it
 * knows of those that are connected; this makes peers with a history of that.
 */
import { createConnection } from 'node:net';
import { dialTarget, parsePeerId, peerIdOf } from '../../core/engine/addresses.ts';
import type { Support } from '../../core/engine/capabilities.ts';
import { nowNs } from '../../core/engine/clock.ts';
import { delay, withDeadline } from '../../core/engine/deadline.ts';
import type { TimedCallOptions } from '../../core/engine/engine.ts';
import { demand } from '../../core/engine/engine-capabilities.ts';
import type { WakuDeskError } from '../../core/engine/errors.ts';
import type { EngineEvent, LogLevel, PeerInfo, PeerOrigin } from '../../core/engine/events.ts';
import { failure } from '../../core/engine/failure.ts';
import { KeepConnected } from '../../core/engine/keep-connected.ts';
import { dialFailure, wrongCluster } from './dial-failures.ts';
import { LibraryError } from './library-node.ts';
import { shortPeerId } from './log-lines.ts';
import type { ConnectedPeer } from './peers-info.ts';

const CONNECT_MS = 15_000;
const PING_MS = 10_000;
/** A library that does not tell a peer's shards has hung up on one of another cluster within this time. */
const SETTLE_MS = 500;
/** The answer to waku_connect may come when the dialling begins: whoever has not joined by then is looked at. */
const JOIN_MS = 1_500;
/** Shards, protocols and agents come one by one. */
const LOOK_MS = 50;
const GRACE_MS = 500;
const YOUNG_MS = 5_000;
/** So many round trips in a row that took no longer: nothing is on the way any more. */
const QUICK_PINGS = 3;
const QUICK_MS = 20;

export interface PeersOptions {
  /** Asks the library for those connected now. */
  connected: () => Promise<ConnectedPeer[]>;
  /** waku_connect, waku_disconnect_peer_by_id, waku_ping_peer. */
  connect: (address: string, timeoutMs: number, signal: AbortSignal) => Promise<void>;
  disconnect: (peerId: string) => Promise<void>;
  /** @returns ms */
  ping: (address: string, timeoutMs: number, signal: AbortSignal) => Promise<number>;
  ownPeerId: string;
  /** Whether the library connects to an address without a peer id. */
  dialUnnamed: Support;
  clusterId: number;
  emit: (event: EngineEvent) => void;
  log: (level: LogLevel, component: string, text: string) => void;
  /** Peers came or went: meshes may have changed. */
  changed: () => void;
}

interface Entry {
  info: PeerInfo;
  joinedMs: number;
  /** peerIdentified was told: the peer is one of this network. */
  told: boolean;
}

/** Why a peer was hung up on. */
interface Refusal {
  error: WakuDeskError;
  atMs: number;
}

export class Peers {
  readonly #options: PeersOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #keeper: KeepConnected;
  /** How peers that are being dialled came to be known. */
  readonly #origins = new Map<string, PeerOrigin>();
  /** By the short peer id of the library's lines. */
  readonly #refusals = new Map<string, Refusal>();
  /** Peer ids by what the library's lines call them: a message may come before its sender has been looked at. */
  readonly #shortIds = new Map<string, string>();
  /** Called whenever something about a peer changed. */
  readonly #watchers = new Set<() => void>();
  #looking = false;
  #lookAgain = false;
  /** They may still stand in the answer that is under way. */
  readonly #leftMeanwhile = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(options: PeersOptions) {
    this.#options = options;
    this.#keeper = new KeepConnected({
      connect: (address, signal) => this.connect(address, 'static', { signal }),
      onFailure: (address, error, nextTryMs) => {
        const why = error instanceof Error ? error.message : String(error);
        options.log('warn', 'dial', `${why} Next try of ${address} in ${Math.round(nextTryMs / 1_000)} s.`);
      },
    });
  }

  keep(addresses: readonly string[]): void {
    for (const address of addresses) this.#keeper.add(address);
  }

  /** Copies: they leave the engine. */
  list(): PeerInfo[] {
    return [...this.#entries.values()].map(({ info }) => copyOf(info));
  }

  /** The peer that the library's lines call so; null when it is not connected. */
  byShortId(short: string): string | null {
    return this.#shortIds.get(short) ?? null;
  }

  /** An event of the library. */
  heard(event: 'Joined' | 'Left' | 'Identified', peerId: string): void {
    if (this.#ended) return;
    if (event === 'Left') this.#left(peerId);
    else {
      this.#shortIds.set(shortPeerId(peerId), peerId);
      this.look();
    }
  }

  /** A line of the library: it hangs up on a peer of another cluster. */
  hungUp(short: string, reason: string): void {
    const error = wrongCluster(this.byShortId(short) ?? short, reason, this.#options.clusterId);
    this.#refusals.set(short, { error, atMs: performance.now() });
    for (const [key, { atMs }] of this.#refusals)
      if (performance.now() - atMs > CONNECT_MS) this.#refusals.delete(key);
    this.#wake();
  }

  /** Asks the library anew; once for all who want it meanwhile. */
  look(): void {
    this.#lookAgain = true;
    if (!this.#looking) void this.#lookUntilCurrent();
  }

  /** @throws WakuDeskError MULTIADDR_INVALID, CONNECT_FAILED, WRONG_CLUSTER, TIMED_OUT, CANCELLED */
  async connect(address: string, origin: PeerOrigin, options: TimedCallOptions): Promise<string> {
    const target = dialTarget(address, 'engine.connect');
    const named = peerIdOf(target);
    if (named === null) demand('engine.connect', this.#options.dialUnnamed);
    if (named === this.#options.ownPeerId) throw dialFailure(address, 'dial to self attempted');
    const limits = { timeoutMs: CONNECT_MS, ...options };
    return withDeadline('engine.connect', limits, async (signal) => {
      const there = this.#find(named, address);
      if (there === null) await this.#dial(address, named, origin, limits.timeoutMs, signal);
      const entry = there ?? (await this.#joined(named, address, signal));
      if (origin === 'static') entry.info.origin = 'static';
      await this.#settled(entry, signal);
      return entry.info.peerId;
    });
  }

  /** @throws WakuDeskError PEER_ID_INVALID */
  async disconnect(peerId: string): Promise<void> {
    parsePeerId(peerId, 'engine.disconnect');
    this.#keeper.forget(peerId);
    if (this.#entries.has(peerId)) await this.#options.disconnect(peerId);
  }

  /** @throws WakuDeskError PEER_ID_INVALID, PEER_NOT_CONNECTED, PING_FAILED, TIMED_OUT, CANCELLED */
  async ping(peerId: string, options: TimedCallOptions): Promise<number> {
    parsePeerId(peerId, 'engine.ping');
    const entry = this.#entries.get(peerId);
    const [address] = entry?.info.addresses ?? [];
    if (entry === undefined || address === undefined)
      throw failure(
        'ping',
        'PEER_NOT_CONNECTED',
        `The peer ${peerId} is not connected.`,
        'Connect to it first.',
      );
    const limits = { timeoutMs: PING_MS, ...options };
    const latencyMs = await withDeadline('engine.ping', limits, async (signal) => {
      try {
        return await this.#options.ping(address, limits.timeoutMs, signal);
      } catch (error) {
        if (!(error instanceof LibraryError)) throw error;
        const hint = 'It may have hung up: look at the list of peers.';
        throw failure('ping', 'PING_FAILED', `The peer ${peerId} did not answer the ping.`, hint, error);
      }
    });
    entry.info.latencyMs = latencyMs;
    return latencyMs;
  }

  /**
   * Waits until each peer has read what was sent to it: it answers a ping once it has read what came before. As long as
   * that takes longer than a round trip on an idle connection, more waits to be sent.
   */
  async settle(patienceMs: number): Promise<void> {
    const limit = AbortSignal.timeout(patienceMs);
    const waits = [...this.#entries.keys()].map(async (peerId) => {
      for (let quick = 0; quick < QUICK_PINGS && !limit.aborted;) {
        const latencyMs = await this.ping(peerId, { timeoutMs: patienceMs, signal: limit });
        quick = latencyMs < QUICK_MS ? quick + 1 : 0;
        await delay(QUICK_MS, limit);
      }
    });
    // Who does not answer in time, or hangs up, is not waited for.
    await Promise.allSettled(waits);
  }

  /** No more dialling; tells that every peer is gone. */
  end(): void {
    this.#keeper.stop();
    clearTimeout(this.#timer);
    for (const peerId of this.#entries.keys()) this.#left(peerId);
    this.#ended = true;
  }

  async #dial(
    address: string,
    named: string | null,
    origin: PeerOrigin,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (named !== null) {
      this.#origins.set(named, origin);
      this.#refusals.delete(shortPeerId(named));
    }
    try {
      // The library's limit comes after ours, which has the words for it.
      await this.#options.connect(address, timeoutMs + GRACE_MS, signal);
    } catch (error) {
      if (!(error instanceof LibraryError)) throw error;
      throw (named === null ? null : this.#refusalOf(named)) ?? dialFailure(address, error.message);
    }
  }

  /** Waits for the peer that was dialled. */
  async #joined(named: string | null, address: string, signal: AbortSignal): Promise<Entry> {
    const startMs = performance.now();
    let probed = false;
    for (;;) {
      const entry = this.#find(named, address);
      if (entry !== null) return entry;
      const refusal = named === null ? null : this.#refusalOf(named);
      if (refusal !== null) throw refusal;
      if (!probed && performance.now() - startMs > JOIN_MS) {
        probed = true;
        // The library says nothing of a dial that failed: the system knows whether anybody listens there.
        const why = await probe(address);
        if (why !== null) throw dialFailure(address, why);
      }
      await this.#change(signal);
    }
  }

  /** Waits until the peer is known to be one of this network. */
  async #settled(entry: Entry, signal: AbortSignal): Promise<void> {
    const { peerId } = entry.info;
    while (!entry.told) {
      const refusal = this.#refusalOf(peerId);
      if (refusal !== null) throw refusal;
      if (this.#entries.get(peerId) !== entry)
        throw dialFailure(entry.info.addresses[0] ?? peerId, 'hung up');
      await this.#change(signal);
    }
  }

  /** @throws what the signal was fired with */
  async #change(signal: AbortSignal): Promise<void> {
    let wake: () => void = () => undefined;
    const changed = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#watchers.add(wake);
    await Promise.race([changed, delay(LOOK_MS, signal)]);
    this.#watchers.delete(wake);
    if (signal.aborted) throw signal.reason;
    if (this.#ended) throw failure('connect', 'NOT_RUNNING', 'The node was stopped.', 'Start it again.');
    this.look();
  }

  #refusalOf(peerId: string): WakuDeskError | null {
    return this.#refusals.get(shortPeerId(peerId))?.error ?? null;
  }

  /** By its id, or where the address names none by the address of its connection. */
  #find(named: string | null, address: string): Entry | null {
    if (named !== null) return this.#entries.get(named) ?? null;
    for (const entry of this.#entries.values())
      if (entry.info.addresses.some((known) => known.startsWith(`${address}/p2p/`))) return entry;
    return null;
  }

  async #lookUntilCurrent(): Promise<void> {
    this.#looking = true;
    try {
      while (this.#lookAgain && !this.#ended) {
        this.#lookAgain = false;
        this.#leftMeanwhile.clear();
        const connected = await this.#options.connected();
        if (!this.#isEnded()) this.#compare(connected);
      }
    } catch {
      // Stopping, or the library is busy: the next look will tell.
    } finally {
      this.#looking = false;
    }
  }

  /** Read anew: it may have changed while something was waited for. */
  #isEnded(): boolean {
    return this.#ended;
  }

  #compare(connected: readonly ConnectedPeer[]): void {
    const ids = new Set(connected.map(({ peerId }) => peerId));
    for (const peerId of this.#entries.keys()) if (!ids.has(peerId)) this.#left(peerId);
    for (const peer of connected)
      if (this.#leftMeanwhile.has(peer.peerId)) this.#lookAgain = true;
      else this.#update(peer);
    this.#wake();
    this.#lookSoon();
  }

  /** No event tells when a peer has told its shards: young ones are looked at until they have. */
  #lookSoon(): void {
    clearTimeout(this.#timer);
    const isYoung = ({ told, joinedMs }: Entry): boolean => !told && performance.now() - joinedMs < YOUNG_MS;
    if (this.#ended || ![...this.#entries.values()].some(isYoung)) return;
    this.#timer = setTimeout(() => {
      this.look();
    }, LOOK_MS);
  }

  #update(peer: ConnectedPeer): void {
    const entry = this.#entries.get(peer.peerId) ?? this.#join(peer);
    const { info } = entry;
    info.protocols = peer.protocols ?? info.protocols;
    // The address of the connection stays the first one.
    info.addresses = [...new Set([...info.addresses, ...peer.addresses])];
    info.agent = peer.agent ?? info.agent;
    info.shards = peer.shards ?? info.shards;
    if (!entry.told && peer.protocols?.length !== 0 && this.#isOfThisNetwork(entry)) {
      entry.told = true;
      this.#options.emit({ type: 'peerIdentified', peer: copyOf(info) });
    }
  }

  #isOfThisNetwork({ info, joinedMs }: Entry): boolean {
    if (this.#refusalOf(info.peerId) !== null) return false;
    return info.shards !== null || performance.now() - joinedMs > SETTLE_MS;
  }

  #join(peer: ConnectedPeer): Entry {
    const origin = this.#origins.get(peer.peerId) ?? (peer.direction === 'outbound' ? 'manual' : 'inbound');
    this.#origins.delete(peer.peerId);
    const info: PeerInfo = {
      peerId: peer.peerId,
      addresses: peer.addresses,
      protocols: peer.protocols ?? [],
      agent: peer.agent ?? '',
      direction: peer.direction ?? (origin === 'inbound' ? 'inbound' : 'outbound'),
      origin: peer.direction === 'inbound' ? 'inbound' : origin,
      shards: peer.shards,
      latencyMs: null,
      connectedSinceNs: nowNs(),
    };
    const entry: Entry = { info, joinedMs: performance.now(), told: false };
    this.#entries.set(peer.peerId, entry);
    this.#shortIds.set(shortPeerId(peer.peerId), peer.peerId);
    this.#options.emit({ type: 'peerJoined', peer: copyOf(info) });
    this.#options.changed();
    return entry;
  }

  #left(peerId: string): void {
    this.#leftMeanwhile.add(peerId);
    this.#shortIds.delete(shortPeerId(peerId));
    if (!this.#entries.delete(peerId)) return;
    const reason = this.#refusalOf(peerId)?.message ?? null;
    this.#options.emit({ type: 'peerLeft', peerId, reason });
    this.#keeper.peerLeft(peerId);
    this.#options.changed();
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
  }
}

function copyOf(info: PeerInfo): PeerInfo {
  return {
    ...info,
    addresses: [...info.addresses],
    protocols: [...info.protocols],
    shards: info.shards === null ? null : [...info.shards],
  };
}

/** Whether anybody listens there. @returns the system's words when nobody does */
function probe(address: string): Promise<string | null> {
  const [, host, port] = /^\/(?:ip4|ip6|dns4?|dns6)\/([^/]+)\/tcp\/(\d+)/.exec(address) ?? [];
  if (host === undefined || port === undefined) return Promise.resolve(null);
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: Number(port) });
    const end = (why: string | null): void => {
      socket.destroy();
      resolve(why);
    };
    socket.once('connect', () => {
      end(null);
    });
    socket.once('error', (error) => {
      end(error.message);
    });
  });
}
