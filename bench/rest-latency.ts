/** Time from a REST call that publishes to the REST call that shows the message at the other node. */
import type { EngineKind } from '../core/engine/capabilities.ts';
import { locateNodeLibrary } from '../native/library/node-library.ts';
import type { Context, Figure } from './figure.ts';
import { Link, MAX_IN_FLIGHT } from './link.ts';
import { PAYLOAD_BYTES } from './load.ts';
import { PeerNode } from './peer-node.ts';
import { ProgramRest } from './program-rest.ts';
import { makeRow } from './row.ts';
import { quantile } from './statistics.ts';

const RATE = 100;
const POLL_MS = 1;
const WARM_UP_BURST = 1_000;
const WARM_UP_PACED = 200;
const COUNTED = 1_000;
const OPTIONS = { inFlight: MAX_IN_FLIGHT, payloadBytes: PAYLOAD_BYTES };
const PEER = 'cmd/waku';

type End = EngineKind | typeof PEER;

interface Quantiles {
  p50: number[];
  p99: number[];
}

export const restLatency: Figure = {
  name: 'rest-latency',
  about: 'p50 and p99 from a REST publish to the REST call that shows it, at 100 messages/s, for each engine',
  besidePeer: true,
  how: `As latency, but only over REST, at both ends: from just before the POST to the answer of the GET that has the
message, which is asked for every ${POLL_MS} ms. Ours is the shipped program with --rest. Each run has a fresh pair of nodes of
one kind; 1,000 messages as fast as they go and 200 at 100/s warm up, then 1,000 at 100/s count: ten of them are above p99,
also with --quick, which has two runs and not five. Beside it, in turn: two of cmd/waku, asked by the same code. Both are charged with the asking, which takes CPU time as well.`,
  async measure(context, quick) {
    const runs = quick ? 2 : 5;
    const library = await locateNodeLibrary('libgowaku');
    if (!library.found) context.progress('libgowaku is not built here: without the engine go-waku');
    const engines: EngineKind[] = library.found ? ['js', 'go-waku'] : ['js'];
    const found = new Map<End, Quantiles>();
    for (let run = 1; run <= runs; run++)
      for (const end of 'path' in context.peer ? ([...engines, PEER] as const) : engines) {
        context.progress(`run ${run} of ${runs}: ${end}`);
        const latenciesMs = await oneRun(context, end);
        const into = found.get(end) ?? { p50: [], p99: [] };
        found.set(end, into);
        into.p50.push(quantile(latenciesMs, 0.5));
        into.p99.push(quantile(latenciesMs, 0.99));
      }
    const peer = found.get(PEER) ?? { p50: [], p99: [] };
    return engines.flatMap((engine) =>
      (['p50', 'p99'] as const).map((part) =>
        makeRow(`rest-latency.${engine}.${part}`, 'ms', found.get(engine)?.[part] ?? [], {
          name: 'cmd/waku over REST',
          values: peer[part],
        }),
      ),
    );
  },
};

async function oneRun(context: Context, end: End): Promise<Float64Array> {
  const receiver = await start(context, end);
  const link = await Link.between(await start(context, end), receiver, OPTIONS);
  await link.deliver(WARM_UP_BURST, null);
  await link.deliver(WARM_UP_PACED, RATE);
  const { latenciesMs } = await link.deliver(COUNTED, RATE);
  await link.close();
  return latenciesMs;
}

async function start(context: Context, end: End): Promise<PeerNode> {
  if (end !== PEER) return context.use(new PeerNode(await ProgramRest.start(context, end), POLL_MS));
  if ('missing' in context.peer) throw new Error(context.peer.missing);
  return context.use(await PeerNode.start(context.peer.path, POLL_MS));
}
