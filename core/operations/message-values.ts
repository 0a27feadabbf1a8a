/** Messages as the operations carry them. */
import * as z from 'zod';
import type { DeliveryState, GapRecord, MessageSummary } from '../capture/records.ts';
import type { HashText } from '../waku/hash.ts';
import type { WakuMessage } from '../waku/message.ts';

const count = z.int().min(0);

/**
 * The place of a message in the list: 0 for the first of this session, then contiguous; what the capture holds
 * from before has negative ones (-1 is the newest of it). A place never changes while the session lasts.
 */
export const positionSchema = z.int();

/** Bytes with a buffer of exactly their length: a view of a part would keep the whole frame alive. */
export const bytesSchema = z
  .instanceof(Uint8Array)
  .transform((bytes) => (bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)));

export const hashSchema: z.ZodType<HashText, HashText> = z.templateLiteral([
  '0x',
  z.string().regex(/[0-9a-f]{64}/),
]);

export const deliveryStateSchema: z.ZodType<DeliveryState> = z.discriminatedUnion('state', [
  z.object({ state: z.literal('accepted') }),
  z.object({ state: z.literal('echoed') }),
  z.object({ state: z.literal('sent'), peers: count }),
  z.object({ state: z.literal('confirmed') }),
  z.object({ state: z.literal('failed'), code: z.string() }),
]);

/** One row of the list: everything but the bytes. */
export interface MessageRow extends MessageSummary {
  position: number;
}

export const messageRowSchema: z.ZodType<MessageRow> = z.object({
  position: positionSchema,
  seq: count.nullable(),
  captured: z.boolean(),
  dir: z.enum(['in', 'out']),
  pubsubTopic: z.string(),
  contentTopic: z.string(),
  payloadBytes: count,
  hash: hashSchema,
  receivedNs: z.bigint(),
  timestampNs: z.bigint(),
  fromPeer: z.string().nullable(),
  ephemeral: z.boolean(),
  version: count,
  state: deliveryStateSchema.nullable(),
});

export const gapSchema: z.ZodType<GapRecord> = z.object({
  reason: z.enum(['disk', 'overflow', 'engine', 'retention']),
  lost: count.nullable(),
  afterSeq: count,
  atNs: z.bigint(),
  detail: z.string(),
});

export const wakuMessageSchema: z.ZodType<WakuMessage> = z.object({
  payload: bytesSchema,
  contentTopic: z.string(),
  version: count,
  timestampNs: z.bigint(),
  meta: bytesSchema,
  rateLimitProof: bytesSchema,
  ephemeral: z.boolean(),
});

/** A state that an own message came to. */
export const deliverySchema = z.object({ atNs: z.bigint(), delivery: deliveryStateSchema });

/** Everything that is known of one message. */
export const messageDetailsSchema = z.object({
  row: messageRowSchema,
  /** null when only the row is left: the disk refused the message, and memory has let it go since. */
  message: wakuMessageSchema.nullable(),
  /** The hash of the fields, computed again now; null without them. Equal to the row's unless the file was changed. */
  computedHash: hashSchema.nullable(),
  /** Of an own message, oldest first. */
  states: z.array(deliverySchema),
});
export type MessageDetails = z.output<typeof messageDetailsSchema>;
