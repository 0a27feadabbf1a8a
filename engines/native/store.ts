/** waku_store_query: the question and the answer in the libraries' JSON. */
import * as z from 'zod';
import { failure } from '../../core/engine/failure.ts';
import type { StorePage, StoreQuery } from '../../core/engine/store-query.ts';
import { libraryMessageSchema, parseExact } from './library-message.ts';

const answerSchema = z.object({
  statusCode: z.int().optional(),
  statusDesc: z.string().optional(),
  messages: z
    .array(
      z.object({
        messageHash: z.string(),
        pubsubTopic: z.string().nullish(),
        message: libraryMessageSchema.nullish(),
      }),
    )
    .default([]),
  paginationCursor: z.string().nullish(),
});

const OK = 200;

export function storeQueryJson(query: StoreQuery, requestId: string): string {
  return JSON.stringify({
    requestId,
    includeData: query.includeData,
    ...(query.pubsubTopic !== null && { pubsubTopic: query.pubsubTopic }),
    ...(query.contentTopics.length > 0 && { contentTopics: query.contentTopics }),
    ...(query.fromNs !== null && { timeStart: query.fromNs.toString() }),
    ...(query.toNs !== null && { timeEnd: query.toNs.toString() }),
    ...(query.hashes.length > 0 && { messageHashes: query.hashes }),
    ...(query.cursor !== null && { paginationCursor: query.cursor }),
    paginationForward: query.forward,
    paginationLimit: query.limit,
  });
}

/** @throws WakuDeskError SERVICE_REFUSED */
export function parseStoreAnswer(text: string): StorePage {
  const result = answerSchema.safeParse(parseExact(text));
  if (!result.success) throw refused('The store node answered something unknown.', result.error.message);
  const { statusCode = OK, statusDesc = '', messages, paginationCursor } = result.data;
  if (statusCode !== OK) throw refused(`The store node refused the query: ${statusDesc} (${statusCode}).`);
  return {
    entries: messages.map(({ messageHash, pubsubTopic, message }) => ({
      hash: messageHash,
      pubsubTopic: pubsubTopic ?? null,
      message: message ?? null,
    })),
    cursor: paginationCursor === undefined || paginationCursor === '' ? null : paginationCursor,
  };
}

function refused(message: string, cause?: string) {
  return failure('storeQuery', 'SERVICE_REFUSED', message, 'Ask another store node, or ask for less.', cause);
}
