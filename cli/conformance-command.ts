/** `waku-desk conformance`: do two nodes behave as wakunode2's REST API says? */
import { writeFile } from 'node:fs/promises';
import type { CheckResult } from '../checks/check.ts';
import { junitXml } from '../checks/junit.ts';
import { runConformance } from '../checks/rest/suite.ts';
import { describeCause, WakuDeskError } from '../core/engine/errors.ts';
import { countsText, passOrFail, printCheck, summarize } from './check-lines.ts';
import type { Output } from './output.ts';

export interface ConformanceOptions {
  clusterId: number;
  shard: number;
  numShardsInNetwork: number;
  metrics: string[];
  timeoutMs: number;
  junit?: string;
}

const operation = 'cli.conformance';

/** @throws WakuDeskError CHECK_FAILED when a check fails; BAD_USE, FILE_FAILED, CANCELLED */
export async function runConformanceCommand(
  urls: readonly [string, string],
  options: ConformanceOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  if (urls[0] === urls[1])
    throw new WakuDeskError('BAD_USE', 'Both addresses are the same.', {
      operation,
      hint: 'Name two nodes: messages have to go from one to the other.',
    });
  const { clusterId, shard, numShardsInNetwork, metrics, timeoutMs, junit } = options;
  const checks: CheckResult[] = [];
  const pair = { clusterId, shard, shardsInNetwork: numShardsInNetwork, metricsUrls: metrics, timeoutMs };
  for await (const check of runConformance({ urls, ...pair, signal })) {
    checks.push(check);
    printCheck(check, output);
  }
  if (junit !== undefined) await write(junit, junitXml(`waku-desk conformance ${urls.join(' ')}`, checks));
  const counts = summarize(checks);
  output.result('checkSummary', counts, countsText(counts));
  if (signal.aborted)
    throw new WakuDeskError('CANCELLED', 'The run was ended before its last check.', {
      operation,
      hint: 'Run it again.',
    });
  passOrFail(
    checks,
    operation,
    'Check that both nodes run with --rest and --rest-admin, on this cluster and shard, and reach each other.',
  );
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new WakuDeskError('FILE_FAILED', `Cannot write ${path}.`, {
      operation,
      hint: `Choose another place for the file (${describeCause(error)}).`,
      cause: error,
    });
  }
}
