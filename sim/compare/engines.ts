/** One scenario on several engines: the same nodes, links, messages and times, run by run in turn. */
import { join } from 'node:path';
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { asWakuDeskError, WakuDeskError } from '../../core/engine/errors.ts';
import type { Summary } from '../results/summary.ts';
import { runScenario } from '../run/run.ts';
import { loadScenario } from '../scenario/load.ts';
import { resolvedYaml } from '../scenario/resolved.ts';

export interface EngineRunsOptions {
  scenario: string;
  /** Those that can run here. */
  engines: readonly EngineKind[];
  repetitions: number;
  seed: number | undefined;
  /** Gets a folder of results for each run. */
  out: string;
  toxiproxy: string | undefined;
  signal: AbortSignal;
  progress: (text: string) => void;
}

/**
 * The summaries of each engine's runs.
 * @throws WakuDeskError as loadScenario and runScenario; CHECK_FAILED: it was interrupted; ENGINE_FAILED: a run broke
 */
export async function runEngines(options: EngineRunsOptions): Promise<Map<EngineKind, Summary[]>> {
  const { scenario, engines, repetitions, seed, out, signal, progress } = options;
  const summaries = new Map<EngineKind, Summary[]>(engines.map((engine) => [engine, []]));
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    // Nobody always comes first: what warms the machine up, or tires it, is shared.
    for (let i = 0; i < engines.length; i++) {
      const engine = engines[(i + repetition - 1) % engines.length];
      if (engine === undefined) continue;
      progress(`run ${repetition} of ${repetitions}: ${engine}`);
      const { read, plan } = await loadScenario(scenario, { engine, seed });
      const summary = await runScenario({
        plan,
        resolved: resolvedYaml(read, plan),
        out: join(out, `${repetition}-${engine}`),
        toxiproxy: options.toxiproxy,
        signal,
        progress: () => undefined,
      });
      checkRun(summary, engine);
      summaries.get(engine)?.push(summary);
    }
  }
  return summaries;
}

function checkRun({ outcome, problems }: Summary, engine: EngineKind): void {
  if (outcome === 'interrupted')
    throw new WakuDeskError('CHECK_FAILED', 'The comparison was interrupted.', {
      operation: 'sim.compare',
      hint: 'Run it again.',
    });
  if (outcome !== 'broken') return;
  const [problem] = problems;
  throw asWakuDeskError(problem === undefined ? undefined : WakuDeskError.fromData(problem.error), {
    code: 'ENGINE_FAILED',
    operation: 'sim.compare',
    message: `A run on ${engine} could not be ended.`,
    hint: 'Look at its folder of results.',
  });
}
