/** Store v3 (13/WAKU2-STORE) as the contract sees it: a question to a store node, and one page of its answer. */
import type { WakuMessage } from '../waku/message.ts';

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
