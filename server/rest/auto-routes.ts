/** `/relay/v1/auto/…`: the same by content topic; its shard is computed. */
import * as z from 'zod';
import type { NodeConfig } from '../../core/engine/config.ts';
import { autoShard } from '../../core/waku/sharding.ts';
import { formatPubsubTopic } from '../../core/waku/topics.ts';
import { OK, text, type Answer } from './answer.ts';
import { decodeBody, MISSING, type Body } from './body.ts';
import { contentTopicProblem } from './content-topic-problem.ts';
import type { RestContext } from './context.ts';
import { messageSchema, messageOf } from './message-json.ts';
import { messages, MESSAGES_ANSWER, publish } from './relay-routes.ts';
import { route, type Route } from './route.ts';

const topicsSchema = z.array(z.string());
const DONE = { description: 'Done: the text OK.' };
const UNDECODED = { description: 'The body cannot be decoded; the text says why.' };
const NO_SHARD = { description: 'No shard follows from a content topic; the text says why.' };

export function autoRoutes(context: RestContext): Route[] {
  const { session, config, relayCache } = context;
  const subscriptions = new AutoSubscriptions(context);
  return [
    route({
      method: 'POST',
      path: '/relay/v1/auto/subscriptions',
      id: 'autoSubscribe',
      summary: 'Relay the shards of content topics.',
      body: topicsSchema,
      answers: { 200: DONE, 400: UNDECODED, 500: NO_SHARD },
      handle: ({ body }) => eachTopic(body, 'Subscribe', (topic) => subscriptions.add(topic)),
    }),
    route({
      method: 'DELETE',
      path: '/relay/v1/auto/subscriptions',
      id: 'autoUnsubscribe',
      summary: 'Relay these shards no more, unless another content topic needs them.',
      body: topicsSchema,
      answers: { 200: DONE, 400: UNDECODED, 500: NO_SHARD },
      handle: ({ body }) => eachTopic(body, 'Unsubscribe', (topic) => subscriptions.remove(topic)),
    }),
    route({
      method: 'GET',
      path: '/relay/v1/auto/messages/{contentTopic}',
      id: 'autoMessages',
      summary: 'Messages of a content topic since the last call, own ones included.',
      answers: { 200: MESSAGES_ANSWER, 404: { description: 'The content topic is not subscribed.' } },
      async handle({ params: { contentTopic } }) {
        await session.delivered();
        const taken = relayCache.takeContent(contentTopic);
        return taken === null ? text(404, contentTopic) : messages(taken);
      },
    }),
    route({
      method: 'POST',
      path: '/relay/v1/auto/messages',
      id: 'autoPublish',
      summary: 'Publish a message on the shard of its content topic, subscribed or not.',
      body: messageSchema,
      answers: { 200: DONE, 400: { description: 'Refused; the text says why.' } },
      handle({ body }) {
        const decoded = decodeBody(body, messageSchema, MISSING);
        if (!decoded.ok) return decoded.answer;
        const message = messageOf(decoded.value);
        if (message === null) return text(400);
        if (config.shardsInNetwork === 0) return text(400, 'Failed to publish. Autosharding is disabled');
        const pubsubTopic = pubsubTopicOf(config, message.contentTopic);
        if (pubsubTopic !== null) return publish(context, message, { pubsubTopic, isNamed: false });
        const problem = contentTopicProblem(message.contentTopic) ?? '';
        return text(400, `Failed to publish. Autosharding error: ${problem}`);
      },
    }),
  ];
}

/** Content topics that clients have subscribed, and the shards that are relayed for them. */
class AutoSubscriptions {
  readonly #context: RestContext;
  /** Pubsub topic by content topic. */
  readonly #topics = new Map<string, string>();

  constructor(context: RestContext) {
    this.#context = context;
  }

  /** @returns why no shard follows from it, or null */
  async add(contentTopic: string): Promise<string | null> {
    const { session, config, relayCache } = this.#context;
    // As wakunode2: it answers for the topic from now on, whether it has a shard or not.
    relayCache.subscribeContent(contentTopic);
    if (config.shardsInNetwork === 0) return null;
    const pubsubTopic = pubsubTopicOf(config, contentTopic);
    if (pubsubTopic === null) return contentTopicProblem(contentTopic);
    await session.subscribe(pubsubTopic);
    this.#topics.set(contentTopic, pubsubTopic);
    return null;
  }

  async remove(contentTopic: string): Promise<string | null> {
    const { session, config, relayCache } = this.#context;
    relayCache.unsubscribeContent(contentTopic);
    if (config.shardsInNetwork > 0 && pubsubTopicOf(config, contentTopic) === null)
      return contentTopicProblem(contentTopic);
    const pubsubTopic = this.#topics.get(contentTopic);
    if (pubsubTopic === undefined) return null;
    this.#topics.delete(contentTopic);
    if (![...this.#topics.values()].includes(pubsubTopic)) await session.unsubscribe(pubsubTopic);
    return null;
  }
}

function pubsubTopicOf(
  { clusterId: cluster, shardsInNetwork }: NodeConfig,
  contentTopic: string,
): string | null {
  const shard = autoShard(contentTopic, shardsInNetwork);
  return shard === null ? null : formatPubsubTopic({ cluster, shard });
}

async function eachTopic(
  body: Body,
  verb: string,
  work: (contentTopic: string) => Promise<string | null>,
): Promise<Answer> {
  const decoded = decodeBody(body, topicsSchema, MISSING);
  if (!decoded.ok) return decoded.answer;
  for (const topic of new Set(decoded.value)) {
    const problem = await work(topic);
    if (problem !== null) return text(500, `${verb} failed:Autosharding error: ${problem}`);
  }
  return OK;
}
