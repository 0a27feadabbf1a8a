/** Time from publish to receive at a gentle rate. */
import type { Context, Figure } from './figure.ts';
import { Link, type Kind } from './link.ts';
import { makeRow, type PeerValues, type Row } from './row.ts';
import { quantile } from './statistics.ts';

const RATE = 100;
const WARM_UP_BURST = 2_000;
const WARM_UP_PACED = 200;

interface Quantiles {
  p50: number[];
  p99: number[];
}

export const latency: Figure = {
  name: 'latency',
  about: 'p50 and p99 from publish to receive at 100 messages/s',
  besidePeer: true,
  how: `1 KiB payloads over loopback; from just before the publish call to the receiving session's batch, on the
machine's one monotonic clock, which the payload carries. Each run has a fresh pair of processes: 2,000 messages
as fast as they go and 200 at 100/s warm up and are not counted, then 1,000 (--quick 300) at 100/s count, the
first of them included. Beside it: cmd/waku, published over REST, received by our node, since REST can only be
polled: it is charged with its REST call, and with our receiving side.`,
  measure: async (context, quick) => {
    const runs = quick ? 3 : 5;
    const counted = quick ? 300 : 1_000;
    const pairs: Kind[] = 'path' in context.peer ? ['ours', 'cmd/waku'] : ['ours'];
    const found = pairs.map((): Quantiles => ({ p50: [], p99: [] }));
    for (let run = 1; run <= runs; run++)
      for (const [index, from] of pairs.entries()) {
        context.progress(`run ${run} of ${runs}: ${from} to ours`);
        const latenciesMs = await oneRun(context, from, counted);
        found[index]?.p50.push(quantile(latenciesMs, 0.5));
        found[index]?.p99.push(quantile(latenciesMs, 0.99));
      }
    return rowsOf(found);
  },
};

async function oneRun(context: Context, from: Kind, counted: number): Promise<Float64Array> {
  const link = await Link.open(context, from, 'ours');
  await link.deliver(WARM_UP_BURST, null);
  await link.deliver(WARM_UP_PACED, RATE);
  const { latenciesMs } = await link.deliver(counted, RATE);
  await link.close();
  return latenciesMs;
}

function rowsOf([ours, theirs]: Quantiles[]): Row[] {
  if (ours === undefined) return [];
  const peer = (values: number[] | undefined): PeerValues | null =>
    values === undefined ? null : { name: 'cmd/waku (REST) to our node', values };
  return [
    makeRow('latency.p50', 'ms', ours.p50, peer(theirs?.p50)),
    makeRow('latency.p99', 'ms', ours.p99, peer(theirs?.p99)),
  ];
}
