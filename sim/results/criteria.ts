/** Judges a run by its scenario's criteria. */
import type { Criterion } from '../scenario/schema.ts';
import { formatDuration } from '../scenario/quantities.ts';
import type { Deliveries } from './deliveries.ts';
import { deliveryRatio, latency, propagation, type Window } from './measures.ts';
import type { CriterionResult, Summary } from './summary.ts';

/** What is judged beside deliveries. */
export type Judged = Pick<Summary, 'bandwidth' | 'recoveryMs'> & { meshMs: number | null; failures: number };

export function judge(criterion: Criterion, deliveries: Deliveries | null, judged: Judged): CriterionResult {
  switch (criterion.measure) {
    case 'delivery': {
      const figures =
        deliveries === null
          ? null
          : deliveryRatio(deliveries, windowOf({ ...criterion, firstMessage: 'counted' }));
      const limit = criterion.atLeast;
      const value = figures?.ratio ?? null;
      return {
        text: `at least ${percent(limit)} of deliveries arrive${windowWords(criterion)}`,
        passed: value !== null && value >= limit,
        value,
        limit,
        unit: 'share',
        detail: figures === null ? '' : `${figures.arrived} of ${figures.expected}`,
      };
    }
    case 'latency':
    case 'propagation': {
      const { measure, percentile, atMost, firstMessage } = criterion;
      const window = windowOf(criterion);
      const figures =
        deliveries === null
          ? null
          : measure === 'latency'
            ? latency(deliveries, window)
            : propagation(deliveries, window).distribution;
      const what = measure === 'latency' ? 'latency to one receiver' : 'time until the last receiver';
      return atMostMs({
        text: `${percentile} of ${what} is at most ${formatDuration(atMost)}${windowWords(criterion)}; first messages ${firstMessage}`,
        value: figures?.[percentile] ?? null,
        limit: atMost,
        detail:
          figures === null ? 'nothing arrived' : `of ${figures.count}${figures.exact ? '' : ', sampled'}`,
      });
    }
    case 'bandwidth': {
      const { direction, atMost } = criterion;
      const value = (direction === 'in' ? judged.bandwidth?.inMean : judged.bandwidth?.outMean) ?? null;
      return {
        text: `at most ${(atMost / 1_024).toFixed(1)} KiB/s ${direction} at the mean node`,
        passed: value !== null && value <= atMost,
        value,
        limit: atMost,
        unit: 'bytes/s',
        detail:
          judged.bandwidth === null
            ? 'no engine here counts its bytes'
            : `of ${judged.bandwidth.nodes} nodes`,
      };
    }
    case 'time-to-mesh':
      return atMostMs({
        text: `every node has its mesh within ${formatDuration(criterion.atMost)}`,
        value: judged.meshMs,
        limit: criterion.atMost,
        detail: judged.meshMs === null ? 'not within the warm-up' : '',
      });
    case 'recovery':
      return atMostMs({
        text: `everybody gets everything again within ${formatDuration(criterion.atMost)} of the last fault's end`,
        value: judged.recoveryMs,
        limit: criterion.atMost,
        detail: judged.recoveryMs === null ? 'it did not recover, or nothing was sent after' : '',
      });
    case 'failures':
      return {
        text: `at most ${criterion.atMost} nodes end or fail that were not meant to`,
        passed: judged.failures <= criterion.atMost,
        value: judged.failures,
        limit: criterion.atMost,
        unit: 'nodes',
        detail: '',
      };
  }
}

function atMostMs(result: Pick<CriterionResult, 'text' | 'value' | 'limit' | 'detail'>): CriterionResult {
  return { ...result, passed: result.value !== null && result.value <= result.limit, unit: 'ms' };
}

interface Times {
  from?: number | undefined;
  to?: number | undefined;
}

function windowOf({ from, to, firstMessage }: Times & Pick<Window, 'firstMessage'>): Window {
  return { fromMs: from, toMs: to, firstMessage };
}

function windowWords({ from, to }: Times): string {
  if (from === undefined && to === undefined) return '';
  if (to === undefined) return `, sent from ${formatDuration(from ?? 0)} on`;
  return from === undefined
    ? `, sent before ${formatDuration(to)}`
    : `, sent from ${formatDuration(from)} to ${formatDuration(to)}`;
}

export function percent(share: number): string {
  // Rounded down: what is not all must not read as 100 %.
  return `${Math.floor(share * 10_000) / 100} %`;
}
