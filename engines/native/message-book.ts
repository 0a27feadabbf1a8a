/**
 * What the engine knows of messages beside what the library's events say: which are its own, to how many peers they
 * were really sent, and from whom others came. The library prints that; see log-lines.ts.
 */
import type { LogLine } from './log-lines.ts';

/** Gossipsub's memory of messages seen. */
const WINDOW_MS = 120_000;
const MAX_OWN = 131_072;
/** Origins wait for their event, which comes right after the line. */
const MAX_ORIGINS = 16_384;

interface Own {
  atMs: number;
  sends: number;
  echoed: boolean;
}

export class MessageBook {
  /** In the order of publishing. */
  readonly #own = new Map<string, Own>();
  readonly #origins = new Map<string, string>();
  /** When the last message was published, as performance.now() tells it. */
  lastMs = -Infinity;

  /** Notes a message before it is published. @returns false for one that was published within the window */
  publish(hash: string, nowMs: number): boolean {
    this.#forgetOld(nowMs);
    if (this.#own.has(hash)) return false;
    this.#own.set(hash, { atMs: nowMs, sends: 0, echoed: false });
    this.lastMs = nowMs;
    return true;
  }

  /** The library did not take it: it may be published again. */
  unpublish(hash: string): void {
    this.#own.delete(hash);
  }

  isOwn(hash: string): boolean {
    return this.#own.has(hash);
  }

  /** @returns false when the own message has come back before */
  echo(hash: string): boolean {
    const own = this.#own.get(hash);
    if (own === undefined || own.echoed) return false;
    own.echoed = true;
    return true;
  }

  /** Peers that an own message was really sent to, until now. */
  sends(hash: string): number {
    return this.#own.get(hash)?.sends ?? 0;
  }

  /** Takes a line that is data. */
  printed({ kind, hash, peer }: Extract<LogLine, { hash: string }>): void {
    if (kind === 'sent') {
      const own = this.#own.get(hash);
      if (own !== undefined) own.sends++;
      return;
    }
    this.#origins.set(hash, peer);
    if (this.#origins.size > MAX_ORIGINS) deleteOldest(this.#origins);
  }

  /** Whom a message came from, as the library shortens it; null where it did not say. */
  takeOrigin(hash: string): string | null {
    const origin = this.#origins.get(hash) ?? null;
    this.#origins.delete(hash);
    return origin;
  }

  #forgetOld(nowMs: number): void {
    for (const [hash, { atMs }] of this.#own) {
      if (nowMs - atMs < WINDOW_MS && this.#own.size < MAX_OWN) return;
      this.#own.delete(hash);
    }
  }
}

function deleteOldest(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
