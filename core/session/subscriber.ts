/**
 * One subscriber's queue: numbered batches, a few of them unacknowledged at a time, and a bound beyond which
 * it misses things and is told so. A slow subscriber never slows the others.
 */
import type { SessionBatch } from './types.ts';

/** Takes a batch; a returned promise is the acknowledgement. Must not throw. */
export type BatchListener = (batch: SessionBatch) => void | Promise<void>;

export interface SubscriberOptions {
  /** Batches that may be on the way before the first is acknowledged; 4 by default. */
  maxUnacknowledged?: number;
  /** Things that wait meanwhile; 20,000 by default. */
  maxQueued?: number;
}

/** The parts of a batch that are lists. */
export type Delta = Pick<SessionBatch, 'messages' | 'states' | 'gaps' | 'events'>;

export class Subscriber {
  readonly #listener: BatchListener;
  readonly #maxUnacknowledged: number;
  readonly #maxQueued: number;
  #waiting: Delta | null = null;
  #queued = 0;
  #missed = 0;
  #unacknowledged = 0;
  #number = 0;
  #ended = false;

  constructor(
    listener: BatchListener,
    { maxUnacknowledged = 4, maxQueued = 20_000 }: SubscriberOptions = {},
  ) {
    this.#listener = listener;
    this.#maxUnacknowledged = maxUnacknowledged;
    this.#maxQueued = maxQueued;
  }

  push(delta: Delta): void {
    if (this.#ended) return;
    if (this.#unacknowledged < this.#maxUnacknowledged && this.#waiting === null) this.#send(delta, 0);
    else this.#queue(delta);
  }

  end(): void {
    this.#ended = true;
    this.#waiting = null;
  }

  #queue(delta: Delta): void {
    const size = sizeOf(delta);
    if (this.#queued + size > this.#maxQueued) {
      this.#missed += size;
      return;
    }
    this.#queued += size;
    this.#waiting ??= emptyDelta();
    this.#waiting.messages.push(...delta.messages);
    this.#waiting.states.push(...delta.states);
    this.#waiting.gaps.push(...delta.gaps);
    this.#waiting.events.push(...delta.events);
  }

  #send(delta: Delta, missed: number): void {
    this.#number++;
    const done = this.#listener({ number: this.#number, ...delta, missed });
    if (done === undefined) return;
    this.#unacknowledged++;
    const acknowledged = (): void => {
      this.#unacknowledged--;
      this.#sendWaiting();
    };
    done.then(acknowledged, acknowledged);
  }

  #sendWaiting(): void {
    if (this.#ended || (this.#waiting === null && this.#missed === 0)) return;
    const delta = this.#waiting ?? emptyDelta();
    const missed = this.#missed;
    this.#waiting = null;
    this.#queued = 0;
    this.#missed = 0;
    this.#send(delta, missed);
  }
}

export function emptyDelta(): Delta {
  return { messages: [], states: [], gaps: [], events: [] };
}

export function sizeOf({ messages, states, gaps, events }: Delta): number {
  return messages.length + states.length + gaps.length + events.length;
}
