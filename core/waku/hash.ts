/** Deterministic message hash of 14/WAKU2-MESSAGE: the identity of a message across nodes and writers. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { WakuMessage } from './message.ts';

const utf8 = new TextEncoder();

/**
 * SHA256(utf8(pubsubTopic) || payload || utf8(contentTopic) || meta || timestamp as 8 bytes, big-endian).
 * @returns 32 bytes
 */
export function messageHash(
  pubsubTopic: string,
  message: Pick<WakuMessage, 'payload' | 'contentTopic' | 'meta' | 'timestampNs'>,
): Uint8Array {
  const timestamp = new Uint8Array(8);
  new DataView(timestamp.buffer).setBigInt64(0, message.timestampNs, false);
  return sha256
    .create()
    .update(utf8.encode(pubsubTopic))
    .update(message.payload)
    .update(utf8.encode(message.contentTopic))
    .update(message.meta)
    .update(timestamp)
    .digest();
}

/** A hash as people and tools write it: `0x` and 64 lower-case hex digits. */
export type HashText = `0x${string}`;

export function formatHash(hash: Uint8Array): HashText {
  return `0x${bytesToHex(hash)}`;
}

/** The hash of a message in its written form. */
export function messageHashText(pubsubTopic: string, message: WakuMessage): HashText {
  return formatHash(messageHash(pubsubTopic, message));
}
