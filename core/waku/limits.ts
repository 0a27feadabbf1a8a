/** Sizes that relay accepts. */
import { nwakuEncodedSize, type WakuMessage } from './message.ts';

/** 150 KiB: the network's default limit of a whole message, in bytes. Other networks set their own. */
export const DEFAULT_MAX_MESSAGE_BYTES = 150 * 1024;

/** Meta is 64 bytes at most (14/WAKU2-MESSAGE). */
export const MAX_META_BYTES = 64;

/** Bytes of the gossipsub RPC around topic and message in nwaku. */
const RPC_OVERHEAD_BYTES = 12;

/**
 * The largest payload, in bytes, that nwaku relays with these other fields: the whole gossipsub RPC must fit
 * into `maxMessageBytes`, with every field written as nwaku does. 153,524 for `/waku/2/rs/16/32`, a content
 * topic of 24 characters and no meta, at 150 KiB. Negative when not even an empty payload fits.
 */
export function maxPayloadBytes(
  pubsubTopic: string,
  message: Omit<WakuMessage, 'payload'>,
  maxMessageBytes: number = DEFAULT_MAX_MESSAGE_BYTES,
): number {
  const empty = nwakuEncodedSize({ ...message, payload: new Uint8Array(0) });
  return maxMessageBytes - empty - RPC_OVERHEAD_BYTES - pubsubTopic.length;
}
