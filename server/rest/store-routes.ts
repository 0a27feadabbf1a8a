/** `/store/v3/messages`: what a store node has kept, a page at a time. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { offers } from '../../core/engine/services.ts';
import { MAX_STORE_PAGE, type StoreEntry, type StoreQuery } from '../../core/engine/store-query.ts';
import { JSON_TYPE, statusOf, text, type Answer } from './answer.ts';
import type { RestContext } from './context.ts';
import { messageAnswerSchema, messageText } from './message-json.ts';
import { peerJson } from './peer-json.ts';
import { route, type Route } from './route.ts';
import { NO_PEER } from './service-texts.ts';

const DEFAULT_PAGE = 20;
/** Of the recorded node. */
const PRECONDITION_FAILED = 412;

const int64 = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .transform(BigInt);
const list = z.string().transform((text_) => text_.split(',').filter((part) => part !== ''));
const truth = z.enum(['true', 'false']).transform((text_) => text_ === 'true');

const querySchema = z.object({
  peerAddr: z.string().optional(),
  includeData: truth.default(false),
  pubsubTopic: z.string().nullable().default(null),
  contentTopics: list.default([]),
  startTime: int64.nullable().default(null),
  endTime: int64.nullable().default(null),
  hashes: list.default([]),
  cursor: z.string().nullable().default(null),
  ascending: truth.default(true),
  pageSize: z.coerce.number().int().min(1).default(DEFAULT_PAGE),
});

const pageSchema = z.object({
  requestId: z.string(),
  statusCode: z.int(),
  statusDesc: z.string(),
  messages: z.array(
    z.object({
      messageHash: z.string(),
      message: messageAnswerSchema.optional(),
      pubsubTopic: z.string().optional(),
    }),
  ),
  paginationCursor: z.string().optional(),
});

export function storeRoutes({ session, engine, peers }: RestContext): Route[] {
  return [
    route({
      method: 'GET',
      path: '/store/v3/messages',
      id: 'storeQuery',
      summary: 'What a store node has kept.',
      query: {
        peerAddr: 'Multiaddr of the store node with its peer id; by default a peer that has a store.',
        includeData: 'Whether messages come as well, or their hashes only.',
        pubsubTopic: 'Pubsub topic.',
        contentTopics: 'Content topics, with commas between them.',
        startTime: "Sender's time in Unix ns, included.",
        endTime: 'Likewise.',
        hashes: 'Message hashes as 0x…, with commas between them; without topics and times.',
        cursor: 'paginationCursor of the page before.',
        ascending: 'Oldest first.',
        pageSize: `Up to ${MAX_STORE_PAGE}; more are not asked for.`,
      },
      answers: {
        200: { description: 'One page.', schema: pageSchema },
        400: { description: 'Refused; the text says why.' },
        412: { description: 'No peer has a store.' },
        501: { description: 'The engine asks no stores; the text says why.' },
      },
      async handle({ query }) {
        const { storeQuery } = engine.info.capabilities;
        if (!storeQuery.supported)
          return text(statusOf(storeQuery.code), `${storeQuery.code}: ${storeQuery.reason}`);
        const given = querySchema.safeParse(
          Object.fromEntries([...query].filter(([, value]) => value !== '')),
        );
        if (!given.success)
          return text(
            400,
            given.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
          );
        const { peerAddr, startTime, endTime, ascending, pageSize, ...same } = given.data;
        const store = peers.connected().find(({ info }) => offers(info, 'store'));
        const peer = peerAddr ?? (store && peerJson(store).multiaddr);
        if (peer === undefined) return text(PRECONDITION_FAILED, NO_PEER);
        return page(session, {
          ...same,
          peer,
          fromNs: startTime,
          toNs: endTime,
          forward: ascending,
          limit: Math.min(pageSize, MAX_STORE_PAGE),
        });
      },
    }),
  ];
}

async function page(session: RestContext['session'], query: StoreQuery): Promise<Answer> {
  try {
    const { entries, cursor } = await session.storeQuery(query);
    const next = cursor === null ? '' : `,"paginationCursor":${JSON.stringify(cursor)}`;
    const requestId = randomBytes(10).toString('hex');
    const messages = entries.map(entryText).join(',');
    const body = `{"requestId":"${requestId}","statusCode":200,"statusDesc":"OK","messages":[${messages}]${next}}`;
    return { status: 200, contentType: JSON_TYPE, body };
  } catch (error) {
    if (!(error instanceof WakuDeskError)) throw error;
    return text(statusOf(error.code), `${error.code}: ${error.message}`);
  }
}

function entryText({ hash, pubsubTopic, message }: StoreEntry): string {
  const data = message === null ? '' : `,"message":${messageText(message)}`;
  const topic = pubsubTopic === null ? '' : `,"pubsubTopic":${JSON.stringify(pubsubTopic)}`;
  return `{"messageHash":${JSON.stringify(hash)}${data}${topic}}`;
}
