import { describe, expect, test } from 'vitest';
import { messageHashText } from '../../core/waku/hash.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import { nativeHashText } from './message-hash.ts';

const TOPIC = '/waku/2/rs/16/32';
const MESSAGE: WakuMessage = {
  payload: Uint8Array.of(1, 2, 3),
  contentTopic: '/ä/1/€/proto',
  version: 0,
  timestampNs: 1_764_018_546_123_456_789n,
  meta: new Uint8Array(0),
  rateLimitProof: new Uint8Array(0),
  ephemeral: false,
};

describe("Node's hash of a message", () => {
  test.each<[string, Partial<WakuMessage>]>([
    ['as it is', {}],
    ['without a payload', { payload: new Uint8Array(0) }],
    ['with meta', { meta: Uint8Array.of(9, 8) }],
    ['from before 1970', { timestampNs: -1n }],
    ['with the latest timestamp', { timestampNs: 2n ** 63n - 1n }],
    ['that is large', { payload: new Uint8Array(150_000).fill(7) }],
  ])('is the one of core/waku for a message %s', (_what, change) => {
    const message = { ...MESSAGE, ...change };
    expect(nativeHashText(TOPIC, message)).toBe(messageHashText(TOPIC, message));
  });
});
