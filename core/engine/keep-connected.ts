/** Keeps static nodes connected: dials at once, then again with growing pauses for as long as it takes. */
import { delay } from './deadline.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Up to this share is added at random, so that nodes of one network do not dial in step. */
const JITTER = 0.2;

export interface KeepConnectedOptions {
  /** Connects and answers the peer id, or throws. */
  connect: (address: string, signal: AbortSignal) => Promise<string>;
  onFailure: (address: string, error: unknown, nextTryMs: number) => void;
}

/** One address that is being kept connected. */
interface Kept {
  peerId: string | null;
  stop: AbortController;
  /** Ends the wait for a disconnect. */
  wake: () => void;
}

export class KeepConnected {
  readonly #options: KeepConnectedOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: KeepConnectedOptions) {
    this.#options = options;
  }

  add(address: string): void {
    if (this.#kept.has(address)) return;
    const kept: Kept = { peerId: null, stop: new AbortController(), wake: () => undefined };
    this.#kept.set(address, kept);
    void this.#keep(address, kept);
  }

  /** Tells that a peer is gone; if it is one of ours it is dialled again. */
  peerLeft(peerId: string): void {
    for (const kept of this.#kept.values()) if (kept.peerId === peerId) kept.wake();
  }

  /** No longer keeps a peer that the user disconnected. */
  forget(peerId: string): void {
    for (const [address, kept] of this.#kept) {
      if (kept.peerId !== peerId && !address.endsWith(`/p2p/${peerId}`)) continue;
      this.#end(address, kept);
    }
  }

  stop(): void {
    for (const [address, kept] of this.#kept) this.#end(address, kept);
  }

  #end(address: string, kept: Kept): void {
    this.#kept.delete(address);
    kept.stop.abort();
    kept.wake();
  }

  async #keep(address: string, kept: Kept): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (this.#kept.get(address) === kept) {
      const left = new Promise<void>((resolve) => {
        kept.wake = resolve;
      });
      try {
        kept.peerId = await this.#options.connect(address, kept.stop.signal);
        pauseMs = FIRST_PAUSE_MS;
        await left;
      } catch (error) {
        if (this.#kept.get(address) !== kept) return;
        this.#options.onFailure(address, error, pauseMs);
      }
      await delay(pauseMs * (1 + Math.random() * JITTER), kept.stop.signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
}
