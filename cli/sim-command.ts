/** `waku-desk sim`: runs scenarios and shows what they are. */
import type { EngineKind } from '../core/engine/capabilities.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { fileStamp } from '../engines/process/keep-newest.ts';
import { percent } from '../sim/results/criteria.ts';
import type { Summary } from '../sim/results/summary.ts';
import { runScenario } from '../sim/run/run.ts';
import { loadScenario, readyScenarios } from '../sim/scenario/load.ts';
import { formatDuration } from '../sim/scenario/quantities.ts';
import { resolvedYaml } from '../sim/scenario/resolved.ts';
import type { Output } from './output.ts';

export interface SimRunOptions {
  out?: string;
  engine?: EngineKind;
  seed?: number;
  toxiproxy?: string;
  library?: string;
}

/** @throws WakuDeskError as loadScenario and runScenario; CHECK_FAILED; the first problem of a run that broke */
export async function runSim(
  scenario: string,
  { out, engine, seed, toxiproxy, library }: SimRunOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { read, plan } = await loadScenario(scenario, { engine, seed });
  const folder = out ?? `sim-${plan.scenario.name}-${fileStamp(Date.now())}`;
  const summary = await runScenario({
    plan,
    resolved: resolvedYaml(read, plan),
    out: folder,
    toxiproxy,
    library,
    signal,
    progress: (text) => {
      output.note(text);
    },
  });
  output.result('summary', { out: folder, ...summary }, describe(summary));
  judge(summary, folder);
}

function judge({ outcome, criteria, problems }: Summary, folder: string): void {
  if (outcome === 'passed') return;
  const [problem] = problems;
  if (outcome === 'broken' && problem !== undefined) throw WakuDeskError.fromData(problem.error);
  const failed = criteria.filter(({ passed }) => !passed).length;
  const message =
    outcome === 'interrupted'
      ? 'The run was interrupted before it could be judged.'
      : failed > 0
        ? `${failed} of ${criteria.length} pass criteria do not hold.`
        : 'The criteria hold, but the run had problems that make its figures doubtful.';
  throw new WakuDeskError('CHECK_FAILED', message, {
    operation: 'sim.run',
    hint: `Look at report.html in ${folder}.`,
  });
}

/** The run in lines for people. */
function describe({
  name,
  outcome,
  delivery,
  latencyMs,
  propagationMs,
  bandwidth,
  criteria,
  problems,
}: Summary): string {
  const { all } = latencyMs;
  const ms = (value: number | undefined): string => (value === undefined ? 'none' : `${value.toFixed(1)} ms`);
  return [
    `${name}: ${outcome}`,
    `  delivered    ${delivery.arrived} of ${delivery.expected}${delivery.ratio === null ? '' : ` (${percent(delivery.ratio)})`}`,
    `  latency      p50 ${ms(all?.p50)}, p95 ${ms(all?.p95)}, p99 ${ms(all?.p99)}, max ${ms(all?.max)}; first messages counted`,
    `  without them p50 ${ms(latencyMs.withoutFirst?.p50)}, p95 ${ms(latencyMs.withoutFirst?.p95)}, p99 ${ms(latencyMs.withoutFirst?.p99)}`,
    `  all have it  p50 ${ms(propagationMs.all?.p50)}, p95 ${ms(propagationMs.all?.p95)}, max ${ms(propagationMs.all?.max)}; first messages counted`,
    ...(bandwidth === null
      ? []
      : [
          `  bandwidth    ${(bandwidth.inMean / 1_024).toFixed(1)} KiB/s in, ${(bandwidth.outMean / 1_024).toFixed(1)} KiB/s out at the mean node`,
        ]),
    ...criteria.map(({ passed, text, value, unit, detail }) => {
      const seen =
        value === null
          ? 'nothing measured'
          : unit === 'share'
            ? percent(value)
            : `${Number(value.toPrecision(4))} ${unit}`;
      return `  ${passed ? 'pass' : 'FAIL'}  ${text}: ${seen}${detail === '' ? '' : ` (${detail})`}`;
    }),
    ...(problems.length === 0 ? [] : [`  ${problems.length} problems: see events.ndjson`]),
  ].join('\n');
}

/** @throws WakuDeskError FILE_FAILED */
export async function runSimList(output: Output): Promise<void> {
  for (const { name, about, plan } of await readyScenarios()) {
    const nodes = plan.nodes.length;
    output.result(
      'scenario',
      {
        name,
        about,
        nodes,
        links: plan.edges.length,
        messages: plan.messages,
        trafficMs: plan.trafficMs,
        faults: plan.scenario.faults.length,
      },
      `${name.padEnd(16)} ${String(nodes).padStart(3)} nodes, ${formatDuration(Math.ceil(plan.trafficMs / 1_000) * 1_000)}: ${about}`,
    );
  }
}

/** @throws WakuDeskError as loadScenario */
export async function runSimCheck(scenario: string, output: Output): Promise<void> {
  const { plan } = await loadScenario(scenario);
  const { nodes, edges, senders, messages, actions, trafficMs } = plan;
  output.result(
    'checked',
    {
      name: plan.scenario.name,
      nodes: nodes.length,
      links: edges.length,
      senders: senders.length,
      messages,
      actions: actions.length,
      trafficMs,
      needsToxiproxy: plan.hasLinkFaults,
    },
    `${plan.scenario.name} can be run: ${nodes.length} nodes, ${edges.length} links, ${messages} messages of ${senders.length} senders, ${actions.length} actions of faults, ${formatDuration(Math.ceil(trafficMs / 1_000) * 1_000)} of traffic at most${plan.hasLinkFaults ? '; needs toxiproxy-server' : ''}`,
  );
}
