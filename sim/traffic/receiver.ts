/** What a receiver can say of traffic: per sender loss, order, duplicates, lateness and latency, in bounded memory. */
import { Samples, type Distribution } from './distribution.ts';
import { decodeTraffic, type TrafficHeader } from './payload.ts';
import { Sequences, type SequenceRange } from './sequences.ts';

/** What came from one sender in one run. */
export interface ReceivedTraffic {
  run: number;
  sender: number;
  /** What it means to send, by its own word. */
  planned: number;
  /** Different messages. */
  received: number;
  /** Missing before the last one that came. */
  lost: number;
  /** Missing after it: lost, or never sent. */
  notSeen: number;
  /** The first of both, at most five ranges. */
  missing: SequenceRange[];
  /** Messages that came again. */
  duplicates: number;
  /** Messages that came after a later one. */
  outOfOrder: number;
  /** From just before publishing to receiving, of every first copy, the first message included. */
  latencyMs: Distribution | null;
  /** Of the message 0; null where it is missing. */
  firstLatencyMs: number | null;
  /** Messages that came before they were sent, which only unlike clocks explain; they are in no latency. */
  beforeSent: number;
  /** How late the sender was against its own schedule. */
  lateMs: Distribution | null;
}

export interface TrafficReport {
  /** By run and sender, in the order in which they were heard first. */
  senders: ReceivedTraffic[];
  /** Of all senders together. */
  latencyMs: Distribution | null;
  /** Messages that were no traffic, or of another run. */
  others: number;
  /** Traffic of more senders than are followed. */
  ignored: number;
}

export interface ReceiverOptions {
  /** Only this run; every one by default. */
  run?: number | undefined;
}

/** Senders that are followed, over all runs. */
const MAX_SENDERS = 512;
/** Latencies that are kept for exact percentiles, of one sender and of all: at most 264 MiB together with lateness. */
const SENDER_SAMPLES = 32_768;
const ALL_SAMPLES = 1_048_576;
const MAX_RANGES = 5;

export class TrafficReceiver {
  readonly #run: number | undefined;
  readonly #senders = new Map<string, OneSender>();
  readonly #latency = new Samples(ALL_SAMPLES);
  #received = 0;
  #others = 0;
  #ignored = 0;

  constructor({ run }: ReceiverOptions = {}) {
    this.#run = run;
  }

  /** Different messages so far. */
  get received(): number {
    return this.#received;
  }

  /**
   * @param receivedNs Unix ns, on the machine whose clock the sender read
   * @returns what the payload says of itself; null for others
   */
  add(payload: Uint8Array, receivedNs: bigint): TrafficHeader | null {
    const header = decodeTraffic(payload);
    if (header === null || (this.#run !== undefined && header.run !== this.#run)) {
      this.#others++;
      return null;
    }
    const sender = this.#senderOf(header);
    if (sender === null) this.#ignored++;
    else if (sender.add(header)) {
      this.#received++;
      const latencyMs = sender.arrived(header, receivedNs);
      if (latencyMs !== null) this.#latency.add(latencyMs);
    }
    return header;
  }

  report(): TrafficReport {
    return {
      senders: [...this.#senders.values()].map((sender) => sender.report()),
      latencyMs: this.#latency.distribution(),
      others: this.#others,
      ignored: this.#ignored,
    };
  }

  #senderOf({ run, sender }: TrafficHeader): OneSender | null {
    const key = `${run} ${sender}`;
    let known = this.#senders.get(key);
    if (known === undefined && this.#senders.size < MAX_SENDERS)
      this.#senders.set(key, (known = new OneSender(run, sender)));
    return known ?? null;
  }
}

export function latencyMsOf({ sentNs }: TrafficHeader, receivedNs: bigint): number {
  return Number(receivedNs - sentNs) / 1e6;
}

class OneSender {
  readonly #run: number;
  readonly #sender: number;
  readonly #sequences = new Sequences();
  readonly #latency = new Samples(SENDER_SAMPLES);
  readonly #late = new Samples(SENDER_SAMPLES);
  #planned = 0;
  #duplicates = 0;
  #outOfOrder = 0;
  #beforeSent = 0;
  #firstLatencyMs: number | null = null;

  constructor(run: number, sender: number) {
    this.#run = run;
    this.#sender = sender;
  }

  /** @returns false for a message that came before */
  add({ sequence, planned }: TrafficHeader): boolean {
    this.#planned = Math.max(this.#planned, planned);
    const isLate = sequence < this.#sequences.highest;
    if (!this.#sequences.add(sequence)) {
      this.#duplicates++;
      return false;
    }
    if (isLate) this.#outOfOrder++;
    return true;
  }

  /** @returns the latency; null where clocks do not fit */
  arrived(header: TrafficHeader, receivedNs: bigint): number | null {
    this.#late.add(header.lateMs);
    const latencyMs = latencyMsOf(header, receivedNs);
    if (latencyMs < 0) {
      this.#beforeSent++;
      return null;
    }
    this.#latency.add(latencyMs);
    if (header.sequence === 0) this.#firstLatencyMs = latencyMs;
    return latencyMs;
  }

  report(): ReceivedTraffic {
    const { count, highest } = this.#sequences;
    return {
      run: this.#run,
      sender: this.#sender,
      planned: this.#planned,
      received: count,
      lost: highest + 1 - count,
      notSeen: this.#planned - highest - 1,
      missing: this.#sequences.missing(this.#planned, MAX_RANGES),
      duplicates: this.#duplicates,
      outOfOrder: this.#outOfOrder,
      latencyMs: this.#latency.distribution(),
      firstLatencyMs: this.#firstLatencyMs,
      beforeSent: this.#beforeSent,
      lateMs: this.#late.distribution(),
    };
  }
}
