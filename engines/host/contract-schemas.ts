/** The values of the engine contract as schemas: what crosses a port is checked on arrival. */
import * as z from 'zod';
import type { PublishReceipt } from '../../core/engine/engine.ts';
import type { EngineEvent } from '../../core/engine/events.ts';
import {
  engineStateSchema,
  errorCodeSchema,
  errorDataSchema,
  logLevelSchema,
  peerInfoSchema,
  topicHealthSchema,
} from '../../core/engine/schemas.ts';
import { MAX_STORE_PAGE, type StorePage, type StoreQuery } from '../../core/engine/store-query.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import { ownBytes } from './own-bytes.ts';

const text = z.string();
const count = z.int().min(0);
const bytes = z.instanceof(Uint8Array).transform(ownBytes);

export const wakuMessageSchema: z.ZodType<WakuMessage> = z.object({
  payload: bytes,
  contentTopic: text,
  version: count,
  timestampNs: z.bigint(),
  meta: bytes,
  rateLimitProof: bytes,
  ephemeral: z.boolean(),
});

export const publishReceiptSchema: z.ZodType<PublishReceipt> = z.object({
  sentToPeers: count.nullable(),
});

export const storeQuerySchema: z.ZodType<StoreQuery> = z.object({
  peer: text,
  pubsubTopic: text.nullable(),
  contentTopics: z.array(text),
  fromNs: z.bigint().nullable(),
  toNs: z.bigint().nullable(),
  hashes: z.array(text),
  includeData: z.boolean(),
  cursor: text.nullable(),
  forward: z.boolean(),
  limit: z.int().min(1).max(MAX_STORE_PAGE),
});

export const storePageSchema: z.ZodType<StorePage> = z.object({
  entries: z.array(
    z.object({ hash: text, pubsubTopic: text.nullable(), message: wakuMessageSchema.nullable() }),
  ),
  cursor: text.nullable(),
});

const pubsubTopic = text;
const fromPeer = text.nullable();

export const engineEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('messageReceived'),
    pubsubTopic,
    message: wakuMessageSchema,
    receivedNs: z.bigint(),
    fromPeer,
    own: z.boolean(),
    claimedHash: text.nullable(),
  }),
  z.object({
    type: z.literal('messageRefused'),
    pubsubTopic,
    fromPeer,
    code: errorCodeSchema,
    sizeBytes: count,
  }),
  z.object({ type: z.literal('peerJoined'), peer: peerInfoSchema }),
  z.object({ type: z.literal('peerLeft'), peerId: text, reason: text.nullable() }),
  z.object({ type: z.literal('peerIdentified'), peer: peerInfoSchema }),
  z.object({ type: z.literal('meshChanged'), pubsubTopic, peerIds: z.array(text) }),
  z.object({
    type: z.literal('topicHealthChanged'),
    pubsubTopic,
    health: topicHealthSchema,
  }),
  z.object({
    type: z.literal('logged'),
    level: logLevelSchema,
    component: text,
    text,
    atNs: z.bigint(),
  }),
  z.object({ type: z.literal('stateChanged'), state: engineStateSchema, error: errorDataSchema.nullable() }),
  z.object({
    type: z.literal('gapped'),
    reason: z.enum(['overflow', 'engine']),
    lost: count.nullable(),
    detail: text,
  }),
]) satisfies z.ZodType<EngineEvent>;

/** An event that a schema above knows: an event added to the contract alone does not compile in outbox.ts. */
export type WireEvent = z.output<typeof engineEventSchema>;
