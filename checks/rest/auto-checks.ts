/** Auto-sharding: by content topic, the shard follows. */
import { CheckFailure, NotApplicable, type Check } from '../check-run.ts';
import { base64, bodyOf, messagesSchema, type Pair } from './pair.ts';
import { answerText } from './rest-node.ts';

const SUBSCRIPTIONS = '/relay/v1/auto/subscriptions';

const get = (contentTopic: string): string => `/relay/v1/auto/messages/${encodeURIComponent(contentTopic)}`;

function needAuto({ options }: Pair): void {
  if (options.shardsInNetwork === 0) throw new NotApplicable('the nodes are not said to be auto-sharded');
}

export const autoChecks: readonly Check<Pair>[] = [
  {
    name: 'auto.delivery',
    expected: '200 to subscribe on both, and a message published on a comes on b by its content topic',
    async run(pair) {
      needAuto(pair);
      const contentTopic = pair.contentTopic();
      for (const node of [pair.a, pair.b]) {
        const answer = await node.call('POST', SUBSCRIPTIONS, JSON.stringify([contentTopic]));
        if (answer.status !== 200) throw new CheckFailure(answerText(answer));
      }
      let sent = 0;
      await pair.until('delivered', async () => {
        const body = {
          payload: base64(`probe ${++sent}`),
          contentTopic,
          timestamp: BigInt(Date.now()) * 1_000_000n,
        };
        const answer = await pair.a.call('POST', '/relay/v1/auto/messages', bodyOf(body));
        if (answer.status !== 200) throw new CheckFailure(answerText(answer));
        const taken = await pair.b.json('GET', get(contentTopic), messagesSchema);
        return taken.length > 0 ? true : undefined;
      });
      return `at message ${sent}`;
    },
  },
  {
    name: 'auto.unsubscribe',
    expected: '200, then 404 for its messages',
    async run(pair) {
      needAuto(pair);
      const contentTopic = pair.contentTopic();
      const body = JSON.stringify([contentTopic]);
      const statuses: number[] = [];
      for (const method of ['POST', 'DELETE'])
        statuses.push((await pair.a.call(method, SUBSCRIPTIONS, body)).status);
      const gone = await pair.a.call('GET', get(contentTopic));
      if (statuses.some((status) => status !== 200) || gone.status !== 404)
        throw new CheckFailure(`${statuses.join(', ')}; then ${answerText(gone)}`);
      return `200, 200; then ${gone.status}`;
    },
  },
  {
    name: 'auto.messages.notSubscribed',
    expected: '404',
    async run(pair) {
      needAuto(pair);
      const answer = await pair.a.call('GET', get(pair.contentTopic()));
      if (answer.status !== 404) throw new CheckFailure(answerText(answer));
      return answerText(answer);
    },
  },
  {
    name: 'auto.refuses.contentTopic',
    expected: '400 or 500 for a content topic without a shard, to subscribe and to publish',
    async run(pair) {
      needAuto(pair);
      const subscribed = await pair.a.call('POST', SUBSCRIPTIONS, '["no-slashes"]');
      const body = bodyOf({ payload: base64('hello'), contentTopic: 'no-slashes' });
      const published = await pair.a.call('POST', '/relay/v1/auto/messages', body);
      const wrong = [subscribed, published].find(({ status }) => ![400, 500].includes(status));
      if (wrong !== undefined) throw new CheckFailure(answerText(wrong));
      return `${answerText(subscribed)}; ${answerText(published)}`;
    },
  },
];
