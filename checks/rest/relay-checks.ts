/** Messages from one node to the other: that they come, whole, once, and how the caches behave. */
import { formatPubsubTopic } from '../../core/waku/topics.ts';
import { CheckFailure, NotApplicable, type Check } from '../check-run.ts';
import { base64, type Fields, type Pair, type RestMessage } from './pair.ts';
import { answerText, type RestNode } from './rest-node.ts';

/** Clocks of two machines may differ by that much. */
const CLOCK_NS = 60_000_000_000n;

const now = (): bigint => BigInt(Date.now()) * 1_000_000n;
const bytes = (length: number): string =>
  base64(Uint8Array.from({ length }, (_none, i) => (i * 7 + length) % 256));

const delivery: readonly Check<Pair>[] = [
  {
    name: 'relay.delivery.aToB',
    expected: 'a message published on a comes on b; sent anew until the mesh is there',
    async run(pair) {
      const seen = await delivered(pair, pair.a, pair.b);
      pair.delivers = true;
      return seen;
    },
  },
  {
    name: 'relay.delivery.bToA',
    expected: 'a message published on b comes on a',
    run: (pair) => delivered(pair, pair.b, pair.a),
  },
];

/** Kinds of fields, and what is left of them on the other side. */
const KINDS: readonly { name: string; fields: Fields; seen?: Partial<RestMessage> }[] = [
  { name: 'payload.oneByte', fields: { payload: bytes(1) } },
  { name: 'payload.everyByte', fields: { payload: bytes(256) } },
  { name: 'payload.1KiB', fields: { payload: bytes(1024) } },
  { name: 'payload.10KiB', fields: { payload: bytes(10 * 1024) } },
  { name: 'payload.100KiB', fields: { payload: bytes(100 * 1024) } },
  { name: 'payload.149KiB', fields: { payload: bytes(149 * 1024) } },
  { name: 'version.0', fields: { version: 0 } },
  { name: 'version.1', fields: { version: 1 } },
  { name: 'version.2', fields: { version: 2 } },
  { name: 'version.uint32', fields: { version: 0xffff_ffff } },
  { name: 'timestamp.ns', fields: { timestamp: 1_700_000_000_123_456_789n } },
  { name: 'timestamp.one', fields: { timestamp: 1n } },
  { name: 'timestamp.negative', fields: { timestamp: -1n } },
  { name: 'timestamp.tenYearsAhead', fields: { timestamp: 2_100_000_000_000_000_001n } },
  { name: 'meta.oneByte', fields: { meta: bytes(1) } },
  { name: 'meta.64Bytes', fields: { meta: bytes(64) } },
  { name: 'ephemeral.true', fields: { ephemeral: true } },
  { name: 'ephemeral.false', fields: { ephemeral: false } },
  {
    name: 'base64.withoutPadding',
    fields: { payload: 'aGVsbG8' },
    seen: { payload: base64('hello') },
  },
];

const fields = KINDS.map(({ name, fields: given, seen = {} }): Check<Pair> => ({
  name: `message.${name}`,
  expected: '200, and the same fields on the other side, both ways',
  run(pair) {
    pair.needDelivery();
    return pair.ofBoth(async (node, other) => {
      const contentTopic = pair.contentTopic();
      const sent = { payload: base64('hello'), contentTopic, timestamp: now(), ...given };
      await pair.publish(node, sent);
      const [message] = await pair.receive(other, contentTopic);
      return compare({ version: 0n, meta: '', ephemeral: false, ...asSeen(sent), ...seen }, message);
    });
  },
}));

const contentTopics = [
  ['unicode', '/wäku/1/тест-測試/proto'],
  ['long', `/waku-desk/1/${'x'.repeat(900)}/proto`],
  ['free', 'no slashes at all'],
] as const;

const topics = contentTopics.map(([name, text]): Check<Pair> => ({
  name: `message.contentTopic.${name}`,
  expected: '200, and the same content topic on the other side, both ways',
  run(pair) {
    pair.needDelivery();
    return pair.ofBoth(async (node, other) => {
      // What came back to the sender of the round before is not to be taken for this one.
      const timestamp = now();
      await pair.publish(node, { payload: base64(String(timestamp)), contentTopic: text, timestamp });
      const found = await pair.until('received', async () =>
        (await pair.take(other)).find((message) => message.timestamp === timestamp),
      );
      return compare({ contentTopic: text }, found);
    });
  },
}));

const caches: readonly Check<Pair>[] = [
  {
    name: 'message.timestamp.missing',
    expected: 'the time of publishing; go-waku: 0',
    run(pair) {
      pair.needDelivery();
      return pair.ofBoth(async (node, other) => {
        const contentTopic = pair.contentTopic();
        const before = now();
        await pair.publish(node, { payload: base64('hello'), contentTopic });
        const [message] = await pair.receive(other, contentTopic);
        const timestamp = message?.timestamp ?? 0n;
        if (timestamp === 0n && (await pair.mannerOf(node)) === 'go-waku') return 'none';
        const isNow = timestamp >= before - CLOCK_NS && timestamp <= now() + CLOCK_NS;
        if (!isNow) throw new CheckFailure(`${timestamp}`);
        return 'the time';
      });
    },
  },
  {
    name: 'cache.own',
    expected: 'what a node publishes is in its own cache',
    async run(pair) {
      const contentTopic = pair.contentTopic();
      await pair.publish(pair.a, { payload: base64('mine'), contentTopic, timestamp: now() });
      await pair.receive(pair.a, contentTopic);
      return 'it is';
    },
  },
  {
    name: 'cache.emptied',
    expected: 'what was taken does not come again',
    async run(pair) {
      pair.needDelivery();
      const contentTopic = pair.contentTopic();
      await pair.publish(pair.a, { payload: base64('once'), contentTopic, timestamp: now() });
      await pair.receive(pair.b, contentTopic);
      const again = (await pair.take(pair.b)).filter((message) => message.contentTopic === contentTopic);
      if (again.length > 0) throw new CheckFailure('it came again');
      return 'empty';
    },
  },
  {
    name: 'cache.several',
    expected: '20 messages in a row all come, each once',
    async run(pair) {
      pair.needDelivery();
      const contentTopic = pair.contentTopic();
      for (let i = 0; i < 20; i++)
        await pair.publish(pair.a, {
          payload: base64(String(i)),
          contentTopic,
          timestamp: now() + BigInt(i),
        });
      const messages = await pair.receive(pair.b, contentTopic, 20);
      const distinct = new Set(messages.map(({ payload }) => payload)).size;
      if (messages.length !== 20 || distinct !== 20)
        throw new CheckFailure(`${messages.length} messages, ${distinct} different`);
      return '20 messages';
    },
  },
  {
    name: 'relay.duplicate',
    expected: 'one message on the other side, whatever the second answer is',
    async run(pair) {
      pair.needDelivery();
      const contentTopic = pair.contentTopic();
      const message = { payload: base64('twice'), contentTopic, timestamp: now() };
      await pair.publish(pair.a, message);
      const second = await pair.post(pair.a, message);
      const copies = await pair.copiesBefore(pair.a, pair.b, contentTopic);
      if (copies !== 1) throw new CheckFailure(`${copies} messages`);
      return `one message; the second answer ${answerText(second)}`;
    },
  },
  {
    name: 'relay.unsubscribe',
    expected: '200, then 404 for its messages, and 200 for what is not subscribed; go-waku: 500 for that',
    run: (pair) =>
      pair.ofBoth(async (node) => {
        const { clusterId, shard } = pair.options;
        const topic = formatPubsubTopic({ cluster: clusterId, shard: shard === 0 ? 1 : shard - 1 });
        const path = `/relay/v1/messages/${encodeURIComponent(topic)}`;
        const body = JSON.stringify([topic]);
        if ((await node.call('GET', path)).status === 200)
          throw new NotApplicable('the neighbouring shard is in use');
        const statuses: number[] = [];
        for (const [method, at] of [
          ['POST', '/relay/v1/subscriptions'],
          ['GET', path],
          ['DELETE', '/relay/v1/subscriptions'],
          ['GET', path],
          ['DELETE', '/relay/v1/subscriptions'],
        ] as const)
          statuses.push((await node.call(method, at, method === 'GET' ? undefined : body)).status);
        const again = (await pair.mannerOf(node)) === 'go-waku' ? 500 : 200;
        const seen = statuses.join(', ');
        if (seen !== `200, 200, 200, 404, ${again}`)
          throw new CheckFailure(`subscribe, get, unsubscribe, get, unsubscribe: ${seen}`);
        return seen;
      }),
  },
];

export const relayChecks: readonly Check<Pair>[] = [...delivery, ...fields, ...topics, ...caches];

/** Publishes until something comes: a mesh takes its time. */
async function delivered(pair: Pair, from: RestNode, to: RestNode): Promise<string> {
  const contentTopic = pair.contentTopic();
  let sent = 0;
  await pair.until('delivered', async () => {
    sent++;
    await pair.publish(from, { payload: base64(`probe ${sent}`), contentTopic, timestamp: now() });
    const taken = await pair.take(to);
    return taken.some((message) => message.contentTopic === contentTopic) ? true : undefined;
  });
  return `at the ${sent === 1 ? 'first' : `${sent}th`} message`;
}

function asSeen(sent: Fields): Partial<RestMessage> {
  const { version, ...others } = sent;
  return {
    ...(others as Partial<RestMessage>),
    ...(version !== undefined && { version: BigInt(version as number) }),
  };
}

function compare(expected: Partial<RestMessage>, seen: RestMessage | undefined): string {
  const wrong = Object.entries(expected).filter(([key, value]) => seen?.[key] !== value);
  if (wrong.length === 0) return 'the same';
  const words = wrong.map(([key, value]) => `${key} ${short(seen?.[key])} instead of ${short(value)}`);
  throw new CheckFailure(words.join(', '));
}

function short(value: unknown): string {
  const text = String(value);
  return text.length > 60 ? `${text.slice(0, 60)}… (${text.length} characters)` : text;
}
