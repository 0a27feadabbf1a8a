/**
 * The one way that messages, states and gaps take: capture on disk first, then memory, then the subscribers.
 * While a write is under way the next ones gather, so the disk sets the size of a batch.
 */
import type { AppendInput, DeliveryState, GapRecord, NewGap, NewMessage } from '../capture/records.ts';
import { nowNs } from '../engine/clock.ts';
import { SummaryRing } from '../capture/summary-ring.ts';
import { emptyDelta, type Delta } from './subscriber.ts';
import type { LiveMessage, SessionEvent } from './types.ts';

/** What the intake needs of a capture; core/capture has it. */
export interface CaptureLog {
  /**
   * Resolves when write() has returned. A record that the disk refuses is a result, not a failure.
   * @returns for each message, in order, its number in the capture, or null when it is not captured
   */
  append(input: AppendInput): Promise<(number | null)[]>;
}

/** A message on its way, and where it ended up. */
export interface Entry {
  readonly message: NewMessage;
  /** null until it is stored. */
  place: { position: number; seq: number | null } | null;
}

interface WaitingState {
  entry: Entry;
  atNs: bigint;
  delivery: DeliveryState;
}

export interface IntakeOptions {
  /** null: nothing is captured, and the numbers are the session's own. */
  capture: CaptureLog | null;
  /** Summaries kept in memory. */
  maxSummaries: number;
  /** Called with what is stored, in order. */
  deliver: (delta: Delta) => void;
  /** Called with the messages that the capture refused. */
  notCaptured: (messages: number) => void;
}

/** Waiting for the disk at most; beyond it messages are dropped, counted and noted as a gap. */
const MAX_WAITING_MESSAGES = 131_072;
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

export class Intake {
  readonly summaries: SummaryRing;
  readonly #options: IntakeOptions;
  #messages: Entry[] = [];
  #bytes = 0;
  #states: WaitingState[] = [];
  #gaps: NewGap[] = [];
  #events: SessionEvent[] = [];
  /** Those who wait for a delivery. */
  #waiters: (() => void)[] = [];
  #overflowed = 0;
  #lastSeq = 0;
  #pumping: Promise<void> | null = null;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.summaries = new SummaryRing({ capacity: options.maxSummaries });
  }

  /** @returns null when the queue is full and the message was dropped */
  message(message: NewMessage): Entry | null {
    const bytes = message.message.payload.length;
    if (this.#messages.length >= MAX_WAITING_MESSAGES || this.#bytes + bytes > MAX_WAITING_BYTES) {
      this.#overflowed++;
      return null;
    }
    const entry: Entry = { message, place: null };
    this.#messages.push(entry);
    this.#bytes += bytes;
    this.#pump();
    return entry;
  }

  state(entry: Entry, atNs: bigint, delivery: DeliveryState): void {
    this.#states.push({ entry, atNs, delivery });
    this.#pump();
  }

  gap(gap: NewGap): void {
    this.#gaps.push(gap);
    this.#pump();
  }

  event(event: SessionEvent): void {
    this.#events.push(event);
    this.#pump();
  }

  /** Resolves when everything taken so far is delivered, also while more keeps coming. */
  async delivered(): Promise<void> {
    if (this.#pumping === null) return;
    await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Resolves when nothing is left, states of the last messages included: for the end, when nothing comes. */
  async flush(): Promise<void> {
    while (this.#pumping !== null) await this.#pumping;
  }

  #pump(): void {
    this.#pumping ??= this.#run();
  }

  async #run(): Promise<void> {
    try {
      do {
        // One turn's worth gathers first; and between two rounds of a flood timers and signals get their turn.
        await new Promise((resolve) => setImmediate(resolve));
        await this.#store();
      } while (this.#waiting() > 0);
    } finally {
      // In the same turn as the last look: what comes after it begins anew.
      this.#pumping = null;
    }
  }

  #waiting(): number {
    const { length: waiters } = this.#waiters;
    return this.#messages.length + this.#states.length + this.#gaps.length + this.#events.length + waiters;
  }

  async #store(): Promise<void> {
    const waiters = this.#waiters;
    this.#waiters = [];
    const entries = this.#messages;
    this.#messages = [];
    this.#bytes = 0;
    // A state follows its message: one whose message is not stored yet waits for the next round.
    const states = this.#states.filter(({ entry }) => entry.place !== null);
    this.#states = this.#states.filter(({ entry }) => entry.place === null);
    const gaps = this.#takeGaps();
    const delta = emptyDelta();
    delta.events = this.#events;
    this.#events = [];

    const seqs = await this.#capture(entries, states, gaps);
    entries.forEach((entry, i) => {
      delta.messages.push(this.#remember(entry, seqs[i] ?? null));
    });
    for (const { entry, atNs, delivery } of states) {
      const position = entry.place?.position;
      if (position === undefined) continue;
      this.summaries.setState(position, delivery);
      delta.states.push({ position, hash: entry.message.hash, atNs, delivery });
    }
    delta.gaps = gaps;
    this.#options.deliver(delta);
    for (const resolve of waiters) resolve();
  }

  #takeGaps(): GapRecord[] {
    if (this.#overflowed > 0) {
      const detail = 'the queue before the disk was full';
      this.#gaps.push({ reason: 'overflow', lost: this.#overflowed, detail });
      this.#overflowed = 0;
    }
    const gaps = this.#gaps.map((gap) => ({ atNs: nowNs(), ...gap, afterSeq: this.#lastSeq }));
    this.#gaps = [];
    return gaps;
  }

  async #capture(
    entries: readonly Entry[],
    states: readonly WaitingState[],
    gaps: readonly GapRecord[],
  ): Promise<(number | null)[]> {
    const { capture } = this.#options;
    if (capture === null) return entries.map(() => null);
    if (entries.length + states.length + gaps.length === 0) return [];
    const captured = states.flatMap(({ entry, atNs, delivery }) => {
      const seq = entry.place?.seq ?? null;
      return seq === null ? [] : [{ seq, atNs, delivery }];
    });
    const messages = entries.map(({ message }) => message);
    const seqs = await capture.append({ gaps, messages, states: captured });
    const missing = seqs.filter((seq) => seq === null).length;
    if (missing > 0) this.#options.notCaptured(missing);
    return seqs;
  }

  #remember(entry: Entry, seq: number | null): LiveMessage {
    const position = this.summaries.push(entry.message, seq);
    if (seq !== null) this.#lastSeq = seq;
    entry.place = { position, seq };
    return { ...entry.message, position, seq };
  }
}
