/** How long the event loop of a process with a native node is kept from its work. */
import type { Figure } from './figure.ts';
import { Link } from './link.ts';
import { PAYLOAD_BYTES } from './load.ts';
import { BINDING, NativePairs } from './native-pair.ts';
import { makeRow } from './row.ts';

const RATE = 1_000;
const WARM_UP = 2_000;
const IDLE_MS = 2_000;
const OPTIONS = { inFlight: 64, payloadBytes: PAYLOAD_BYTES };

export const nativeLoopDelay: Figure = {
  name: 'native-loop-delay',
  about: 'p99 of the event-loop delay at 1,000 messages/s published and 1,000/s received',
  besidePeer: false,
  how: `perf_hooks' monitorEventLoopDelay with a timer of 1 ms, which is part of the value, in two processes, each
with libgowaku in it; each publishes 1 KiB ${RATE} times per second and receives as many, for 10 s (--quick 4 s), behind
2,000 messages each that warm up. The value of a run is the worse of the two. Beside it: the same processes before
that, connected and idle. Nothing may be lost.`,
  async measure(context, quick) {
    const pairs = await NativePairs.find(context);
    if (pairs === null) return [];
    const [runs, seconds] = quick ? [3, 4] : [5, 10];
    const [busy, idle]: [number[], number[]] = [[], []];
    for (let run = 1; run <= runs; run++) {
      context.progress(`run ${run} of ${runs}`);
      const nodes = [await pairs.startEngine(BINDING), await pairs.startEngine(BINDING)] as const;
      const [a, b] = nodes;
      const links = [await Link.between(a, b, OPTIONS), await Link.between(b, a, OPTIONS)];
      await Promise.all(links.map((link) => link.deliver(WARM_UP, null)));
      const worst = async (ms: number): Promise<number> =>
        Math.max(...(await Promise.all(nodes.map((node) => node.loopDelayMs(ms)))));
      idle.push(await worst(IDLE_MS));
      const delivered = Promise.all(links.map((link) => link.deliver(seconds * RATE, RATE)));
      busy.push(await worst(seconds * 1_000));
      await delivered;
      for (const node of nodes) await node.stop();
    }
    return [makeRow('native-loop-delay.p99', 'ms', busy, { name: 'the same, idle', values: idle })];
  },
};
