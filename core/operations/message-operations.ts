/** What a user can do with messages. */
import * as z from 'zod';
import { errorDataSchema } from '../engine/schemas.ts';
import {
  bytesSchema,
  hashSchema,
  messageDetailsSchema,
  messageRowSchema,
  positionSchema,
} from './message-values.ts';
import { operation } from './operation.ts';

/** Rows of one `messages.page`, and positions of one `messages.search`, at the most. */
export const MAX_PAGE_ROWS = 1_000;
export const MAX_SEARCH_POSITIONS = 50_000;
/** Messages of one `messages.read`. */
export const MAX_READ_MESSAGES = 100;
/** Of one `messages.publishMany`. */
export const MAX_REPEAT = 1_000_000;
export const MAX_RATE = 100_000;

const count = z.int().min(0);
const topicText = z.string().max(1_024);

const filterSchema = z.strictObject({
  /** In the filter language of core/filter; empty matches everything. */
  filter: z.string().max(4_096),
  /** Unix ms that `11:02` and `-5m` in the filter start from: the same for a watch and its searches. */
  nowMs: z.int(),
});

/** A message to send. */
export const draftSchema = z.strictObject({
  payload: bytesSchema,
  contentTopic: z.string(),
  /** Left out: the shard follows from the content topic (auto-sharding), which needs no subscription. */
  pubsubTopic: topicText.exactOptional(),
  /** Unix ns; left out or 0: now. */
  timestampNs: z.bigint().exactOptional(),
  version: z.int().exactOptional(),
  meta: bytesSchema.exactOptional(),
  ephemeral: z.boolean().exactOptional(),
  /** Left out: as the node works, by relay or as a light client. */
  via: z.enum(['relay', 'lightpush']).exactOptional(),
});
export type Draft = z.input<typeof draftSchema>;

const publishedSchema = z.object({
  hash: hashSchema,
  pubsubTopic: z.string(),
  timestampNs: z.bigint(),
  /** Neighbours that it was really sent to; null where the engine cannot count. */
  sentToPeers: count.nullable(),
});

const manySchema = z.object({
  /** Messages that the node took, and that failed. */
  sent: count,
  failed: count,
  lastHash: hashSchema.nullable(),
  lastError: errorDataSchema.nullable(),
  elapsedMs: z.number(),
});

export const MESSAGE_OPERATIONS = {
  /** Rows by position, also older than what memory holds. Those that are gone are left out. */
  'messages.page': operation({
    request: z.strictObject({ positions: z.array(positionSchema).min(1).max(MAX_PAGE_ROWS) }),
    answer: z.object({ rows: z.array(messageRowSchema) }),
  }),
  /** One whole message. @throws MESSAGE_GONE when it is no longer there */
  'messages.details': operation({
    request: z.strictObject({ position: positionSchema }),
    answer: messageDetailsSchema,
  }),
  /**
   * Several whole messages, in the order asked for; those that are gone are left out. Ends early, but never empty,
   * after 4 MiB of payloads.
   */
  'messages.read': operation({
    request: z.strictObject({ positions: z.array(positionSchema).min(1).max(MAX_READ_MESSAGES) }),
    answer: z.object({
      messages: z.array(messageDetailsSchema),
      /** What to ask for next: there, and not read. */
      rest: z.array(positionSchema),
    }),
  }),
  /**
   * Positions of matching messages, newest first, in memory and capture; none from `before` on, none under `from`.
   * To go on, call again with `before: next`. Ends early when it has `limit`.
   * @throws FILTER_INVALID
   */
  'messages.search': operation({
    request: filterSchema.extend({
      /** Left out: from the newest on, and down to the oldest. */
      before: positionSchema.exactOptional(),
      from: positionSchema.exactOptional(),
      limit: z.int().min(1).max(MAX_SEARCH_POSITIONS),
    }),
    answer: z.object({
      positions: z.array(positionSchema),
      /** Where to go on; null when everything was looked at. */
      next: positionSchema.nullable(),
      /**
       * Messages that the disk refused and whose payload is gone, so that a filter on payload could not look at
       * them; 0 where the filter does not ask for payloads.
       */
      unknown: count,
    }),
    progress: z.object({ scanned: count, matched: count, total: count }),
    timeoutMs: null,
  }),
  /**
   * From `fromPosition` on, batches name the rows that match in `matching`; what is before is for
   * `messages.search`. Belongs to the client's stream: a new snapshot forgets it. An empty filter ends it.
   * @throws FILTER_INVALID
   */
  'messages.watch': operation({
    request: filterSchema,
    answer: z.object({ fromPosition: positionSchema }),
  }),
  /**
   * Sends one message.
   * @throws what a relay rule says, NOT_RUNNING, NO_PEERS; by lightpush LIGHT_CLIENT_DISABLED or UNSUPPORTED where the
   *   engine has it not, NO_SERVICE_PEER, SERVICE_REFUSED
   */
  'messages.publish': operation({ request: draftSchema, answer: publishedSchema }),
  /**
   * Sends a message again and again, each with a timestamp of its own. A message that fails is counted, and the
   * next one is tried; ten failures in a row end it.
   */
  'messages.publishMany': operation({
    request: z.strictObject({
      message: draftSchema.omit({ timestampNs: true }),
      count: z.int().min(1).max(MAX_REPEAT),
      /** Messages per second; left out: as fast as they go. */
      ratePerSecond: z.number().positive().max(MAX_RATE).exactOptional(),
    }),
    answer: manySchema,
    progress: manySchema,
    timeoutMs: null,
  }),
};
