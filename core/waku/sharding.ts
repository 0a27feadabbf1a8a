/** Auto-sharding of 51/WAKU2-RELAY-SHARDING: the shard follows from the content topic. */
import { sha256 } from '@noble/hashes/sha2.js';
import { parseContentTopic } from './topics.ts';

/** The only generation that the specification defines. */
const GENERATION = 0;
const utf8 = new TextEncoder();

/**
 * The last 8 bytes (big-endian) of SHA256(application || version), modulo the number of shards; the topic's
 * name and encoding do not count.
 * @param shardCount shards of the network, 1 or more
 * @returns the shard, or null when the content topic is not namespaced or of an unknown generation
 * @throws RangeError when shardCount is not a positive integer
 */
export function autoShard(contentTopic: string, shardCount: number): number | null {
  if (!Number.isInteger(shardCount) || shardCount < 1)
    throw new RangeError(`a network has at least one shard, not ${String(shardCount)}`);
  const topic = parseContentTopic(contentTopic);
  if (topic === null || (topic.generation ?? GENERATION) !== GENERATION) return null;
  const digest = sha256(utf8.encode(topic.application + topic.version));
  const tail = new DataView(digest.buffer, digest.byteOffset + 24, 8).getBigUint64(0, false);
  return Number(tail % BigInt(shardCount));
}
