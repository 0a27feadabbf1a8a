/** The hash of core/waku/hash.ts by Node's own SHA-256, which takes a fifth of the time: core/waku runs in browsers. */
import { createHash } from 'node:crypto';
import type { HashText } from '../../core/waku/hash.ts';
import type { WakuMessage } from '../../core/waku/message.ts';

const timestamp = Buffer.alloc(8);

/** As messageHashText. */
export function nativeHashText(pubsubTopic: string, message: WakuMessage): HashText {
  timestamp.writeBigInt64BE(message.timestampNs);
  const hash = createHash('sha256')
    .update(pubsubTopic)
    .update(message.payload)
    .update(message.contentTopic)
    .update(message.meta)
    .update(timestamp)
    .digest('hex');
  return `0x${hash}`;
}
