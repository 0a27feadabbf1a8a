/** A node that hears for a command: until a count is reached, the time is over, or somebody ends it. */
import type { NodeIdentity } from '../core/engine/engine.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import type { SessionBatch } from '../core/session/types.ts';
import type { CaptureOptions } from '../flags/capture-flags.ts';
import { openCapture } from './capture.ts';
import { clientConfig, withClient } from './client.ts';
import { aborted } from './interrupt.ts';
import { counted } from './message-lines.ts';
import type { ClientOptions } from './options.ts';
import type { Output } from './output.ts';

export interface HearOptions extends ClientOptions, CaptureOptions {
  /** What a light client hears. */
  contentTopic: string[];
  /** Ends after this many of what the command counts. */
  count?: number;
  /** For connecting and for the count together; without a count, how long to listen. */
  timeoutMs?: number;
}

export interface Hearing {
  operation: string;
  output: Output;
  signal: AbortSignal;
  /** Prints what it wants of a batch. @returns how many it has counted so far */
  take: (batch: SessionBatch) => number;
}

/**
 * Ends without a failure, also when the count is not reached: whoever counts has something to report first.
 * @returns the failure of a count that is not reached in time, or null
 * @throws WakuDeskError BAD_USE; of start and connect
 */
export async function hear(
  options: HearOptions,
  { operation, output, signal, take }: Hearing,
): Promise<WakuDeskError | null> {
  checkSource(options, operation);
  const config = { contentTopics: options.contentTopic };
  // Refused before a capture is made.
  clientConfig(options, config);
  const capture = await openCapture(options);
  const startMs = performance.now();
  const { timeoutMs, count } = options;
  try {
    return await withClient(
      options,
      { keepConnected: true, config, timeoutMs, signal, output, capture },
      async ({ session }) => {
        let taken = 0;
        const reached = new Promise<void>((resolve) => {
          const { snapshot } = session.attach(async (batch) => {
            if (taken === count) return;
            taken = take(batch);
            if (taken === count) resolve();
            await output.drained();
          });
          const { topics, peers, identity } = snapshot;
          output.note(
            `${options.light === true ? `hearing ${options.contentTopic.join(', ')}` : 'listening'} on ${topics.map((topic) => topic.pubsubTopic).join(', ')}, ${counted(peers.length, 'peer')} connected`,
          );
          if (options.connect.length === 0) noteAddresses(identity, output);
        });
        const leftMs =
          timeoutMs === undefined ? undefined : Math.max(0, timeoutMs - (performance.now() - startMs));
        const outcome = await firstOf({
          reached,
          interrupted: aborted(signal),
          timedOut: leftMs === undefined ? null : new Promise((resolve) => setTimeout(resolve, leftMs)),
        });
        if (outcome !== 'timedOut' || count === undefined) return null;
        return new WakuDeskError('TIMED_OUT', `${taken} of ${count} messages came in time.`, {
          operation,
          hint: 'Check that somebody publishes on this shard, or allow more time with --timeout-ms.',
        });
      },
    );
  } finally {
    await capture?.close();
  }
}

/** For who waits to be connected to. */
export function noteAddresses(identity: NodeIdentity | null, output: Output): void {
  for (const address of identity?.listenAddresses ?? []) output.note(`reachable at ${address}`);
}

/** @throws WakuDeskError BAD_USE where nobody could ever be connected */
export function checkReachable({ connect, mdns, tcpPort }: ClientOptions, operation: string): void {
  if (connect.length === 0 && !mdns && tcpPort === 0)
    throw new WakuDeskError('BAD_USE', 'There is no node to hear from.', {
      operation,
      hint: 'Give --connect MULTIADDR, or --mdns, or --tcp-port N to be connected to.',
    });
}

function checkSource(options: HearOptions, operation: string): void {
  checkReachable(options, operation);
  if (options.light === true && options.contentTopic.length === 0)
    throw new WakuDeskError('BAD_USE', 'A light client hears content topics only, and none is given.', {
      operation,
      hint: 'Give --content-topic /app/1/name/proto, once or more.',
    });
  if (options.light !== true && options.contentTopic.length > 0)
    throw new WakuDeskError('BAD_USE', 'A relay node hears every content topic of its shards.', {
      operation,
      hint: 'Use --filter content:/app/ to print some of them, or --light to ask for some of them.',
    });
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
