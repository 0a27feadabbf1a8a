/** `waku-desk compare` and `sim compare`: runs beside each other. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineKind } from '../core/engine/capabilities.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { fileStamp } from '../engines/process/keep-newest.ts';
import { compare, differences, WITHIN, type Compared, type Measured } from '../sim/compare/compare.ts';
import { runEngines } from '../sim/compare/engines.ts';
import { readSummary } from '../sim/compare/read-summary.ts';
import { percent } from '../sim/results/criteria.ts';
import type { Summary } from '../sim/results/summary.ts';
import { whyNot } from './engine-choice.ts';
import type { Output } from './output.ts';

/** What a median needs to mean something. */
export const FEWEST_REPETITIONS = 5;

/** @throws WakuDeskError FILE_FAILED; CHECK_FAILED: the second is worse in something */
export async function runSimCompare(a: string, b: string, output: Output): Promise<void> {
  const [first, second] = [await readSummary(a), await readSummary(b)];
  for (const difference of differences(first, second)) output.note(`not the same scenario: ${difference}`);
  const rows = compare([first], [second]);
  print(rows, 'first', 'second', output);
  const worse = rows.filter(({ verdict }) => verdict === 'worse').map(({ name }) => name);
  if (worse.length > 0)
    throw new WakuDeskError(
      'CHECK_FAILED',
      `The second run is worse by more than ${percent(WITHIN)}: ${worse.join('; ')}.`,
      {
        operation: 'sim.compare',
        hint: 'Repeat both on a machine that does nothing else before you believe it: one run has no spread.',
      },
    );
}

export interface CompareOptions {
  engines: readonly EngineKind[];
  scenario: string;
  repetitions: number;
  seed?: number;
  out?: string;
  toxiproxy?: string;
}

/** @throws WakuDeskError BAD_USE; UNSUPPORTED: fewer than two engines can run here; as runEngines */
export async function runCompare(
  options: CompareOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { scenario, repetitions, seed, toxiproxy, out = `compare-${fileStamp(Date.now())}` } = options;
  const missing = new Map<EngineKind, string>();
  const engines: EngineKind[] = [];
  for (const engine of new Set(options.engines)) {
    const reason = engine === 'js' ? null : await whyNot(engine, undefined, signal);
    if (reason === null) engines.push(engine);
    else missing.set(engine, reason);
  }
  for (const [engine, reason] of missing)
    output.result('cannotRun', { engine, reason }, `${engine} cannot run here: ${reason}`);
  const [reference, ...others] = engines;
  if (reference === undefined || others.length === 0)
    throw new WakuDeskError(
      'UNSUPPORTED',
      `Only ${engines.join(', ') || 'none'} of the engines can run here, and a comparison needs two.`,
      {
        operation: 'cli.compare',
        hint: 'Run doctor to see what is missing.',
      },
    );
  if (repetitions < FEWEST_REPETITIONS)
    output.note(`${repetitions} repetitions prove little: ${FEWEST_REPETITIONS} or more make a median.`);
  const progress = (text: string): void => {
    output.note(text);
  };
  const summaries = await runEngines({
    scenario,
    engines,
    repetitions,
    seed,
    out,
    toxiproxy,
    signal,
    progress,
  });
  const of = (engine: EngineKind): Summary[] => summaries.get(engine) ?? [];
  const tables = others.map((engine) => ({ reference, engine, rows: compare(of(reference), of(engine)) }));
  const failed = engines.flatMap((engine) => of(engine)).filter(({ outcome }) => outcome === 'failed').length;
  for (const { engine, rows } of tables) print(rows, reference, engine, output);
  const record = {
    scenario,
    repetitions,
    within: WITHIN,
    reference,
    missing: Object.fromEntries(missing),
    failedRuns: failed,
    tables,
  };
  await writeFile(join(out, 'comparison.json'), `${JSON.stringify(record, null, 2)}\n`);
  output.note(`every run in ${out}`);
  if (failed > 0)
    throw new WakuDeskError('CHECK_FAILED', `${failed} of the runs did not hold their own criteria.`, {
      operation: 'cli.compare',
      hint: `Look at their report.html in ${out}.`,
    });
}

const VERDICTS: Readonly<Record<Compared['verdict'], string>> = {
  same: `within ${percent(WITHIN)}`,
  better: 'better',
  worse: 'worse',
  unclear: 'unclear: the runs differ by more',
  unmeasured: 'not measured',
};

function print(rows: readonly Compared[], a: string, b: string, output: Output): void {
  if (!output.json) {
    const head = ['', a, b, 'ratio', ''];
    const lines = rows.map((row) => [
      row.name,
      measuredText(row.a, row.unit),
      measuredText(row.b, row.unit),
      row.ratio === null ? '' : row.ratio.toFixed(2),
      VERDICTS[row.verdict],
    ]);
    const widths = head.map((_head, i) =>
      Math.max(...[head, ...lines].map((cells) => cells[i]?.length ?? 0)),
    );
    for (const cells of [head, ...lines])
      output.result(
        'row',
        {},
        cells
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd(),
      );
    return;
  }
  for (const row of rows) output.result('compared', { first: a, second: b, ...row }, null);
}

function measuredText(measured: Measured | null, unit: Compared['unit']): string {
  if (measured === null) return '–';
  const value =
    unit === 'share' ? percent(measured.median) : `${Number(measured.median.toPrecision(3))} ${unit}`;
  return measured.runs === 1 ? value : `${value} ±${Number((measured.spread / 2).toPrecision(2))}`;
}
