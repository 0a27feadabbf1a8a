/**
 * Sends what a plan says, at its times, through any publish function. Messages are due by the plan and not after one
 * another: where publishing is slow the sender falls behind, and says by how much, instead of sending less.
 */
import { nowNs } from '../../core/engine/clock.ts';
import { delay } from '../../core/engine/deadline.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { Samples, type Distribution } from './distribution.ts';
import { encodeTraffic } from './payload.ts';
import { schedule, type PlannedMessage, type TrafficPlan } from './plan.ts';

/** A message as it goes out. */
export interface TrafficMessage {
  payload: Uint8Array;
  shard: number;
  contentTopic: string;
}

/** What became of one message. */
export interface SendOutcome {
  sequence: number;
  /** Unix ns, just before it was published. */
  sentNs: bigint;
  /** After its time in the plan; 0 without one. */
  lateMs: number;
  /** Until the answer. */
  publishMs: number;
  payloadBytes: number;
  shard: number;
  contentTopic: string;
  /** Neighbours that it was really sent to; null where nobody can count, or it failed. */
  sentToPeers: number | null;
  /** Code of the failure; null: it was accepted. */
  failure: string | null;
}

export interface SenderReport {
  run: number;
  sender: number;
  planned: number;
  /** Given to the publish function: accepted and failed together. */
  sent: number;
  accepted: number;
  /** Failed ones by their code. */
  failed: Record<string, number>;
  /** Real sends of all messages together; null where nobody can count. */
  sentToPeers: number | null;
  /** Accepted ones that went to no neighbour. */
  sentToNobody: number;
  payloadBytes: number;
  /** After their times in the plan; null without times. All messages, the first included. */
  lateMs: Distribution | null;
  /** From the call to the answer. All messages, the first included. */
  publishMs: Distribution | null;
  durationMs: number;
  /** Ended before the plan's last message. */
  interrupted: boolean;
}

export interface SenderOptions {
  plan: TrafficPlan;
  run: number;
  sender: number;
  publish: (message: TrafficMessage) => Promise<{ sentToPeers: number | null }>;
  /** Publish calls that may be under way at a time; 16 by default. */
  maxInFlight?: number;
  onOutcome?: (outcome: SendOutcome) => void;
  /** Ends the sending; what is under way is waited for. */
  signal: AbortSignal;
}

const SAMPLES = 1_048_576;

export async function sendTraffic(options: SenderOptions): Promise<SenderReport> {
  const { plan, maxInFlight = 16, signal } = options;
  const tally = new SenderTally(options);
  const inFlight = new Set<Promise<void>>();
  const startMs = performance.now();
  for (const planned of schedule(plan)) {
    await untilDue(planned.dueMs, startMs, signal);
    while (inFlight.size >= maxInFlight) await Promise.race(inFlight);
    // Also at full speed signals and timers get their turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) break;
    const lateMs = planned.dueMs === null ? 0 : Math.max(0, performance.now() - startMs - planned.dueMs);
    const sending = sendOne(planned, lateMs, options, tally).finally(() => inFlight.delete(sending));
    inFlight.add(sending);
  }
  await Promise.all(inFlight);
  return tally.report(performance.now() - startMs);
}

/** Timers end up to a millisecond early. */
async function untilDue(dueMs: number | null, startMs: number, signal: AbortSignal): Promise<void> {
  if (dueMs === null) return;
  for (;;) {
    const leftMs = dueMs - (performance.now() - startMs);
    if (leftMs <= 0 || signal.aborted) return;
    await delay(leftMs, signal);
  }
}

async function sendOne(
  { sequence, payloadBytes, shard, contentTopic }: PlannedMessage,
  lateMs: number,
  { plan, run, sender, publish, onOutcome }: SenderOptions,
  tally: SenderTally,
): Promise<void> {
  const sentNs = nowNs();
  const payload = encodeTraffic(
    { run, sender, sequence, planned: plan.messages, lateMs, sentNs },
    payloadBytes,
  );
  const startMs = performance.now();
  let sentToPeers: number | null = null;
  let failure: string | null = null;
  try {
    ({ sentToPeers } = await publish({ payload, shard, contentTopic }));
  } catch (error) {
    failure = error instanceof WakuDeskError ? error.code : 'ENGINE_FAILED';
  }
  const publishMs = performance.now() - startMs;
  const outcome = {
    sequence,
    sentNs,
    lateMs,
    publishMs,
    payloadBytes,
    shard,
    contentTopic,
    sentToPeers,
    failure,
  };
  tally.add(outcome);
  onOutcome?.(outcome);
}

class SenderTally {
  readonly #options: SenderOptions;
  readonly #late = new Samples(SAMPLES);
  readonly #publish = new Samples(SAMPLES);
  readonly #failed: Record<string, number> = {};
  #sent = 0;
  #accepted = 0;
  #counted = 0;
  #sends = 0;
  #sentToNobody = 0;
  #payloadBytes = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  add({ lateMs, publishMs, payloadBytes, sentToPeers, failure }: SendOutcome): void {
    this.#sent++;
    this.#payloadBytes += payloadBytes;
    this.#publish.add(publishMs);
    if (this.#options.plan.rate !== 'max') this.#late.add(lateMs);
    if (failure !== null) {
      this.#failed[failure] = (this.#failed[failure] ?? 0) + 1;
      return;
    }
    this.#accepted++;
    if (sentToPeers === null) return;
    this.#counted++;
    this.#sends += sentToPeers;
    if (sentToPeers === 0) this.#sentToNobody++;
  }

  report(durationMs: number): SenderReport {
    const { run, sender, plan } = this.#options;
    return {
      run,
      sender,
      planned: plan.messages,
      sent: this.#sent,
      accepted: this.#accepted,
      failed: this.#failed,
      sentToPeers: this.#counted === this.#accepted ? this.#sends : null,
      sentToNobody: this.#sentToNobody,
      payloadBytes: this.#payloadBytes,
      lateMs: this.#late.distribution(),
      publishMs: this.#publish.distribution(),
      durationMs,
      interrupted: this.#sent < plan.messages,
    };
  }
}
