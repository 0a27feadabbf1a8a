/** Figures out of deliveries: ratio, latency, propagation, recovery. All times in ms. */
import { Samples, type Distribution } from '../traffic/distribution.ts';
import type { Deliveries, SentMessage } from './deliveries.ts';

/** Messages that were sent in this time after the beginning of the traffic. */
export interface Window {
  fromMs?: number | undefined;
  toMs?: number | undefined;
  /** Each sender's first message, which TCP's slow start makes slow. */
  firstMessage: 'counted' | 'excluded';
}

export interface DeliveryFigures {
  expected: number;
  arrived: number;
  /** Null where nothing was expected. */
  ratio: number | null;
}

const MOST_SAMPLES = 1_048_576;
const EVERYTHING: Window = { firstMessage: 'counted' };

interface Row {
  row: number;
  message: SentMessage;
}

/** Messages that their node took, in the order of their senders. */
export function* sentIn(deliveries: Deliveries, window: Window = EVERYTHING): Generator<Row> {
  const { fromMs = -Infinity, toMs = Infinity, firstMessage } = window;
  for (const [row, message] of deliveries.rows.entries()) {
    if (message?.accepted !== true) continue;
    if (message.sentMs < fromMs || message.sentMs >= toMs) continue;
    if (firstMessage === 'excluded' && message.sequence === 0) continue;
    yield { row, message };
  }
}

/** @param node only deliveries to this one */
export function deliveryRatio(deliveries: Deliveries, window?: Window, node?: number): DeliveryFigures {
  let expected = 0;
  let arrived = 0;
  for (const { row, message } of sentIn(deliveries, window))
    for (const receiver of message.expected) {
      if (node !== undefined && receiver !== node) continue;
      expected++;
      if (!Number.isNaN(deliveries.latencyMs(row, receiver))) arrived++;
    }
  return { expected, arrived, ratio: expected === 0 ? null : arrived / expected };
}

/** From sending to one receiver. */
export function latency(deliveries: Deliveries, window?: Window, node?: number): Distribution | null {
  const samples = new Samples(MOST_SAMPLES);
  for (const { row, message } of sentIn(deliveries, window))
    for (const receiver of message.expected) {
      const latencyMs = deliveries.latencyMs(row, receiver);
      if ((node === undefined || receiver === node) && !Number.isNaN(latencyMs)) samples.add(latencyMs);
    }
  return samples.distribution();
}

/** From sending to the last of its receivers; messages that missed one are left out and counted. */
export function propagation(
  deliveries: Deliveries,
  window?: Window,
): { distribution: Distribution | null; incomplete: number } {
  const samples = new Samples(MOST_SAMPLES);
  let incomplete = 0;
  for (const { row, message } of sentIn(deliveries, window)) {
    if (message.expected.size === 0) continue;
    const latencies = arrivedIn(deliveries, row, message);
    if (latencies.length < message.expected.size) incomplete++;
    else samples.add(latencies[latencies.length - 1] ?? 0);
  }
  return { distribution: samples.distribution(), incomplete };
}

/** Ascending. */
export function arrivedIn(deliveries: Deliveries, row: number, { expected }: SentMessage): number[] {
  return [...expected]
    .map((node) => deliveries.latencyMs(row, node))
    .filter((latencyMs) => !Number.isNaN(latencyMs))
    .sort((a, b) => a - b);
}

/**
 * From the end of the last fault until a message has reached everybody and every later one does, too.
 * @returns null where that never came
 */
export function recovery(deliveries: Deliveries, healedMs: number): number | null {
  const after = [...sentIn(deliveries, { fromMs: healedMs, firstMessage: 'counted' })].sort(
    (a, b) => a.message.sentMs - b.message.sentMs,
  );
  let recoveredMs: number | null = null;
  for (const { row, message } of after) {
    const latencies = arrivedIn(deliveries, row, message);
    if (message.expected.size === 0 || latencies.length < message.expected.size) recoveredMs = null;
    else recoveredMs ??= message.sentMs + (latencies[latencies.length - 1] ?? 0) - healedMs;
  }
  return recoveredMs;
}
