/** Messages per second of go-waku through our binding, beside a plain Go program. */
import type { Figure } from './figure.ts';
import type { LinkOptions } from './link.ts';
import { PAYLOAD_BYTES } from './load.ts';
import { BINDING, NativePairs, PLAIN_NAME, type End } from './native-pair.ts';
import { makeRow } from './row.ts';

/** Publish calls under way at a time, at both: enough that neither waits for answers with a core idle. */
const IN_FLIGHT = 256;

interface Load extends LinkOptions {
  /** Behind the figure's name. */
  suffix: string;
}

const KIBIBYTE: Load = { inFlight: IN_FLIGHT, payloadBytes: PAYLOAD_BYTES, suffix: '' };
const LOADS: readonly Load[] = [
  KIBIBYTE,
  { ...KIBIBYTE, payloadBytes: 100, suffix: '.100B' },
  { ...KIBIBYTE, payloadBytes: 10 * 1024, suffix: '.10KiB' },
  // Where the way there and back counts as well.
  { ...KIBIBYTE, inFlight: 64, suffix: '.64inFlight' },
];

export const nativeThroughput: Figure = {
  name: 'native-throughput',
  about: 'messages/s of go-waku through the binding, beside a plain Go program',
  besidePeer: false,
  how: `As throughput, but engine to engine, without a session: libgowaku in the process that publishes and counts,
${IN_FLIGHT} publish calls under way. Each run has a fresh pair of processes; 4,000 messages (--quick 2,000) warm
up and are not counted, then 20,000 (--quick 8,000) count. 1 KiB, and in the full run
100 bytes, 10 KiB, and 1 KiB with 64 calls under way.
Beside it, run by run in turn: a Go program over the same go-waku packages and options (native/go-waku/cmd/plain), at
both ends, with ${IN_FLIGHT} messages on their way to the queue of the peer, which is what libgowaku's publish
waits for. Nothing may be lost; a run in which the plain program loses messages is repeated.`,
  async measure(context, quick) {
    const pairs = await NativePairs.find(context);
    if (pairs === null) return [];
    const [runs, warmUp, counted] = quick ? [3, 2_000, 8_000] : [5, 4_000, 20_000];
    const rows = [];
    for (const load of quick ? [KIBIBYTE] : LOADS) {
      const one = (end: End): Promise<number> =>
        pairs.with(end, load, async (link) => {
          await link.deliver(warmUp, null);
          return (await link.deliver(counted, null)).messagesPerSecond;
        });
      const [ours, plain]: [number[], number[]] = [[], []];
      for (let run = 1; run <= runs; run++) {
        context.progress(`${load.payloadBytes} bytes, ${load.inFlight} under way, run ${run} of ${runs}`);
        ours.push(await one(BINDING));
        plain.push(await one('plain'));
      }
      rows.push(
        makeRow(`native-throughput${load.suffix}`, 'messages/s', ours, { name: PLAIN_NAME, values: plain }),
      );
    }
    return rows;
  },
};
