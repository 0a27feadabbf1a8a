/** `waku-desk canary`: is a node there, of our cluster, and has it what is needed? */
import { CANARY_PROTOCOLS, runCanary } from '../checks/canary.ts';
import type { CheckResult } from '../checks/check.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { countsText, passOrFail, printCheck, summarize } from './check-lines.ts';
import { withClient } from './client.ts';
import type { ClientOptions } from './options.ts';
import type { Output } from './output.ts';

export interface CanaryOptions extends Omit<ClientOptions, 'connect'> {
  address?: string;
  protocol: string[];
  ping: boolean;
  /** Seconds. */
  timeout: number;
}

/** @throws WakuDeskError BAD_USE, MULTIADDR_INVALID; the code of the first check that fails; of the start */
export async function runCanaryCommand(
  argument: string | undefined,
  options: CanaryOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const operation = 'cli.canary';
  const address = argument ?? options.address;
  if (address === undefined || (argument !== undefined && options.address !== undefined))
    throw new WakuDeskError('BAD_USE', 'A canary needs one address.', {
      operation,
      hint: 'Give the multiaddr of the node, as an argument or with --address.',
    });
  const unknown = options.protocol.find((name) => !name.startsWith('/') && !CANARY_PROTOCOLS.includes(name));
  if (unknown !== undefined)
    throw new WakuDeskError('BAD_USE', `${JSON.stringify(unknown)} is no protocol that is known here.`, {
      operation,
      hint: `Name one of ${CANARY_PROTOCOLS.join(', ')}, or a whole protocol id such as /vac/waku/relay/2.0.0.`,
    });
  const checks: CheckResult[] = [];
  await withClient({ ...options, connect: [] }, { signal, output }, async ({ session }) => {
    const { clusterId, protocol, shard = [], ping } = options;
    const timeoutMs = options.timeout * 1_000;
    const request = { address, clusterId, protocols: protocol, shards: shard, ping, timeoutMs, signal };
    for await (const check of runCanary(session, request)) {
      checks.push(check);
      printCheck(check, output);
    }
  });
  const counts = summarize(checks);
  output.result('checkSummary', counts, countsText(counts));
  passOrFail(
    checks,
    operation,
    'Check the address, the cluster and the flags of that node; --timeout allows more time.',
  );
}
