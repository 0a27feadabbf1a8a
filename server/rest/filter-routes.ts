/** `/filter/v2/…`: messages from service nodes, by content topic. */
import * as z from 'zod';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { json, statusOf, text, type Answer } from './answer.ts';
import { decodeBody, MISSING, type Body } from './body.ts';
import type { RestContext } from './context.ts';
import { messages, MESSAGES_ANSWER } from './relay-routes.ts';
import { route, type Route } from './route.ts';
import { NO_PEER } from './service-texts.ts';

/** What wakunode2 calls the status. */
const KINDS: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  503: 'SERVICE_UNAVAILABLE',
};

const allSchema = z.strictObject({ requestId: z.string() });
const filterSchema = allSchema.extend({
  pubsubTopic: z.string().exactOptional(),
  contentFilters: z.array(z.string().min(1)).min(1),
});
type Filter = z.output<typeof filterSchema>;

const answerSchema = z.object({ requestId: z.string(), statusDesc: z.string() });
const ANSWERS = {
  200: { description: 'Done.', schema: answerSchema },
  400: { description: 'Refused, and why.', schema: answerSchema },
  501: { description: 'The engine has no filter, and why.', schema: answerSchema },
  503: { description: 'No service node did it, and why.', schema: answerSchema },
};

export function filterRoutes({ session, filterCache }: RestContext): Route[] {
  const subscribe = ({ requestId, pubsubTopic, contentFilters: contentTopics }: Filter): Promise<Answer> =>
    answered(requestId, async () => {
      await session.filterSubscribe({ contentTopics, ...(pubsubTopic !== undefined && { pubsubTopic }) });
      for (const topic of contentTopics) filterCache.subscribeContent(topic);
    });
  const unsubscribe = ({ requestId, pubsubTopic, contentFilters: contentTopics }: Filter): Promise<Answer> =>
    answered(requestId, async () => {
      await session.filterUnsubscribe({ contentTopics, ...(pubsubTopic !== undefined && { pubsubTopic }) });
      for (const topic of contentTopics) filterCache.unsubscribeContent(topic);
    });
  const path = '/filter/v2/subscriptions';
  return [
    ...(['POST', 'PUT'] as const).map((method) =>
      route({
        method,
        path,
        id: `filter${method === 'POST' ? 'Subscribe' : 'Modify'}`,
        summary: 'Ask a service node for the messages of content topics.',
        body: filterSchema,
        answers: ANSWERS,
        handle: ({ body }) => decoded(body, filterSchema, subscribe),
      }),
    ),
    route({
      method: 'DELETE',
      path,
      id: 'filterUnsubscribe',
      summary: 'Ask for them no more.',
      body: filterSchema,
      answers: ANSWERS,
      handle: ({ body }) => decoded(body, filterSchema, unsubscribe),
    }),
    route({
      method: 'DELETE',
      path: '/filter/v2/subscriptions/all',
      id: 'filterUnsubscribeAll',
      summary: 'Ask for nothing more.',
      body: allSchema,
      answers: ANSWERS,
      handle: ({ body }) =>
        decoded(body, allSchema, ({ requestId }) =>
          answered(requestId, async () => {
            for (const { pubsubTopic, contentTopics } of session.snapshot().filters) {
              await session.filterUnsubscribe({ pubsubTopic, contentTopics });
              for (const topic of contentTopics) filterCache.unsubscribeContent(topic);
            }
          }),
        ),
    }),
    route({
      method: 'GET',
      path: '/filter/v2/subscriptions/{requestId}',
      id: 'filterPing',
      summary: 'Whether a service node serves what was asked for.',
      answers: { ...ANSWERS, 404: { description: 'None does.', schema: answerSchema } },
      handle({ params: { requestId } }) {
        const isServed = session.snapshot().filters.some(({ served }) => served);
        return isServed ? done(requestId) : refused(requestId, 404, 'peer has no subscriptions');
      },
    }),
    route({
      method: 'GET',
      path: '/filter/v2/messages/{contentTopic}',
      id: 'filterMessages',
      summary: 'Messages of a content topic since the last call.',
      answers: { 200: MESSAGES_ANSWER, 400: { description: 'The content topic was not asked for.' } },
      async handle({ params: { contentTopic } }) {
        await session.delivered();
        const taken = filterCache.takeContent(contentTopic);
        return taken === null ? text(400, `Not subscribed to topic: ${contentTopic}`) : messages(taken);
      },
    }),
  ];
}

function decoded<T>(
  body: Body,
  schema: z.ZodType<T>,
  work: (value: T) => Promise<Answer>,
): Answer | Promise<Answer> {
  const result = decodeBody(body, schema, MISSING);
  if (result.ok) return work(result.value);
  return refused('unknown', 400, `Failed to decode request: ${result.answer.body}`);
}

async function answered(requestId: string, work: () => Promise<void>): Promise<Answer> {
  try {
    await work();
    return done(requestId);
  } catch (error) {
    if (!(error instanceof WakuDeskError)) throw error;
    if (error.code === 'NO_SERVICE_PEER') return refused(requestId, 503, NO_PEER);
    return refused(requestId, statusOf(error.code), error.message, error.code);
  }
}

function done(requestId: string): Answer {
  return json({ requestId, statusDesc: 'OK' });
}

function refused(requestId: string, status: number, words: string, kind = KINDS[status] ?? ''): Answer {
  return json({ requestId, statusDesc: `${kind}: ${words}` }, status);
}
