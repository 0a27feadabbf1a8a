/** Peers that are connected, and those that were: wakunode2 goes on naming them. */
import type { PeerInfo } from '../../core/engine/events.ts';
import type { SessionEvent } from '../../core/session/types.ts';

/** Those who left; the oldest go. */
const MAX_GONE = 1_024;

export interface KnownPeer {
  info: PeerInfo;
  connected: boolean;
}

export class KnownPeers {
  readonly #connected = new Map<string, PeerInfo>();
  readonly #gone = new Map<string, PeerInfo>();
  #everKnown: number;

  constructor(peers: readonly PeerInfo[]) {
    this.#everKnown = peers.length;
    for (const peer of peers) this.#connected.set(peer.peerId, peer);
  }

  hear(event: SessionEvent): void {
    if (event.type === 'peerJoined' || event.type === 'peerIdentified') {
      if (this.get(event.peer.peerId) === null) this.#everKnown++;
      this.#gone.delete(event.peer.peerId);
      this.#connected.set(event.peer.peerId, event.peer);
    } else if (event.type === 'peerLeft') this.#left(event.peerId);
  }

  /** How many peers there were; one that came back after it was forgotten counts again. */
  get everKnown(): number {
    return this.#everKnown;
  }

  all(): KnownPeer[] {
    return [...this.connected(), ...[...this.#gone.values()].map((info) => ({ info, connected: false }))];
  }

  connected(): KnownPeer[] {
    return [...this.#connected.values()].map((info) => ({ info, connected: true }));
  }

  get(peerId: string): KnownPeer | null {
    const here = this.#connected.get(peerId);
    if (here !== undefined) return { info: here, connected: true };
    const gone = this.#gone.get(peerId);
    return gone === undefined ? null : { info: gone, connected: false };
  }

  #left(peerId: string): void {
    const info = this.#connected.get(peerId);
    if (info === undefined) return;
    this.#connected.delete(peerId);
    this.#gone.set(peerId, info);
    if (this.#gone.size <= MAX_GONE) return;
    for (const oldest of this.#gone.keys()) {
      this.#gone.delete(oldest);
      return;
    }
  }
}
