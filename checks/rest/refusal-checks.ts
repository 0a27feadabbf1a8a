/** What must not be taken, and with which answers it may be refused. */
import { CheckFailure, type Check } from '../check-run.ts';
import { base64, bodyOf, type Fields, type Manner, type Pair } from './pair.ts';
import { answerText, type Answer, type RestNode } from './rest-node.ts';

/** Statuses by manner. */
type Takes = Readonly<Record<Manner, readonly number[]>>;

interface Refusal {
  name: string;
  takes: Takes;
  call: (pair: Pair, node: RestNode) => Promise<Answer>;
}

const good = (pair: Pair): Fields => ({ payload: base64('hello'), contentTopic: pair.contentTopic() });

const BODIES: readonly [name: string, body: (pair: Pair) => string][] = [
  ['payload.missing', (pair) => bodyOf({ contentTopic: pair.contentTopic() })],
  ['payload.empty', (pair) => bodyOf({ ...good(pair), payload: '' })],
  ['payload.noBase64', (pair) => bodyOf({ ...good(pair), payload: '%%%' })],
  ['payload.number', (pair) => bodyOf({ ...good(pair), payload: 7 })],
  ['contentTopic.missing', () => bodyOf({ payload: base64('hello') })],
  ['contentTopic.empty', (pair) => bodyOf({ ...good(pair), contentTopic: '' })],
  ['contentTopic.number', (pair) => bodyOf({ ...good(pair), contentTopic: 7 })],
  ['timestamp.text', (pair) => bodyOf({ ...good(pair), timestamp: 'now' })],
  ['timestamp.fraction', (pair) => bodyOf({ ...good(pair), timestamp: 1.5 })],
  ['timestamp.beyond64Bits', (pair) => bodyOf({ ...good(pair), timestamp: 2n ** 63n })],
  ['ephemeral.text', (pair) => bodyOf({ ...good(pair), ephemeral: 'yes' })],
  ['body.noJson', () => 'no JSON'],
  ['body.array', () => '[]'],
  ['body.empty', () => ''],
];

/** A shard that no node here relays. */
const FAR_SHARD = 65_000;
const takes = (wakunode2: number, goWaku: number): Takes => ({ wakunode2: [wakunode2], 'go-waku': [goWaku] });

const REFUSALS: readonly Refusal[] = [
  ...BODIES.map(([name, body]) => ({
    name,
    takes: takes(400, 400),
    call: (pair: Pair, node: RestNode) =>
      node.call('POST', `/relay/v1/messages/${encodeURIComponent(pair.topic)}`, body(pair)),
  })),
  {
    name: 'field.unknown',
    takes: takes(400, 200),
    call: (pair, node) => node.call('POST', messagesOf(pair.topic), bodyOf({ ...good(pair), color: 'red' })),
  },
  {
    name: 'payload.tooLarge',
    takes: takes(400, 500),
    call: (pair, node) => pair.post(node, { ...good(pair), payload: base64(new Uint8Array(160 * 1024)) }),
  },
  {
    name: 'topic.malformed',
    takes: takes(400, 200),
    call: (_pair, node) => node.call('POST', '/relay/v1/subscriptions', '["/waku/2/none"]'),
  },
  {
    name: 'topic.notSubscribed',
    takes: takes(400, 500),
    call: (pair, node) => node.call('POST', messagesOf(farTopic(pair)), bodyOf(good(pair))),
  },
  {
    name: 'messages.notSubscribed',
    takes: takes(404, 404),
    call: (pair, node) => node.call('GET', messagesOf(farTopic(pair))),
  },
  {
    name: 'path.unknown',
    takes: takes(404, 404),
    call: (_pair, node) => node.call('GET', '/relay/v9/nothing'),
  },
  {
    name: 'method.wrong',
    takes: takes(404, 405),
    call: (_pair, node) => node.call('PUT', '/relay/v1/subscriptions', '[]'),
  },
];

const refusals = REFUSALS.map(({ name, takes: taken, call }): Check<Pair> => ({
  name: `refuses.${name}`,
  expected: expectedText(taken),
  run: (pair) =>
    pair.ofBoth(async (node) => {
      const answer = await call(pair, node);
      if (taken[await pair.mannerOf(node)].includes(answer.status)) return answerText(answer);
      throw new CheckFailure(answerText(answer));
    }),
}));

const meta: Check<Pair> = {
  name: 'refuses.meta.65Bytes',
  expected: '400; wakunode2 itself: 200, and nothing on the other side',
  run: (pair) =>
    pair.ofBoth(async (node, other) => {
      const contentTopic = pair.contentTopic();
      const message = { payload: base64('hello'), contentTopic, meta: base64(new Uint8Array(65)) };
      const answer = await pair.post(node, message);
      if (answer.status === 400) return answerText(answer);
      if (answer.status !== 200) throw new CheckFailure(answerText(answer));
      pair.needDelivery();
      if ((await pair.copiesBefore(node, other, contentTopic)) > 0)
        throw new CheckFailure('200, and it came on the other side');
      return '200, and nothing on the other side';
    }),
};

const alive: Check<Pair> = {
  name: 'alive',
  expected: '200 of both after all of that',
  run: (pair) =>
    pair.ofBoth(async (node) => {
      const answer = await node.call('GET', '/debug/v1/info');
      if (answer.status !== 200) throw new CheckFailure(answerText(answer));
      return '200';
    }),
};

export const refusalChecks: readonly Check<Pair>[] = [...refusals, meta, alive];

function messagesOf(topic: string): string {
  return `/relay/v1/messages/${encodeURIComponent(topic)}`;
}

function farTopic({ options }: Pair): string {
  return `/waku/2/rs/${options.clusterId}/${FAR_SHARD}`;
}

function expectedText({ wakunode2, 'go-waku': goWaku }: Takes): string {
  const [ours, theirs] = [wakunode2.join(' or '), goWaku.join(' or ')];
  return ours === theirs ? `${ours} of both` : `${ours} of both; of go-waku: ${theirs}`;
}
