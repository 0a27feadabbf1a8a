/** Messages per second from one process to another. */
import type { Context, Figure } from './figure.ts';
import { Link, MAX_IN_FLIGHT, type Kind } from './link.ts';
import { LossError } from './load.ts';
import { makeRow, type Row } from './row.ts';

/** Messages of one run, on a fresh pair of processes. */
export interface ThroughputScale {
  runs: number;
  /** The very first ones. */
  cold: number;
  /** Not counted. */
  warmUp: number;
  counted: number;
}

const FULL: ThroughputScale = { runs: 5, cold: 1_000, warmUp: 4_000, counted: 20_000 };
const QUICK: ThroughputScale = { runs: 3, cold: 1_000, warmUp: 1_000, counted: 4_000 };

/** Who sends to whom, and how fast each run was. */
interface Pair {
  from: Kind;
  to: Kind;
  /** Of cmd/waku's REST API; halved when cmd/waku loses messages. */
  inFlight: number;
  cold: number[];
  warm: number[];
}

export const throughput: Figure = {
  name: 'throughput',
  about: 'messages/s fully delivered from one process to another',
  besidePeer: true,
  how: `1 KiB payloads over loopback, published as fast as the sender takes them; from just before the first
publish to the last message at the receiver; every message must come exactly once. Each run has a fresh pair of
processes: the first 1,000 messages are the cold figure, the next ones (4,000, --quick 1,000) warm up and are not
counted, then 20,000 (--quick 4,000) count, the first of them included. Ours: embedded engine and session, from
the sources, without a capture. Beside it: cmd/waku to cmd/waku, published over REST by a third process with 16
requests in flight, received by REST polls every 20 ms; a run in which cmd/waku loses messages (its validation
queue holds 32) is repeated with half as many in flight. throughput.from-cmd-waku: cmd/waku to our node.`,
  measure: (context, quick) => measureThroughput(context, quick ? QUICK : FULL),
};

export async function measureThroughput(context: Context, scale: ThroughputScale): Promise<Row[]> {
  const ours = pair('ours', 'ours');
  const theirs = pair('cmd/waku', 'cmd/waku');
  const mixed = pair('cmd/waku', 'ours');
  const pairs = 'path' in context.peer ? [ours, theirs, mixed] : [ours];
  // Run by run, so that a busy minute of the machine does not meet one pair alone.
  for (let run = 1; run <= scale.runs; run++)
    for (const measured of pairs) {
      context.progress(`run ${run} of ${scale.runs}: ${measured.from} to ${measured.to}`);
      await lossless(context, measured, () => oneRun(context, measured, scale));
    }
  const peer = 'cmd/waku over REST';
  return [
    makeRow('throughput', 'messages/s', ours.warm, { name: peer, values: theirs.warm }),
    makeRow('throughput.cold', 'messages/s', ours.cold, { name: peer, values: theirs.cold }),
    ...(mixed.warm.length === 0 ? [] : [makeRow('throughput.from-cmd-waku', 'messages/s', mixed.warm)]),
  ];
}

function pair(from: Kind, to: Kind): Pair {
  return { from, to, inFlight: MAX_IN_FLIGHT, cold: [], warm: [] };
}

/** @throws LossError of our node at once; of cmd/waku when it loses messages that come one by one */
async function lossless(context: Context, measured: Pair, work: () => Promise<void>): Promise<void> {
  for (;;)
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof LossError) || measured.to === 'ours' || measured.inFlight === 1) throw error;
      measured.inFlight /= 2;
      context.progress(`cmd/waku: ${error.message}; again with ${measured.inFlight} in flight`);
    }
}

async function oneRun(context: Context, measured: Pair, scale: ThroughputScale): Promise<void> {
  const link = await Link.open(context, measured.from, measured.to, measured.inFlight);
  try {
    const cold = await link.deliver(scale.cold, null);
    await link.deliver(scale.warmUp, null);
    const warm = await link.deliver(scale.counted, null);
    measured.cold.push(cold.messagesPerSecond);
    measured.warm.push(warm.messagesPerSecond);
  } finally {
    await link.close();
  }
}
