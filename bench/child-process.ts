/** What a child process around an engine costs. */
import type { Figure } from './figure.ts';
import type { Delivery } from './link.ts';
import { PAYLOAD_BYTES } from './load.ts';
import { NativePairs, type EngineEnd } from './native-pair.ts';
import { makeRow } from './row.ts';
import { quantile } from './statistics.ts';

const KINDS = ['go-waku', 'js'] as const;
const IN_FLIGHT = 64;
const WARM_UP = 2_000;
const RATE = 200;

export const childProcess: Figure = {
  name: 'child-process',
  about: 'messages/s and p50 of engines in a child process, beside the same in the process itself',
  besidePeer: false,
  how: `As native-throughput and native-latency with 1 KiB: fresh pairs of engines, at both ends either in a child of
the process that publishes and counts (engines/process, as under a window), or in that process itself. 2,000 messages
warm up, then 10,000 (--quick 4,000) as fast as they go with ${IN_FLIGHT} publish calls under way, then 1,000
(--quick 400) at ${RATE}/s for p50.`,
  async measure(context, quick) {
    const pairs = await NativePairs.find(context);
    if (pairs === null) return [];
    const [runs, fast, gentle] = quick ? [3, 4_000, 400] : [5, 10_000, 1_000];
    const one = (end: EngineEnd): Promise<[Delivery, Delivery]> =>
      pairs.with(end, { inFlight: IN_FLIGHT, payloadBytes: PAYLOAD_BYTES }, async (link) => {
        await link.deliver(WARM_UP, null);
        return [await link.deliver(fast, null), await link.deliver(gentle, RATE)];
      });
    const rows = [];
    for (const kind of KINDS) {
      const found: Record<EngineEnd['runsIn'], Found> = {
        child: { rate: [], p50: [] },
        process: { rate: [], p50: [] },
      };
      for (let run = 1; run <= runs; run++)
        for (const runsIn of ['child', 'process'] as const) {
          context.progress(`${kind} in ${runsIn}, run ${run} of ${runs}`);
          const [throughput, latency] = await one({ kind, runsIn });
          found[runsIn].rate.push(throughput.messagesPerSecond);
          found[runsIn].p50.push(quantile(latency.latenciesMs, 0.5));
        }
      const beside = 'in the process itself';
      const { child, process } = found;
      rows.push(
        makeRow(`child-process.${kind}`, 'messages/s', child.rate, { name: beside, values: process.rate }),
        makeRow(`child-process.${kind}.p50`, 'ms', child.p50, { name: beside, values: process.p50 }),
      );
    }
    return rows;
  },
};

interface Found {
  rate: number[];
  p50: number[];
}
