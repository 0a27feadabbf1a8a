/** `waku-desk store`: prints what a store node has kept, page by page. */
import type { EngineKind } from '../core/engine/capabilities.ts';
import { nowNs } from '../core/engine/clock.ts';
import { demand, ENGINE_CAPABILITIES } from '../core/engine/engine-capabilities.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import {
  checkStoreQuery,
  MAX_STORE_PAGE,
  type StoreEntry,
  type StoreQuery,
} from '../core/engine/store-query.ts';
import type { NewMessage } from '../core/capture/records.ts';
import { messageHashText } from '../core/waku/hash.ts';
import { formatPubsubTopic } from '../core/waku/topics.ts';
import type { CaptureOptions } from '../flags/capture-flags.ts';
import { openCapture } from './capture.ts';
import { shardsOf, withClient } from './client.ts';
import { counted, shortHash, storedFields, storedLine } from './message-lines.ts';
import type { ClientOptions } from './options.ts';
import type { Output } from './output.ts';

export interface StoreOptions extends ClientOptions, CaptureOptions {
  /** Left out: the first of `connect`. */
  peer?: string;
  contentTopic: string[];
  /** Left out: of the shard; null with hashes. */
  pubsubTopic?: string;
  from?: bigint;
  to?: bigint;
  hash: string[];
  /** Messages at most. */
  limit: number;
  all: boolean;
  newestFirst: boolean;
  /** For connecting, and for each page. */
  timeoutMs: number;
}

/** @throws WakuDeskError UNSUPPORTED, BAD_USE before anything is started; of start, connect and query */
export async function runStore(options: StoreOptions, output: Output, signal: AbortSignal): Promise<void> {
  const fits = (kind: EngineKind): void => {
    demand('cli.store', ENGINE_CAPABILITIES[kind].storeQuery);
  };
  if (options.engine !== 'auto') fits(options.engine);
  const query = queryOf(options);
  checkStoreQuery(query);
  const { timeoutMs } = options;
  const capture = await openCapture(options);
  try {
    await withClient(options, { timeoutMs, signal, output, fits }, async ({ session }) => {
      let left = options.all ? Infinity : options.limit;
      let count = 0;
      let cursor: string | null = null;
      do {
        const limit = Math.min(left, MAX_STORE_PAGE);
        const page = await session.storeQuery({ ...query, limit, cursor }, { timeoutMs, signal });
        const messages = page.entries.flatMap((entry) => messageOf(entry, output));
        for (const { message } of messages)
          output.result('stored', storedFields(message), storedLine(message));
        await capture?.append({ messages: messages.map(({ message }) => message) });
        await output.drained();
        count += page.entries.length;
        left -= page.entries.length;
        // A node that gives an empty page with a cursor would be asked for ever.
        cursor = page.entries.length === 0 ? null : page.cursor;
      } while (cursor !== null && left > 0 && !signal.aborted);
      const complete = cursor === null;
      output.result('end', { messages: count, complete }, null);
      output.note(`${counted(count, 'message')}${complete ? '' : '; there are more: see --limit and --all'}`);
    });
  } finally {
    await capture?.close();
  }
}

function queryOf(options: StoreOptions): StoreQuery {
  const peer = options.peer ?? options.connect[0];
  const [shard, ...others] = shardsOf(options);
  if (peer === undefined || shard === undefined || others.length > 0)
    throw new WakuDeskError('BAD_USE', 'A query needs one store node, and one shard at most.', {
      operation: 'cli.store',
      hint: 'Give --peer MULTIADDR with the peer id, and --shard or --pubsub-topic once.',
    });
  const ofShard = formatPubsubTopic({ cluster: options.clusterId, shard });
  return {
    peer,
    pubsubTopic: options.pubsubTopic ?? (options.hash.length > 0 ? null : ofShard),
    contentTopics: options.contentTopic,
    fromNs: options.from ?? null,
    toNs: options.to ?? null,
    hashes: options.hash,
    includeData: true,
    cursor: null,
    forward: !options.newestFirst,
    limit: 1,
  };
}

/** The hash is computed here, and the node's own word for it checked. */
function messageOf(
  { hash: claimed, pubsubTopic, message }: StoreEntry,
  output: Output,
): { message: NewMessage }[] {
  if (pubsubTopic === null || message === null) {
    output.note(`warning: the store node has ${shortHash(claimed)} and did not give its fields`);
    return [];
  }
  const hash = messageHashText(pubsubTopic, message);
  if (hash !== claimed.toLowerCase())
    output.note(`warning: the store node calls ${claimed} what hashes to ${hash}`);
  return [{ message: { dir: 'in', pubsubTopic, message, hash, receivedNs: nowNs(), fromPeer: null } }];
}
