/** Store v3 (13/WAKU2-STORE) as the contract sees it: a question to a store node, and one page of its answer. */
import type { WakuMessage } from '../waku/message.ts';
import { parsePubsubTopic } from '../waku/topics.ts';
import { WakuDeskError } from './errors.ts';

/** Entries of a page at most: nwaku's own limit. */
export const MAX_STORE_PAGE = 100;

export interface StoreQuery {
  /** Multiaddr of the store node, with its peer id. */
  peer: string;
  /** Null: of every pubsub topic; then content topics must be empty too. */
  pubsubTopic: string | null;
  contentTopics: readonly string[];
  /** Sender's time in Unix ns, both inclusive; null: open. */
  fromNs: bigint | null;
  toNs: bigint | null;
  /** Message hashes as `0x…`; exclusive with everything above. */
  hashes: readonly string[];
  /** False: hashes only. */
  includeData: boolean;
  /** Of the page before, or null for the first. */
  cursor: string | null;
  /** Oldest first. */
  forward: boolean;
  /** 1 to {@link MAX_STORE_PAGE}. */
  limit: number;
}

export interface StoreEntry {
  /** As the store node claims it. */
  hash: string;
  /** Null where hashes were asked for only. */
  pubsubTopic: string | null;
  message: WakuMessage | null;
}

export interface StorePage {
  entries: StoreEntry[];
  /** What to ask the next page with; null on the last one. */
  cursor: string | null;
}

/**
 * Refuses what no store node would answer, before anybody is asked.
 * @throws WakuDeskError BAD_USE, TOPIC_INVALID, MULTIADDR_INVALID
 */
export function checkStoreQuery(query: StoreQuery): void {
  const { peer, pubsubTopic, contentTopics, fromNs, toNs, hashes, limit } = query;
  const refuse = (
    message: string,
    hint: string,
    code: 'BAD_USE' | 'TOPIC_INVALID' | 'MULTIADDR_INVALID' = 'BAD_USE',
  ) => new WakuDeskError(code, message, { operation: 'store.query', hint });
  if (!/^\/.+\/p2p\/[^/]+$/.test(peer))
    throw refuse(
      'The address of the store node is no multiaddr with a peer id.',
      'Write it as /ip4/127.0.0.1/tcp/60000/p2p/<peer id>.',
      'MULTIADDR_INVALID',
    );
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_STORE_PAGE)
    throw refuse(
      `A page of ${String(limit)} entries cannot be asked for.`,
      `Ask for 1 to ${String(MAX_STORE_PAGE)}, and page on with the cursor.`,
    );
  const isNarrowed = pubsubTopic !== null || contentTopics.length > 0 || fromNs !== null || toNs !== null;
  if (hashes.length > 0 && isNarrowed)
    throw refuse('Hashes name their messages alone.', 'Leave topics and times out, or the hashes.');
  if (hashes.some((hash) => !/^0x[0-9a-fA-F]{64}$/.test(hash)))
    throw refuse('A message hash is 0x and 64 hex digits.', 'Correct the hash.');
  if (pubsubTopic !== null && parsePubsubTopic(pubsubTopic) === null)
    throw refuse('The pubsub topic is none.', 'Write /waku/2/rs/<cluster>/<shard>.', 'TOPIC_INVALID');
  if (contentTopics.length > 0 && pubsubTopic === null)
    throw refuse('Content topics need their pubsub topic.', 'Name the pubsub topic as well.');
  if (fromNs !== null && toNs !== null && fromNs > toNs)
    throw refuse('The time range ends before it begins.', 'Exchange the two times.');
}
