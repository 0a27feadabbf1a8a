/** What a native engine does with peers: connecting, keeping connected, hanging up, pinging. */
import { dialTarget, parsePeerId, peerIdOf } from '../../core/engine/addresses.ts';
import type { Support } from '../../core/engine/capabilities.ts';
import { delay, withDeadline } from '../../core/engine/deadline.ts';
import type { TimedCallOptions } from '../../core/engine/engine.ts';
import { demand } from '../../core/engine/engine-capabilities.ts';
import type { LogLevel, PeerInfo, PeerOrigin } from '../../core/engine/events.ts';
import { failure } from '../../core/engine/failure.ts';
import { KeepConnected } from '../../core/engine/keep-connected.ts';
import { dialFailure, probe } from './dial-failures.ts';
import { LibraryError } from './library-node.ts';
import { PeerBook, type PeerBookOptions, type PeerEntry } from './peer-book.ts';

const CONNECT_MS = 15_000;
const PING_MS = 10_000;
/** The library's limit comes after ours, which has the words for it. */
const GRACE_MS = 500;
/** The answer to waku_connect may come when the dialling begins: whoever has not joined by then is looked at. */
const JOIN_MS = 1_500;
/** So many round trips in a row that took no longer: nothing is on the way any more. */
const QUICK_PINGS = 3;
const QUICK_MS = 20;

export interface PeersOptions extends Omit<PeerBookOptions, 'left'> {
  /** waku_connect, waku_disconnect_peer_by_id, waku_ping_peer. */
  connect: (address: string, timeoutMs: number, signal: AbortSignal) => Promise<void>;
  disconnect: (peerId: string) => Promise<void>;
  /** @returns ms */
  ping: (address: string, timeoutMs: number, signal: AbortSignal) => Promise<number>;
  ownPeerId: string;
  /** Whether the library connects to an address without a peer id. */
  dialUnnamed: Support;
  log: (level: LogLevel, component: string, text: string) => void;
}

interface Dial {
  address: string;
  named: string | null;
  origin: PeerOrigin;
  timeoutMs: number;
  signal: AbortSignal;
}

export class Peers {
  readonly book: PeerBook;
  readonly #options: PeersOptions;
  readonly #keeper: KeepConnected;

  constructor(options: PeersOptions) {
    this.#options = options;
    this.book = new PeerBook({
      ...options,
      left: (peerId) => {
        this.#keeper.peerLeft(peerId);
      },
    });
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

  list(): PeerInfo[] {
    return this.book.list();
  }

  /** @throws WakuDeskError MULTIADDR_INVALID, CONNECT_FAILED, WRONG_CLUSTER, TIMED_OUT, CANCELLED */
  async connect(address: string, origin: PeerOrigin, options: TimedCallOptions): Promise<string> {
    const named = peerIdOf(dialTarget(address, 'engine.connect'));
    if (named === null) demand('engine.connect', this.#options.dialUnnamed);
    if (named === this.#options.ownPeerId) throw dialFailure(address, 'dial to self attempted');
    const limits = { timeoutMs: CONNECT_MS, ...options };
    return withDeadline('engine.connect', limits, async (signal) => {
      const entry =
        this.book.find(named, address) ??
        (await this.#dial({ address, named, origin, timeoutMs: limits.timeoutMs, signal }));
      if (origin === 'static') entry.info.origin = 'static';
      await this.#settled(entry, signal);
      return entry.info.peerId;
    });
  }

  /** @throws WakuDeskError PEER_ID_INVALID */
  async disconnect(peerId: string): Promise<void> {
    parsePeerId(peerId, 'engine.disconnect');
    this.#keeper.forget(peerId);
    if (this.book.get(peerId) !== undefined) await this.#options.disconnect(peerId);
  }

  /** @throws WakuDeskError PEER_ID_INVALID, PEER_NOT_CONNECTED, PING_FAILED, TIMED_OUT, CANCELLED */
  async ping(peerId: string, options: TimedCallOptions): Promise<number> {
    parsePeerId(peerId, 'engine.ping');
    const entry = this.book.get(peerId);
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
    const waits = this.book.ids.map(async (peerId) => {
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
    this.book.end();
  }

  /** Waits until the peer is there. */
  async #dial({ address, named, origin, timeoutMs, signal }: Dial): Promise<PeerEntry> {
    const arrived = named === null ? () => undefined : this.book.expect(named, origin);
    try {
      await this.#options.connect(address, timeoutMs + GRACE_MS, signal);
      return await this.#joined(named, address, signal);
    } catch (error) {
      if (!(error instanceof LibraryError)) throw error;
      throw (named === null ? null : this.book.refusalOf(named)) ?? dialFailure(address, error.message);
    } finally {
      arrived();
    }
  }

  async #joined(named: string | null, address: string, signal: AbortSignal): Promise<PeerEntry> {
    const startMs = performance.now();
    let probed = false;
    for (;;) {
      const entry = this.book.find(named, address);
      if (entry !== null) return entry;
      const refusal = named === null ? null : this.book.refusalOf(named);
      if (refusal !== null) throw refusal;
      if (!probed && performance.now() - startMs > JOIN_MS) {
        probed = true;
        // The library says nothing of a dial that failed: the system knows whether anybody listens there.
        const why = await probe(address);
        if (why !== null) throw dialFailure(address, why);
      }
      await this.book.change(signal);
    }
  }

  /** Waits until the peer is known to be one of this network. */
  async #settled(entry: PeerEntry, signal: AbortSignal): Promise<void> {
    const { peerId } = entry.info;
    while (!entry.told) {
      const refusal = this.book.refusalOf(peerId);
      if (refusal !== null) throw refusal;
      if (this.book.get(peerId) !== entry) throw dialFailure(entry.info.addresses[0] ?? peerId, 'hung up');
      await this.book.change(signal);
    }
  }
}
