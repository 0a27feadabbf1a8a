/** How many nodes two cores carry: networks of one machine under the load of a published figure. */
import type { EngineKind } from '../core/engine/capabilities.ts';
import { locateNodeLibrary } from '../native/library/node-library.ts';
import type { Summary } from '../sim/results/summary.ts';
import { memoryOf, shortageOf } from '../sim/run/memory.ts';
import { runScenario } from '../sim/run/run.ts';
import { planRun, type RunPlan } from '../sim/scenario/plan.ts';
import { readScenario } from '../sim/scenario/read.ts';
import { resolvedYaml } from '../sim/scenario/resolved.ts';
import type { Context, Figure } from './figure.ts';
import { makeRow, type Row } from './row.ts';

type Network = readonly [EngineKind, number];

const COUNTS = [10, 25, 50, 100];
const FULL: readonly Network[] = (['js', 'go-waku'] as const).flatMap((kind) =>
  COUNTS.map((count): Network => [kind, count]),
);
const QUICK: readonly Network[] = [
  ['js', 10],
  ['go-waku', 3],
];
/** Of the machine that the most healthy nodes are told for: networks may be larger where there is more. */
const SMALL_MACHINE_BYTES = 8 * 1024 ** 3;
const DEGREE = 8;
const SENDERS = 5;
const NWAKU = 'nwaku v0.34, published';

export const networks: Figure = {
  name: 'networks',
  about:
    'networks of 10 to 100 nodes at 1 message/s of 1 KB: times, traffic and memory, and the most that was healthy',
  besidePeer: false,
  how: `waku-desk sim, one run each of 10, 25, 50 and 100 nodes (--quick: 10 of js, 3 of go-waku): a random network of
degree ${DEGREE}, ${SENDERS} senders, together one message of 1 KB a second for 30 s (--quick 15 s). all.*: from sending until every
node has it, without each sender's first message. in, out: of the mean node, with encryption. memory and cpu: of the
nodes' processes, divided by the nodes in them; the harness is not in them. healthy: the most nodes that fit into 8 GiB,
of a run in which every node had its mesh within a minute, every delivery came, p95 of all was below 500 ms and no node
failed. Beside it, as published for 1,000 nodes with discovery: 400 ms in the worst case, 10.1 KB/s in, 10.3 KB/s out. A
network that wants more memory than is free is left out.`,
  async measure(context, quick) {
    const rows: Row[] = [];
    const healthy = new Map<EngineKind, number>();
    const library = await locateNodeLibrary('libgowaku');
    if (!library.found) context.progress('libgowaku is not built here: without the engine go-waku');
    for (const [kind, count] of quick ? QUICK : FULL) {
      if (kind === 'go-waku' && !library.found) continue;
      const plan = planNetwork(kind, count, quick ? 15 : 30);
      const reason = tooLarge(plan);
      context.progress(`${count} nodes of ${kind}${reason === null ? '' : `: left out, ${reason}`}`);
      if (reason !== null) continue;
      const summary = await run(context, plan);
      rows.push(...rowsOf(`networks.${kind}.${count}`, summary));
      const most = healthy.get(kind) ?? 0;
      healthy.set(kind, most);
      if (summary.outcome !== 'passed')
        context.progress(`${count} nodes of ${kind} were not healthy: ${whyNot(summary)}`);
      else if (memoryOf(plan.nodes) <= SMALL_MACHINE_BYTES) healthy.set(kind, Math.max(most, count));
    }
    for (const [kind, most] of healthy) rows.push(makeRow(`networks.${kind}.healthy`, 'nodes', [most]));
    return rows;
  },
};

interface NetworkPlan extends RunPlan {
  resolved: string;
}

/** @param seconds of traffic, a multiple of the number of senders */
export function planNetwork(kind: EngineKind, count: number, seconds: number): NetworkPlan {
  const senders = Math.min(SENDERS, count);
  const topology = count > DEGREE ? `{ kind: regular, degree: ${DEGREE} }` : '{ kind: full }';
  const traffic = Array.from({ length: senders }, (_none, i) => {
    const from = `n${1 + i * Math.floor(count / senders)}`;
    return `  - { from: ${from}, messages: ${seconds / senders}, size: 1kb, rate: ${60 / senders}/min, start: ${i}s }`;
  });
  const text = `name: networks
seed: 7
nodes: [{ count: ${count}, engine: ${kind} }]
topology: ${topology}
traffic:
${traffic.join('\n')}
phases: { warmUp: 1m }
pass:
  - { measure: time-to-mesh, atMost: 1m }
  - { measure: delivery, atLeast: 100% }
  - { measure: propagation, percentile: p95, atMost: 500ms, firstMessage: excluded }
  - { measure: failures, atMost: 0 }
`;
  const read = readScenario(text, 'bench/networks.ts');
  const plan = planRun(read, {
    readFile: () => {
      throw new Error('this scenario has no files');
    },
  });
  return { ...plan, resolved: resolvedYaml(read, plan) };
}

/** Null: it fits. */
export function tooLarge({ nodes }: Pick<RunPlan, 'nodes'>, freeBytes?: number): string | null {
  const shortage = shortageOf(nodes, freeBytes);
  return shortage === null ? null : `they ${shortage}`;
}

async function run(context: Context, { resolved, ...plan }: NetworkPlan): Promise<Summary> {
  const ending = new AbortController();
  const running = runScenario({
    plan,
    resolved,
    out: await context.makeFolder(),
    signal: ending.signal,
    progress: () => undefined,
  });
  context.use({
    stop: async () => {
      ending.abort();
      await running.catch(() => undefined);
    },
  });
  return running;
}

function whyNot({ criteria, problems }: Summary): string {
  return [
    ...criteria
      .filter(({ passed }) => !passed)
      .map(({ text, value, unit }) => `${text}: ${value ?? 'nothing measured'} ${unit}`),
    ...problems.slice(0, 3).map(({ error }) => error.message),
  ].join('; ');
}

/** Of what was measured. */
function rowsOf(name: string, { propagationMs, bandwidth, nodes }: Summary): Row[] {
  const all = propagationMs.withoutFirst;
  const perNode = (of: 'rssBytesMax' | 'cpuPercentMean'): number | null => {
    const shares = nodes.flatMap((node) => {
      const value = node[of];
      return value === null ? [] : [value / node.sharesProcessWith];
    });
    return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
  };
  const rows: Row[] = [];
  if (all !== null)
    rows.push(
      makeRow(`${name}.all.p50`, 'ms', [all.p50]),
      makeRow(`${name}.all.p95`, 'ms', [all.p95]),
      makeRow(`${name}.all.p99`, 'ms', [all.p99], { name: `${NWAKU}: the worst`, values: [400] }),
    );
  if (bandwidth !== null)
    rows.push(
      makeRow(`${name}.in`, 'KB/s', [bandwidth.inMean / 1_000], { name: NWAKU, values: [10.1] }),
      makeRow(`${name}.out`, 'KB/s', [bandwidth.outMean / 1_000], { name: NWAKU, values: [10.3] }),
    );
  const memory = perNode('rssBytesMax');
  const cpu = perNode('cpuPercentMean');
  if (memory !== null) rows.push(makeRow(`${name}.memory`, 'MiB', [memory / 1024 ** 2]));
  if (cpu !== null) rows.push(makeRow(`${name}.cpu`, '% of a core', [cpu]));
  return rows;
}
