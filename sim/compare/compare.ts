/** Runs beside each other: medians, spread, ratio, and a verdict at a bound. */
import { Samples } from '../traffic/distribution.ts';
import type { Summary } from '../results/summary.ts';
import { FIGURES, type Figure } from './figures.ts';

/** How far apart is still the same: the promise between the nwaku and the go-waku build. */
export const WITHIN = 0.1;

/**
 * `same`: within the bound. `unclear`: further apart, but the runs of one side differ among themselves by more than the
 * sides do. `unmeasured`: one of them has no value.
 */
export type Verdict = 'same' | 'better' | 'worse' | 'unclear' | 'unmeasured';

/** Of the runs of one side. */
export interface Measured {
  median: number;
  /** The largest minus the smallest. */
  spread: number;
  runs: number;
}

export interface Compared extends Pick<Figure, 'name' | 'unit'> {
  a: Measured | null;
  b: Measured | null;
  /** b / a. */
  ratio: number | null;
  verdict: Verdict;
}

/** @param a what is measured against */
export function compare(a: readonly Summary[], b: readonly Summary[], within = WITHIN): Compared[] {
  return FIGURES.map((figure) => {
    const [left, right] = [measured(a, figure), measured(b, figure)];
    const ratio = left === null || right === null || left.median === 0 ? null : right.median / left.median;
    return {
      name: figure.name,
      unit: figure.unit,
      a: left,
      b: right,
      ratio,
      verdict: judge(figure, left, right, ratio, within),
    };
  });
}

function measured(summaries: readonly Summary[], { of }: Figure): Measured | null {
  const samples = new Samples(summaries.length);
  for (const summary of summaries) {
    const value = of(summary);
    if (value !== null) samples.add(value);
  }
  const distribution = samples.distribution();
  if (distribution === null) return null;
  const { p50, min, max, count } = distribution;
  return { median: p50, spread: max - min, runs: count };
}

function judge(
  { better }: Figure,
  a: Measured | null,
  b: Measured | null,
  ratio: number | null,
  within: number,
): Verdict {
  if (a === null || b === null || ratio === null) return 'unmeasured';
  if (Math.abs(ratio - 1) <= within) return 'same';
  if (Math.abs(b.median - a.median) < Math.max(a.spread, b.spread)) return 'unclear';
  return ratio > 1 === (better === 'more') ? 'better' : 'worse';
}

/** What keeps two runs from being comparable, in words. */
export function differences(a: Summary, b: Summary): string[] {
  const of = ({ name, nodeCount, linkCount, seed, traffic }: Summary) =>
    ({ scenario: name, nodes: nodeCount, links: linkCount, seed, messages: traffic.planned }) as const;
  const [left, right] = [of(a), of(b)];
  return (Object.keys(left) as (keyof typeof left)[])
    .filter((key) => left[key] !== right[key])
    .map((key) => `${key}: ${left[key]} and ${right[key]}`);
}
