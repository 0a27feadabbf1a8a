/** `waku-desk traffic`: sends messages by a plan, and says how many went, how late, and what failed. */
import { randomInt } from 'node:crypto';
import type { ErrorCode } from '../core/engine/errors.ts';
import { ERROR_CODES, WakuDeskError } from '../core/engine/errors.ts';
import { formatPubsubTopic } from '../core/waku/topics.ts';
import { parseTrafficPlan } from '../sim/traffic/plan.ts';
import { sendTraffic, type SenderReport } from '../sim/traffic/sender.ts';
import { clientConfig, shardsOf, withClient } from './client.ts';
import { timesText } from './distribution-text.ts';
import { counted } from './message-lines.ts';
import type { ClientOptions } from './options.ts';
import type { Output } from './output.ts';
import { waitForPeer } from './wait-for-peer.ts';

export interface TrafficOptions extends ClientOptions {
  messages: number;
  size: string;
  rate: string;
  poisson: boolean;
  contentTopic: string[];
  seed: number;
  /** Left out: a random one. */
  run?: number;
  sender: number;
  inFlight: number;
  timeoutMs: number;
}

/**
 * @throws WakuDeskError BAD_USE, CONFIG_INVALID; TIMED_OUT, NO_SERVICE_PEER without a peer; NO_PEERS when messages went
 *   to nobody; the code of the first failure when messages failed; of start and connect
 */
export async function runTraffic(
  options: TrafficOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  if (options.connect.length === 0 && !options.mdns)
    throw new WakuDeskError('BAD_USE', 'There is no node to send to.', {
      operation: 'cli.traffic',
      hint: 'Give --connect MULTIADDR or --mdns.',
    });
  const { messages, size, rate, poisson, seed, contentTopic, timeoutMs, sender, light } = options;
  const plan = parseTrafficPlan({
    messages,
    size,
    rate,
    poisson,
    seed,
    shards: shardsOf(options),
    ...(contentTopic.length > 0 && { contentTopics: contentTopic }),
  });
  clientConfig(options);
  const { run = randomInt(1, 2 ** 32) } = options;
  const topicOf = (shard: number): string => formatPubsubTopic({ cluster: options.clusterId, shard });
  const report = await withClient(options, { timeoutMs, signal, output }, async ({ session }) => {
    for (const shard of plan.shards)
      await waitForPeer(session, light === true ? null : topicOf(shard), timeoutMs, signal);
    output.note(`run ${run}, sender ${sender}: ${counted(messages, 'message')} at ${rateText(rate)}`);
    return sendTraffic({
      plan,
      run,
      sender,
      signal,
      maxInFlight: options.inFlight,
      publish: ({ shard, ...message }) => session.publish({ ...message, pubsubTopic: topicOf(shard) }),
      onOutcome: (outcome) => {
        output.result('sent', { run, sender, ...outcome }, null);
      },
    });
  });
  output.result('trafficSummary', { ...report, seed }, summaryText(report));
  checkSent(report);
}

function rateText(rate: string): string {
  if (rate === 'max') return 'full speed';
  return rate.includes('/') ? rate : `${rate}/s`;
}

function summaryText(report: SenderReport): string {
  const failures = Object.entries(report.failed).map(([code, count]) => `${count} ${code}`);
  const seconds = report.durationMs / 1_000;
  return [
    `sent       ${report.sent.toLocaleString('en')} of ${counted(report.planned, 'message')} in ${seconds.toFixed(1)} s (${counted(report.payloadBytes, 'payload byte')})`,
    `accepted   ${report.accepted.toLocaleString('en')}`,
    `failed     ${failures.length === 0 ? 'none' : failures.join(', ')}`,
    `real sends ${report.sentToPeers?.toLocaleString('en') ?? 'unknown to this engine'}`,
    ...(report.lateMs === null ? [] : [`late       ${timesText(report.lateMs)}`]),
    `publishing ${timesText(report.publishMs)}`,
  ].join('\n');
}

function checkSent({ sent, failed, sentToNobody }: SenderReport): void {
  const [first] = Object.keys(failed);
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
  if (first !== undefined)
    throw new WakuDeskError(
      isCode(first) ? first : 'ENGINE_FAILED',
      `${failures} of ${counted(sent, 'message')} failed.`,
      {
        operation: 'cli.traffic',
        hint: 'The summary counts them by code; publish one such message alone to see what is wrong with it.',
      },
    );
  if (sentToNobody > 0)
    throw new WakuDeskError(
      'NO_PEERS',
      `${sentToNobody} of ${counted(sent, 'message')} went to no neighbour.`,
      {
        operation: 'cli.traffic',
        hint: 'Check the node at the other end, and its shards.',
      },
    );
}

function isCode(text: string): text is ErrorCode {
  return text in ERROR_CODES;
}
