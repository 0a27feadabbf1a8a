/** What a user asks service nodes for: messages by filter, and what a store has kept. */
import * as z from 'zod';
import { MAX_STORE_PAGE } from '../engine/store-query.ts';
import { wakuMessageSchema } from './message-values.ts';
import { operation } from './operation.ts';

const MAX_TOPICS = 100;

const topicText = z.string().max(1_024);
const done = z.null();

const filter = z.strictObject({
  contentTopics: z.array(topicText.min(1)).min(1).max(MAX_TOPICS),
  /** Left out: every pubsub topic of the node; to end it, every one that it was asked on. */
  pubsubTopic: topicText.exactOptional(),
});

/** A message as a store node has it. */
export const storeEntrySchema = z.object({
  /** As the node claims it: whoever shows the message computes it again. */
  hash: z.string(),
  /** Null where hashes were asked for only. */
  pubsubTopic: z.string().nullable(),
  message: wakuMessageSchema.nullable(),
});
export type StoreRow = z.output<typeof storeEntrySchema>;

export const SERVICE_OPERATIONS = {
  /**
   * Light client: messages of these content topics come from now on, also after the service node has changed.
   * @throws LIGHT_CLIENT_DISABLED or UNSUPPORTED where the engine has it not, running or not; NO_SERVICE_PEER,
   *   SERVICE_REFUSED, TOPIC_INVALID, NOT_SUBSCRIBED, NOT_RUNNING
   */
  'filter.subscribe': operation({ request: filter, answer: done }),
  /** What was not asked for is no error. @throws as filter.subscribe */
  'filter.unsubscribe': operation({ request: filter, answer: done }),

  /**
   * One page of what a store node has kept; to go on, ask the same with its `cursor`.
   * @throws UNSUPPORTED where the engine has it not, running or not; MULTIADDR_INVALID, BAD_USE, TOPIC_INVALID,
   *   CONNECT_FAILED, SERVICE_REFUSED, TIMED_OUT, NOT_RUNNING
   */
  'store.query': operation({
    request: z.strictObject({
      /** Multiaddr of the store node, with its peer id. */
      peer: topicText,
      /** Null: of every pubsub topic; then without content topics, and not every store node answers it. */
      pubsubTopic: topicText.nullable().default(null),
      contentTopics: z.array(topicText).max(MAX_TOPICS).default([]),
      /** Sender's time in Unix ns, both included; null: open. */
      fromNs: z.bigint().nullable().default(null),
      toNs: z.bigint().nullable().default(null),
      /** `0x…`; exclusive with topics and times. */
      hashes: z.array(z.string().max(80)).max(MAX_STORE_PAGE).default([]),
      /** False: hashes only. */
      includeData: z.boolean().default(true),
      /** Of the page before, or null for the first. */
      cursor: z.string().max(1_024).nullable().default(null),
      /** Oldest first. */
      forward: z.boolean().default(true),
      limit: z.int().min(1).max(MAX_STORE_PAGE).default(20),
    }),
    answer: z.object({
      entries: z.array(storeEntrySchema),
      /** What to ask the next page with; null on the last one. */
      cursor: z.string().nullable(),
    }),
  }),
};
