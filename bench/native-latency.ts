/** Time from publish to receive of go-waku through our binding, beside a plain Go program. */
import type { Figure } from './figure.ts';
import { PAYLOAD_BYTES } from './load.ts';
import { BINDING, NativePairs, PLAIN_NAME, type End } from './native-pair.ts';
import { makeRow } from './row.ts';
import { quantile } from './statistics.ts';

const RATE = 200;
const WARM_UP_BURST = 2_000;
const WARM_UP_PACED = 200;
const OPTIONS = { inFlight: 16, payloadBytes: PAYLOAD_BYTES };

export const nativeLatency: Figure = {
  name: 'native-latency',
  about: 'p50 and p99 of go-waku through the binding at 200 messages/s, beside a plain Go program',
  besidePeer: false,
  how: `As latency, but engine to engine, at ${RATE}/s: from just before the publish call to the event of the receiving
engine, libgowaku in the process that publishes and counts. Each run has a fresh pair of processes; 2,000 messages as
fast as they go and 200 paced warm up, then 2,000 (--quick 600) count. Beside it, run by run in turn: the plain Go
program of native-throughput at both ends.`,
  async measure(context, quick) {
    const pairs = await NativePairs.find(context);
    if (pairs === null) return [];
    const [runs, counted] = quick ? [3, 600] : [5, 2_000];
    const ours: Quantiles = { p50: [], p99: [] };
    const plain: Quantiles = { p50: [], p99: [] };
    const one = async (end: End, into: Quantiles): Promise<void> => {
      const { latenciesMs } = await pairs.with(end, OPTIONS, async (link) => {
        await link.deliver(WARM_UP_BURST, null);
        await link.deliver(WARM_UP_PACED, RATE);
        return link.deliver(counted, RATE);
      });
      into.p50.push(quantile(latenciesMs, 0.5));
      into.p99.push(quantile(latenciesMs, 0.99));
    };
    for (let run = 1; run <= runs; run++) {
      context.progress(`run ${run} of ${runs}`);
      await one(BINDING, ours);
      await one('plain', plain);
    }
    const row = (name: keyof Quantiles) =>
      makeRow(`native-latency.${name}`, 'ms', ours[name], {
        name: PLAIN_NAME,
        values: plain[name],
      });
    return [row('p50'), row('p99')];
  },
};

interface Quantiles {
  p50: number[];
  p99: number[];
}
