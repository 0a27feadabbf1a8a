/** `waku-desk publish`: sends one message, or many at a rate, and says what is known of each. */
import { delay } from '../core/engine/deadline.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { formatPubsubTopic } from '../core/waku/topics.ts';
import { clientConfig, shardsOf, withClient } from './client.ts';
import { readPayload, type ClientOptions } from './options.ts';
import { counted } from './message-lines.ts';
import type { Output } from './output.ts';
import { waitForPeer } from './wait-for-peer.ts';

export interface PublishOptions extends ClientOptions {
  contentTopic: string;
  payload: string;
  timestamp?: bigint;
  messageVersion: number;
  meta?: string;
  ephemeral: boolean;
  repeat: number;
  /** Messages per second; without it as fast as they go. */
  rate?: number;
  timeoutMs: number;
}

/** @throws WakuDeskError BAD_USE, FILE_FAILED, TIMED_OUT without a peer, or a relay rule's code */
export async function runPublish(
  options: PublishOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const shards = shardsOf(options);
  const [shard] = shards;
  if (shard === undefined || shards.length > 1 || (options.connect.length === 0 && !options.mdns))
    throw new WakuDeskError('BAD_USE', 'Publishing needs one shard, and a node to send to.', {
      operation: 'cli.publish',
      hint: 'Give --shard once, and --connect MULTIADDR or --mdns.',
    });
  if (options.timestamp !== undefined && options.repeat > 1)
    throw new WakuDeskError('BAD_USE', 'A fixed timestamp makes every repeat the same message.', {
      operation: 'cli.publish',
      hint: 'Leave --timestamp out to repeat.',
    });
  clientConfig(options);
  const payload = await readPayload(options.payload, options.maxMsgSize);
  const pubsubTopic = formatPubsubTopic({ cluster: options.clusterId, shard });
  await withClient(options, { timeoutMs: options.timeoutMs, signal, output }, async ({ session }) => {
    await waitForPeer(session, options.light === true ? null : pubsubTopic, options.timeoutMs, signal);
    const startMs = performance.now();
    for (let sent = 0; sent < options.repeat; sent++) {
      await delay(dueMs(options.rate, sent) - (performance.now() - startMs), signal);
      // Also at full speed signals and timers get their turn.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) break;
      const result = await session.publish({
        payload,
        contentTopic: options.contentTopic,
        pubsubTopic,
        version: options.messageVersion,
        ephemeral: options.ephemeral,
        ...(options.timestamp === undefined ? {} : { timestampNs: options.timestamp }),
        ...(options.meta === undefined ? {} : { meta: new Uint8Array(Buffer.from(options.meta, 'hex')) }),
      });
      const { hash, timestampNs, sentToPeers } = result;
      if (sentToPeers === 0)
        throw new WakuDeskError(
          'NO_PEERS',
          `Nobody is left to send to; ${counted(sent, 'message')} went out.`,
          {
            operation: 'cli.publish',
            hint: 'Check the node at the other end, and send the rest again.',
          },
        );
      output.result(
        'published',
        {
          hash,
          pubsubTopic,
          contentTopic: options.contentTopic,
          timestampNs,
          payloadBytes: payload.length,
          sentToPeers,
          states: sentToPeers === null ? ['accepted'] : ['accepted', 'sent'],
        },
        `${hash}  ${sentToPeers === null ? 'accepted' : `sent to ${counted(sentToPeers, 'peer')}`}`,
      );
      await output.drained();
    }
  });
}

/** When message `index` is due, from the first one on. */
function dueMs(rate: number | undefined, index: number): number {
  return rate === undefined ? 0 : (index * 1_000) / rate;
}
