/** `waku-desk subscribe`: prints messages as they come. */
import type { NewMessage } from '../core/capture/records.ts';
import { parseFilterOrThrow } from '../core/filter/filter.ts';
import type { FilterRow } from '../core/filter/row.ts';
import { hear, type HearOptions } from './hear.ts';
import { messageFields, messageLine } from './message-lines.ts';
import type { Output } from './output.ts';

export interface SubscribeOptions extends HearOptions {
  filter: string;
}

/** @throws WakuDeskError FILTER_INVALID, TIMED_OUT when the count is not reached; as {@link hear} */
export async function runSubscribe(
  options: SubscribeOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { matches } = parseFilterOrThrow(options.filter);
  let seen = 0;
  const tooFew = await hear(options, {
    operation: 'cli.subscribe',
    output,
    signal,
    take: ({ messages, missed }) => {
      if (missed > 0) output.note(`${missed} messages left out: the reader of this output is too slow`);
      for (const message of messages) {
        if (seen === options.count) break;
        if (message.dir === 'out' || !matches(filterRow(message))) continue;
        seen++;
        output.result('message', messageFields(message, message.seq), messageLine(message));
      }
      return seen;
    },
  });
  if (tooFew !== null) throw tooFew;
}

const utf8 = new TextDecoder();

function filterRow(message: NewMessage): FilterRow {
  const { payload, contentTopic, timestampNs, ephemeral } = message.message;
  return {
    dir: message.dir,
    pubsubTopic: message.pubsubTopic,
    contentTopic,
    payloadBytes: payload.length,
    hash: message.hash,
    receivedNs: message.receivedNs,
    timestampNs,
    fromPeer: message.fromPeer,
    ephemeral,
    payloadText: () => utf8.decode(payload),
  };
}
