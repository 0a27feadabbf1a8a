/** What two nodes of wakunode2's REST API have to do, whoever wrote them. */
import type { CheckResult } from '../check.ts';
import { runChecks, type Check } from '../check-run.ts';
import { autoChecks } from './auto-checks.ts';
import { metricsChecks, nodeChecks } from './node-checks.ts';
import { Pair, type PairOptions } from './pair.ts';
import { refusalChecks } from './refusal-checks.ts';
import { relayChecks } from './relay-checks.ts';

export const CONFORMANCE_CHECKS: readonly Check<Pair>[] = [
  ...nodeChecks,
  ...relayChecks,
  ...autoChecks,
  ...refusalChecks,
  ...metricsChecks,
];

/**
 * Each result as soon as it is there. The nodes are connected to each other through their admin API, where it is on.
 * Nothing is sent that is known to end a node (wakunode2 0.37.1 dies of the version -1).
 */
export function runConformance(options: PairOptions): AsyncGenerator<CheckResult, void> {
  return runChecks(CONFORMANCE_CHECKS, new Pair(options), options.signal);
}
