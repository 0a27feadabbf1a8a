/** `waku-desk subscribe`: prints messages as they come. */
import { WakuDeskError } from '../core/engine/errors.ts';
import type { NewMessage } from '../core/capture/records.ts';
import type { FilterRow } from '../core/filter/row.ts';
import { parseFilterOrThrow } from '../core/filter/filter.ts';
import type { SessionBatch } from '../core/session/types.ts';
import type { CaptureOptions } from '../flags/capture-flags.ts';
import { openCapture } from './capture.ts';
import { clientConfig, withClient } from './client.ts';
import { aborted } from './interrupt.ts';
import { counted, messageFields, messageLine } from './message-lines.ts';
import type { ClientOptions } from './options.ts';
import type { Output } from './output.ts';

export interface SubscribeOptions extends ClientOptions, CaptureOptions {
  filter: string;
  /** What a light client hears. */
  contentTopic: string[];
  /** Ends after this many matching messages. */
  count?: number;
  /** For connecting and for the count together; without a count, how long to listen. */
  timeoutMs?: number;
}

/** @throws WakuDeskError BAD_USE, FILTER_INVALID, TIMED_OUT when the count is not reached; of start and connect */
export async function runSubscribe(
  options: SubscribeOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  if (options.connect.length === 0 && !options.mdns && options.tcpPort === 0)
    throw new WakuDeskError('BAD_USE', 'There is no node to hear from.', {
      operation: 'cli.subscribe',
      hint: 'Give --connect MULTIADDR, or --mdns, or --tcp-port N to be connected to.',
    });
  if (options.light === true && options.contentTopic.length === 0)
    throw new WakuDeskError('BAD_USE', 'A light client hears content topics only, and none is given.', {
      operation: 'cli.subscribe',
      hint: 'Give --content-topic /app/1/name/proto, once or more.',
    });
  if (options.light !== true && options.contentTopic.length > 0)
    throw new WakuDeskError('BAD_USE', 'A relay node hears every content topic of its shards.', {
      operation: 'cli.subscribe',
      hint: 'Use --filter content:/app/ to print some of them, or --light to ask for some of them.',
    });
  const { matches } = parseFilterOrThrow(options.filter);
  const config = { contentTopics: options.contentTopic };
  // Refused before a capture is made.
  clientConfig(options, config);
  const capture = await openCapture(options);
  const startMs = performance.now();
  try {
    await withClient(
      options,
      {
        keepConnected: true,
        config,
        timeoutMs: options.timeoutMs,
        signal,
        output,
        capture,
      },
      async ({ session }) => {
        let seen = 0;
        const reached = new Promise<void>((resolve) => {
          const print = ({ messages, missed }: SessionBatch): void => {
            if (missed > 0) output.note(`${missed} messages left out: the reader of this output is too slow`);
            for (const message of messages) {
              if (seen === options.count) break;
              if (message.dir === 'out' || !matches(filterRow(message))) continue;
              seen++;
              output.result('message', messageFields(message, message.seq), messageLine(message));
            }
            if (seen === options.count) resolve();
          };
          session.attach(async (batch) => {
            print(batch);
            await output.drained();
          });
        });
        const { topics, peers, identity } = session.snapshot();
        output.note(
          `${options.light === true ? `hearing ${options.contentTopic.join(', ')}` : 'listening'} on ${topics.map((topic) => topic.pubsubTopic).join(', ')}, ${counted(peers.length, 'peer')} connected`,
        );
        if (options.connect.length === 0)
          for (const address of identity?.listenAddresses ?? []) output.note(`reachable at ${address}`);
        const leftMs =
          options.timeoutMs === undefined
            ? undefined
            : Math.max(0, options.timeoutMs - (performance.now() - startMs));
        const outcome = await firstOf({
          reached,
          interrupted: aborted(signal),
          timedOut: leftMs === undefined ? null : new Promise((resolve) => setTimeout(resolve, leftMs)),
        });
        if (outcome === 'timedOut' && options.count !== undefined)
          throw new WakuDeskError('TIMED_OUT', `${seen} of ${options.count} messages came in time.`, {
            operation: 'cli.subscribe',
            hint: 'Check that somebody publishes on this shard, or allow more time with --timeout-ms.',
          });
      },
    );
  } finally {
    await capture?.close();
  }
}

async function firstOf<Name extends string>(outcomes: Record<Name, Promise<unknown> | null>): Promise<Name> {
  const names = Object.keys(outcomes) as Name[];
  return Promise.race(
    names.flatMap((name) => {
      const outcome = outcomes[name];
      return outcome === null ? [] : [outcome.then(() => name)];
    }),
  );
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
