/**
 * Who is connected. The library tells that a peer joined, was identified or left, and answers what it knows of those
 * that are there; this makes peers with a history of that.
 */
import { nowNs } from '../../core/engine/clock.ts';
import { delay } from '../../core/engine/deadline.ts';
import type { WakuDeskError } from '../../core/engine/errors.ts';
import { copyPeer, type EngineEvent, type PeerInfo, type PeerOrigin } from '../../core/engine/events.ts';
import { failure } from '../../core/engine/failure.ts';
import { wrongCluster } from './dial-failures.ts';
import { shortPeerId } from '../../core/engine/relay-line.ts';
import type { ConnectedPeer } from './peers-info.ts';

/** A library that does not tell a peer's shards has hung up on one of another cluster within this time. */
const SETTLE_MS = 500;
/** Shards, protocols and agents come one by one. */
const LOOK_MS = 50;
const YOUNG_MS = 5_000;
/** Why a peer was hung up on is of use to who dialled it. */
const REFUSAL_MS = 15_000;

export interface PeerBookOptions {
  /** Asks the library for those connected now. */
  connected: () => Promise<ConnectedPeer[]>;
  clusterId: number;
  emit: (event: EngineEvent) => void;
  /** Somebody came, or left. */
  changed: () => void;
  left: (peerId: string) => void;
}

export interface PeerEntry {
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

export class PeerBook {
  readonly #options: PeerBookOptions;
  readonly #entries = new Map<string, PeerEntry>();
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

  constructor(options: PeerBookOptions) {
    this.#options = options;
  }

  get ids(): string[] {
    return [...this.#entries.keys()];
  }

  get(peerId: string): PeerEntry | undefined {
    return this.#entries.get(peerId);
  }

  /** By its id, or where the address names none by the address of its connection. */
  find(named: string | null, address: string): PeerEntry | null {
    if (named !== null) return this.#entries.get(named) ?? null;
    for (const entry of this.#entries.values())
      if (entry.info.addresses.some((known) => known.startsWith(`${address}/p2p/`))) return entry;
    return null;
  }

  /** Copies: they leave the engine. */
  list(): PeerInfo[] {
    return [...this.#entries.values()].map(({ info }) => copyPeer(info));
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
      if (performance.now() - atMs > REFUSAL_MS) this.#refusals.delete(key);
    this.#wake();
  }

  /** Asks the library anew; once for all who want it meanwhile. */
  look(): void {
    this.#lookAgain = true;
    if (!this.#looking) void this.#lookUntilCurrent();
  }

  /** A dial begins: an earlier refusal is forgotten. @returns ends it */
  expect(peerId: string, origin: PeerOrigin): () => void {
    this.#origins.set(peerId, origin);
    this.#refusals.delete(shortPeerId(peerId));
    return () => {
      this.#origins.delete(peerId);
    };
  }

  /** Why the library hung up on a peer a moment ago; null when it did not. */
  refusalOf(peerId: string): WakuDeskError | null {
    return this.#refusals.get(shortPeerId(peerId))?.error ?? null;
  }

  /** Waits until something changed, or might have. @throws what the signal was fired with; WakuDeskError NOT_RUNNING */
  async change(signal: AbortSignal): Promise<void> {
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

  /** Tells that every peer is gone. */
  end(): void {
    clearTimeout(this.#timer);
    for (const peerId of this.#entries.keys()) this.#left(peerId);
    this.#ended = true;
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
    const isYoung = ({ told, joinedMs }: PeerEntry): boolean =>
      !told && performance.now() - joinedMs < YOUNG_MS;
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
      this.#options.emit({ type: 'peerIdentified', peer: copyPeer(info) });
    }
  }

  #isOfThisNetwork({ info, joinedMs }: PeerEntry): boolean {
    if (this.refusalOf(info.peerId) !== null) return false;
    return info.shards !== null || performance.now() - joinedMs > SETTLE_MS;
  }

  #join(peer: ConnectedPeer): PeerEntry {
    const origin = this.#origins.get(peer.peerId) ?? (peer.direction === 'outbound' ? 'manual' : 'inbound');
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
    const entry: PeerEntry = { info, joinedMs: performance.now(), told: false };
    this.#entries.set(peer.peerId, entry);
    this.#shortIds.set(shortPeerId(peer.peerId), peer.peerId);
    this.#options.emit({ type: 'peerJoined', peer: copyPeer(info) });
    this.#options.changed();
    return entry;
  }

  #left(peerId: string): void {
    this.#leftMeanwhile.add(peerId);
    this.#shortIds.delete(shortPeerId(peerId));
    if (!this.#entries.delete(peerId)) return;
    const reason = this.refusalOf(peerId)?.message ?? null;
    this.#options.emit({ type: 'peerLeft', peerId, reason });
    this.#options.left(peerId);
    this.#options.changed();
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
  }
}
