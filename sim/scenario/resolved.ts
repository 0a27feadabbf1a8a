/** A scenario as it was run: with its seed, engines and links written out, so that it can be run again. */
import { stringify } from 'yaml';
import type { RunPlan } from './plan.ts';
import { formatDuration } from './quantities.ts';
import type { ReadScenario } from './read.ts';
import { nodeName } from './selectors.ts';

export function resolvedYaml({ written, source }: ReadScenario, plan: RunPlan): string {
  const { scenario, edges, trafficMs } = plan;
  const groups = Array.isArray(written.nodes) ? (written.nodes as Record<string, unknown>[]) : [];
  const resolved = {
    ...written,
    seed: scenario.seed,
    cluster: scenario.cluster,
    nodes: groups.map((group, i) => ({ ...group, engine: scenario.nodes[i]?.engine })),
    topology: { kind: 'edges', edges: edges.map(([a, b]) => `${nodeName(a)}-${nodeName(b)}`) },
    phases: {
      warmUp: formatDuration(scenario.phases.warmUp),
      traffic: formatDuration(trafficMs),
      coolDown: formatDuration(scenario.phases.coolDown),
    },
  };
  return `# As run, from ${source}: every draw is written out.\n${stringify(resolved)}`;
}
