/** The messages of a measured run: each carries its run, its number and when it was sent, so none counts twice. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

export const CLUSTER = 16;
export const SHARD = 32;
export const PUBSUB_TOPIC = `/waku/2/rs/${CLUSTER}/${SHARD}`;
export const CONTENT_TOPIC = '/waku-desk/1/bench/proto';
export const PAYLOAD_BYTES = 1024;

const MAX_NAMED = 5;
const MAX_PAYLOAD_BYTES = 10 * 1024;
/** A Uint8Array, whose slice copies. */
const filler = new Uint8Array(randomBytes(MAX_PAYLOAD_BYTES));

/** Monotonic time in ns; one clock for all processes of a machine. */
export function monotonicNs(): bigint {
  return process.hrtime.bigint();
}

export function durationMs(fromNs: bigint, toNs: bigint): number {
  return Number(toNs - fromNs) / 1e6;
}

/** A run of messages. */
export interface Sending {
  /** Tells its messages from those of every other run. */
  run: number;
  count: number;
  /** Messages per second; null: as fast as the sender takes them. */
  rate: number | null;
  /** Publish calls under way at a time, where the sender can have more than one. */
  inFlight: number;
  payloadBytes: number;
}

/** Resolves when message `index` is due, from the first one on; at once without a rate. */
export async function whenDue({ rate }: Sending, index: number, startNs: bigint): Promise<void> {
  if (rate === null) return;
  const waitMs = (index * 1_000) / rate - durationMs(startNs, monotonicNs());
  if (waitMs > 0) await delay(waitMs);
}

/** @param index 0 for the first message of a run */
export function makePayload(
  run: number,
  index: number,
  sizeBytes = PAYLOAD_BYTES,
  sentNs: bigint = monotonicNs(),
): Uint8Array {
  const payload = filler.slice(0, sizeBytes);
  const view = new DataView(payload.buffer);
  view.setUint32(0, run);
  view.setUint32(4, index);
  view.setBigInt64(8, sentNs);
  return payload;
}

/** What a run came to at its receiver. Structured-cloneable. */
export interface Receipt {
  /** Different messages of the run. */
  received: number;
  /** Messages that came again. */
  repeated: number;
  /** The first few that did not come, by their number from 0. */
  missing: number[];
  /** Monotonic ns at the last new message; 0 before the first. */
  lastNs: bigint;
  /** From just before publishing to receiving, in ms; in the order of arrival. */
  latenciesMs: Float64Array;
}

/** Counts a run's messages at the receiver. */
export class Tally {
  readonly count: number;
  readonly #run: number;
  readonly #payloadBytes: number;
  readonly #seen: Uint8Array;
  readonly #latenciesMs: Float64Array;
  #completed: () => void = () => undefined;
  #received = 0;
  #repeated = 0;
  #lastNs = 0n;

  constructor({ run, count, payloadBytes }: Sending) {
    this.count = count;
    this.#run = run;
    this.#payloadBytes = payloadBytes;
    this.#seen = new Uint8Array(count);
    this.#latenciesMs = new Float64Array(count);
  }

  /** Messages of other runs are ignored. */
  add(payload: Uint8Array, nowNs: bigint = monotonicNs()): void {
    if (payload.length !== this.#payloadBytes) return;
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    const index = view.getUint32(4);
    if (view.getUint32(0) !== this.#run || index >= this.count) return;
    if (this.#seen[index] === 1) {
      this.#repeated++;
      return;
    }
    this.#seen[index] = 1;
    this.#latenciesMs[this.#received] = durationMs(view.getBigInt64(8), nowNs);
    this.#received++;
    this.#lastNs = nowNs;
    if (this.#received === this.count) this.#completed();
  }

  #missing(): number[] {
    const missing: number[] = [];
    for (let index = 0; index < this.count && missing.length < MAX_NAMED; index++)
      if (this.#seen[index] !== 1) missing.push(index);
    return missing;
  }

  /** What has come, once everything has or the time is over. */
  async wait(timeoutMs: number): Promise<Receipt> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#completed = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#received === this.count) this.#completed();
    });
    return {
      received: this.#received,
      repeated: this.#repeated,
      missing: this.#missing(),
      lastNs: this.#lastNs,
      latenciesMs: this.#latenciesMs.slice(0, this.#received),
    };
  }
}

/** A run that did not arrive as it was sent. */
export class LossError extends Error {}

/** @throws LossError unless every message came exactly once: a figure with losses is none */
export function checkComplete({ received, repeated, missing }: Receipt, count: number): void {
  if (received === count && repeated === 0) return;
  const lost =
    received === count
      ? '0 were lost'
      : `${count - received} were lost (number ${missing.join(', ')}${count - received > missing.length ? ', …' : ''})`;
  throw new LossError(`of ${count} messages ${lost} and ${repeated} came twice`);
}
