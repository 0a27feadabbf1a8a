/** Messages per second from one process to another. */
import type { Context, Figure } from './figure.ts';
import { Link, type Kind } from './link.ts';
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

interface Rates {
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
the sources, without a capture. Beside it: cmd/waku to cmd/waku, published over REST by a third process with 32
requests in flight, received by REST polls every 20 ms. The mixed pairs have one of each.`,
  measure: (context, quick) => measureThroughput(context, quick ? QUICK : FULL),
};

export async function measureThroughput(context: Context, scale: ThroughputScale): Promise<Row[]> {
  const pairs: [Kind, Kind][] = [['ours', 'ours']];
  if ('path' in context.peer)
    pairs.push(['cmd/waku', 'cmd/waku'], ['ours', 'cmd/waku'], ['cmd/waku', 'ours']);
  const rates = pairs.map((): Rates => ({ cold: [], warm: [] }));
  // Run by run, so that a busy minute of the machine does not meet one pair alone.
  for (let run = 1; run <= scale.runs; run++)
    for (const [index, [from, to]] of pairs.entries()) {
      context.progress(`run ${run} of ${scale.runs}: ${from} to ${to}`);
      const { cold, warm } = await oneRun(context, from, to, scale);
      rates[index]?.cold.push(cold);
      rates[index]?.warm.push(warm);
    }
  const [ours, theirs, toTheirs, fromTheirs] = rates;
  if (ours === undefined) return [];
  const peer = (values: number[] | undefined): { name: string; values: number[] } | null =>
    values === undefined ? null : { name: 'cmd/waku over REST', values };
  return [
    makeRow('throughput', 'messages/s', ours.warm, peer(theirs?.warm)),
    makeRow('throughput.cold', 'messages/s', ours.cold, peer(theirs?.cold)),
    ...(toTheirs === undefined ? [] : [makeRow('throughput.to-cmd-waku', 'messages/s', toTheirs.warm)]),
    ...(fromTheirs === undefined ? [] : [makeRow('throughput.from-cmd-waku', 'messages/s', fromTheirs.warm)]),
  ];
}

async function oneRun(
  context: Context,
  from: Kind,
  to: Kind,
  { cold, warmUp, counted }: ThroughputScale,
): Promise<{ cold: number; warm: number }> {
  const link = await Link.open(context, from, to);
  const first = await link.deliver(cold, null);
  await link.deliver(warmUp, null);
  const { messagesPerSecond } = await link.deliver(counted, null);
  await link.close();
  return { cold: first.messagesPerSecond, warm: messagesPerSecond };
}
