/** The engine's book of connected peers: what is known of each, and whether its metadata has been checked. */
import { copyPeer, type PeerInfo } from '../../core/engine/events.ts';
import type { WakuDeskError } from '../../core/engine/errors.ts';

interface Entry {
  info: PeerInfo;
  /** Settles when the peer has told its cluster, or was hung up on. */
  ready: Promise<void>;
  settle: (error: WakuDeskError | null) => void;
  /** Metadata has been asked for. */
  asked: boolean;
  /** Why this node hung up, for the peerLeft event. */
  leaveReason: string | null;
  /** Since when nothing can be sent to it; null while its stream is open. ms of performance.now(). */
  mutedSinceMs: number | null;
}

export class PeerBook {
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  join(info: PeerInfo): void {
    let settle: Entry['settle'] = () => undefined;
    const ready = new Promise<void>((resolve, reject) => {
      settle = (error) => {
        if (error === null) resolve();
        else reject(error);
      };
    });
    // Most peers have nobody waiting for them.
    ready.catch(() => undefined);
    this.#entries.set(info.peerId, {
      info,
      ready,
      settle,
      asked: false,
      leaveReason: null,
      mutedSinceMs: null,
    });
  }

  get(peerId: string): Entry | undefined {
    return this.#entries.get(peerId);
  }

  /** @returns why this node hung up (null when the peer did), or null for a peer that is not in the book */
  leave(peerId: string, gone: WakuDeskError): { reason: string | null } | null {
    const entry = this.#entries.get(peerId);
    if (entry === undefined) return null;
    this.#entries.delete(peerId);
    entry.settle(gone);
    return { reason: entry.leaveReason };
  }

  entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** Copies: they leave the engine. */
  list(): PeerInfo[] {
    return [...this.#entries.values()].map(({ info }) => copyPeer(info));
  }
}
