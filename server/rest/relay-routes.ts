/** `/relay/v1/…`: subscriptions, messages in and out, by pubsub topic. */
import * as z from 'zod';
import { nowNs } from '../../core/engine/clock.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { messageHashText } from '../../core/waku/hash.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import { parsePubsubTopic } from '../../core/waku/topics.ts';
import { failed, JSON_TYPE, NOT_FOUND, OK, statusOf, text, type Answer } from './answer.ts';
import { decodeBody, UNDECODABLE, type Body } from './body.ts';
import type { RestContext } from './context.ts';
import {
  INCORRECT_BASE64,
  messageAnswerSchema,
  messageSchema,
  messageText,
  messageOf,
} from './message-json.ts';
import { route, type Route } from './route.ts';

const topicsSchema = z.array(z.string());
const DONE = { description: 'Done: the text OK.' };
const REFUSED = { description: 'Refused; the text says why.' };

export const MESSAGES_ANSWER = {
  description: 'What came since the last call.',
  schema: z.array(messageAnswerSchema),
};

export function relayRoutes(context: RestContext): Route[] {
  const { session, relayCache } = context;
  return [
    route({
      method: 'POST',
      path: '/relay/v1/subscriptions',
      id: 'relaySubscribe',
      summary: 'Relay pubsub topics.',
      body: topicsSchema,
      answers: { 200: DONE, 400: REFUSED },
      handle: ({ body }) => eachTopic(body, (topic) => session.subscribe(topic)),
    }),
    route({
      method: 'DELETE',
      path: '/relay/v1/subscriptions',
      id: 'relayUnsubscribe',
      summary: 'Relay these pubsub topics no more.',
      body: topicsSchema,
      answers: { 200: DONE, 400: REFUSED },
      handle: ({ body }) =>
        eachTopic(body, async (topic) => {
          await session.unsubscribe(topic);
          relayCache.takePubsub(topic);
        }),
    }),
    route({
      method: 'GET',
      path: '/relay/v1/messages/{pubsubTopic}',
      id: 'relayMessages',
      summary: 'Messages of a pubsub topic since the last call, own ones included.',
      answers: { 200: MESSAGES_ANSWER, 404: { description: 'The topic is not subscribed.' } },
      async handle({ params: { pubsubTopic } }) {
        if (!session.isSubscribed(pubsubTopic)) return NOT_FOUND;
        await session.delivered();
        return messages(relayCache.takePubsub(pubsubTopic));
      },
    }),
    route({
      method: 'POST',
      path: '/relay/v1/messages/{pubsubTopic}',
      id: 'relayPublish',
      summary: 'Publish a message on a pubsub topic that is subscribed.',
      body: messageSchema,
      answers: { 200: DONE, 400: REFUSED },
      handle({ params: { pubsubTopic }, body }) {
        if (!session.isSubscribed(pubsubTopic))
          return text(400, `Failed to publish: Node not subscribed to topic: ${pubsubTopic}`);
        const decoded = decodeBody(body, messageSchema, '');
        if (!decoded.ok) return decoded.answer;
        const message = messageOf(decoded.value);
        if (message === null) return text(400, INCORRECT_BASE64);
        return publish(context, message, { pubsubTopic, isNamed: true });
      },
    }),
  ];
}

export function messages(taken: readonly WakuMessage[]): Answer {
  return { status: 200, contentType: JSON_TYPE, body: `[${taken.map(messageText).join(',')}]` };
}

/**
 * Publishes, and shows the message to this node's own clients; a duplicate, and what nobody hears, is published all the
 * same, as with wakunode2.
 * @param isNamed false: the topic follows from the content topic, and needs no subscription
 */
export async function publish(
  { session, config, relayCache }: RestContext,
  given: WakuMessage,
  { pubsubTopic, isNamed }: { pubsubTopic: string; isNamed: boolean },
): Promise<Answer> {
  const message = { ...given, timestampNs: given.timestampNs === 0n ? nowNs() : given.timestampNs };
  try {
    await session.publish({ ...message, ...(isNamed && { pubsubTopic }) });
  } catch (error) {
    if (!(error instanceof WakuDeskError)) throw error;
    const refusal = refusalOf(error, config.maxMessageBytes);
    if (refusal !== null) return refusal;
  }
  if (session.isSubscribed(pubsubTopic))
    relayCache.add(pubsubTopic, messageHashText(pubsubTopic, message), message);
  return OK;
}

/** null: it counts as published. */
function refusalOf(error: WakuDeskError, maxMessageBytes: number): Answer | null {
  switch (error.code) {
    case 'MESSAGE_TOO_LARGE':
      return text(400, `Failed to publish: Message size exceeded maximum of ${maxMessageBytes} bytes`);
    case 'PAYLOAD_EMPTY':
    case 'CONTENT_TOPIC_EMPTY':
      return text(400, UNDECODABLE);
    default:
      return statusOf(error.code) === 200 ? null : failed(error, 'Failed to publish: ');
  }
}

async function eachTopic(body: Body, work: (pubsubTopic: string) => Promise<void>): Promise<Answer> {
  const decoded = decodeBody(body, topicsSchema, '');
  if (!decoded.ok) return decoded.answer;
  const bad = decoded.value.filter((topic) => parsePubsubTopic(topic) === null);
  if (bad.length > 0)
    return text(400, `Invalid pubsub topic(s): @[${bad.map((topic) => JSON.stringify(topic)).join(', ')}]`);
  for (const topic of new Set(decoded.value)) await work(topic);
  return OK;
}
