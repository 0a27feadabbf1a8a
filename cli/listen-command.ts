/** `waku-desk listen`: measures the traffic that comes, and reports loss, order, duplicates and latency per sender. */
import { WakuDeskError } from '../core/engine/errors.ts';
import type { LiveMessage } from '../core/session/types.ts';
import type { TrafficHeader } from '../sim/traffic/payload.ts';
import {
  latencyMsOf,
  TrafficReceiver,
  type ReceivedTraffic,
  type TrafficReport,
} from '../sim/traffic/receiver.ts';
import { msText, timesText } from './distribution-text.ts';
import { hear, type HearOptions } from './hear.ts';
import { clockTime, counted, shortHash } from './message-lines.ts';
import { printable, type Output } from './output.ts';

export interface ListenOptions extends HearOptions {
  run?: number;
  quiet: boolean;
  failOnLoss: boolean;
}

/**
 * @throws WakuDeskError TIMED_OUT when the count is not reached; CHECK_FAILED for what is lost, where that was asked
 *   for; as {@link hear}
 */
export async function runListen(options: ListenOptions, output: Output, signal: AbortSignal): Promise<void> {
  const receiver = new TrafficReceiver({ run: options.run });
  let missedHere = 0;
  const tooFew = await hear(options, {
    operation: 'cli.listen',
    output,
    signal,
    take: ({ messages, missed }) => {
      missedHere += missed;
      for (const message of messages) {
        if (receiver.received === options.count) break;
        if (message.dir === 'out') continue;
        const header = receiver.add(message.message.payload, message.receivedNs);
        if (header !== null && !options.quiet) printOne(header, message, output);
      }
      return receiver.received;
    },
  });
  const report = receiver.report();
  for (const sender of report.senders) output.result('sender', sender, senderText(sender));
  const { senders, ...all } = report;
  output.result(
    'listenSummary',
    { senders: senders.length, ...sums(report), ...all, missedHere },
    summaryText(report, missedHere),
  );
  if (tooFew !== null) throw tooFew;
  if (options.failOnLoss) checkLoss(report);
}

function printOne(
  header: TrafficHeader,
  { hash, pubsubTopic, receivedNs, fromPeer, message }: LiveMessage,
  output: Output,
): void {
  const latencyMs = latencyMsOf(header, receivedNs);
  const { contentTopic, payload } = message;
  output.result(
    'received',
    {
      ...header,
      latencyMs,
      receivedNs,
      hash,
      pubsubTopic,
      contentTopic,
      payloadBytes: payload.length,
      fromPeer,
    },
    printable(
      `${clockTime(receivedNs)}  run ${header.run}, sender ${header.sender}: ${header.sequence + 1} of ${header.planned}  ${payload.length.toLocaleString('en')} B  ${msText(latencyMs)}  ${shortHash(hash)}`,
    ),
  );
}

function senderText(sender: ReceivedTraffic): string {
  const { missing, firstLatencyMs, beforeSent } = sender;
  const ranges = missing.map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`));
  return [
    '',
    `run ${sender.run}, sender ${sender.sender}`,
    `  received   ${sender.received.toLocaleString('en')} of ${sender.planned.toLocaleString('en')}`,
    `  lost       ${sender.lost.toLocaleString('en')}, and ${sender.notSeen.toLocaleString('en')} after the last that came (lost, or not sent)`,
    ...(ranges.length === 0 ? [] : [`  missing    ${ranges.join(', ')}${ranges.length === 5 ? ', …' : ''}`]),
    `  again      ${sender.duplicates.toLocaleString('en')}`,
    `  order      ${counted(sender.outOfOrder, 'message')} after a later one`,
    `  latency    ${timesText(sender.latencyMs)}${firstLatencyMs === null ? '' : `; the first ${msText(firstLatencyMs)}, which counts`}`,
    `  sent late  ${timesText(sender.lateMs)}`,
    ...(beforeSent === 0
      ? []
      : [`  clocks     ${counted(beforeSent, 'message')} came before they were sent: not the same clock`]),
  ].join('\n');
}

function summaryText({ senders, latencyMs, others, ignored }: TrafficReport, missedHere: number): string {
  return [
    '',
    `${counted(senders.length, 'sender')}; latency ${timesText(latencyMs)}; ${counted(others, 'message')} of others`,
    ...(ignored === 0 ? [] : [`${counted(ignored, 'message')} of more senders than are followed`]),
    ...(missedHere === 0
      ? []
      : [`${counted(missedHere, 'message')} left out here: this reader was too slow`]),
  ].join('\n');
}

function sums({ senders }: TrafficReport): {
  planned: number;
  received: number;
  lost: number;
  notSeen: number;
} {
  const sum = { planned: 0, received: 0, lost: 0, notSeen: 0 };
  for (const sender of senders)
    for (const key of ['planned', 'received', 'lost', 'notSeen'] as const) sum[key] += sender[key];
  return sum;
}

function checkLoss(report: TrafficReport): void {
  const { planned, received } = sums(report);
  if (received === planned && planned > 0) return;
  const operation = 'cli.listen';
  if (planned === 0)
    throw new WakuDeskError('CHECK_FAILED', 'No traffic came.', {
      operation,
      hint: 'Check that `waku-desk traffic` sends on this shard while this listens.',
    });
  throw new WakuDeskError(
    'CHECK_FAILED',
    `${planned - received} of ${counted(planned, 'message')} did not come.`,
    {
      operation,
      hint: 'The report names the missing numbers of each sender; start the receiver first, and listen until the end.',
    },
  );
}
