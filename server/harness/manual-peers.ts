/** Peers that the user connected by hand: a node that is started again dials them again. */
import { delay } from '../../core/engine/deadline.ts';
import { describeCause } from '../../core/engine/errors.ts';
import type { Session } from '../../core/session/session.ts';

/** The newest count. */
const MAX_PEERS = 1_000;
const TIMEOUT_MS = 20_000;
/** A peer may need a moment to notice that the connection before is gone. */
const PAUSES_MS = [1_000, 5_000];

export class ManualPeers {
  /** Address by peer id. */
  readonly #addresses = new Map<string, string>();
  #dialling: { abort: AbortController; done: Promise<unknown> } | null = null;

  connected(peerId: string, address: string): void {
    this.#addresses.delete(peerId);
    this.#addresses.set(peerId, address);
    const [oldest] = this.#addresses.keys();
    if (this.#addresses.size > MAX_PEERS && oldest !== undefined) this.#addresses.delete(oldest);
  }

  disconnected(peerId: string): void {
    this.#addresses.delete(peerId);
  }

  /** In the background, until {@link stop} or {@link callOff}. @param failed hears of each that cannot be reached */
  dialAgain(session: Session, failed: (text: string) => void): void {
    this.callOff();
    const abort = new AbortController();
    const dials = [...this.#addresses].map(([peerId, address]) =>
      dial(session, address, abort.signal).catch((error: unknown) => {
        if (!abort.signal.aborted && this.#addresses.has(peerId))
          failed(`The peer ${peerId} could not be connected again: ${describeCause(error)}`);
      }),
    );
    this.#dialling = { abort, done: Promise.all(dials) };
  }

  /** Dials no more; who was connected by hand stays known. */
  callOff(): void {
    this.#dialling?.abort.abort();
  }

  /** Calls off, and resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.callOff();
    await this.#dialling?.done;
    this.#dialling = null;
  }
}

async function dial(session: Session, address: string, signal: AbortSignal): Promise<void> {
  for (const pauseMs of [...PAUSES_MS, null]) {
    try {
      await session.connect(address, { signal, timeoutMs: TIMEOUT_MS });
      return;
    } catch (error) {
      if (pauseMs === null || signal.aborted) throw error;
    }
    await delay(pauseMs, signal);
  }
}
