/** `waku-desk ping`: round trips to one node. */
import { delay } from '../core/engine/deadline.ts';
import { asWakuDeskError, WakuDeskError } from '../core/engine/errors.ts';
import { withClient } from './client.ts';
import type { ClientOptions } from './options.ts';
import type { Output } from './output.ts';

export interface PingOptions extends Omit<ClientOptions, 'connect'> {
  count: number;
  intervalMs: number;
  timeoutMs: number;
}

/** @throws WakuDeskError PING_FAILED when an answer is missing; of start and connect */
export async function runPing(
  address: string,
  options: PingOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { count, intervalMs, timeoutMs } = options;
  await withClient(
    { ...options, connect: [address] },
    { timeoutMs, signal, output },
    async ({ session, peerIds }) => {
      const [peerId] = peerIds;
      if (peerId === undefined) throw new Error('one address gives one peer');
      const latencies: number[] = [];
      for (let sent = 0; sent < count && !signal.aborted; sent++) {
        if (sent > 0) await delay(intervalMs, signal);
        try {
          const latencyMs = await session.ping(peerId, { timeoutMs, signal });
          latencies.push(latencyMs);
          output.result('pong', { peerId, latencyMs }, `${peerId}  ${latencyMs.toFixed(2)} ms`);
        } catch (error) {
          const { code, message } = asWakuDeskError(error, {
            code: 'PING_FAILED',
            operation: 'cli.ping',
            hint: 'Look at the log.',
          });
          output.result('noPong', { peerId, code }, message);
        }
      }
      if (signal.aborted) return;
      const sorted = [...latencies].sort((a, b) => a - b);
      const least = sorted[0] ?? null;
      const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
      const most = sorted[sorted.length - 1] ?? null;
      output.result(
        'summary',
        { sent: count, answered: sorted.length, minMs: least, medianMs: median, maxMs: most },
        `${sorted.length} of ${count} answered, min ${ms(least)}, median ${ms(median)}, max ${ms(most)}`,
      );
      if (sorted.length < count)
        throw new WakuDeskError('PING_FAILED', `${count - sorted.length} of ${count} pings got no answer.`, {
          operation: 'cli.ping',
          hint: 'Check that the node is up and not overloaded.',
        });
    },
  );
}

function ms(value: number | null): string {
  return value === null ? 'none' : `${value.toFixed(2)} ms`;
}
