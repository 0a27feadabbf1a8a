/** What each node says of itself, and of the other. */
import * as z from 'zod';
import { jsonText } from '../../server/rest/json.ts';
import { CheckFailure, NotApplicable, type Check } from '../check-run.ts';
import { bodyOf, type Pair } from './pair.ts';
import { answerText, RestNode } from './rest-node.ts';

const infoSchema = z.looseObject({ listenAddresses: z.array(z.string()).min(1) });
const healthSchema = z.looseObject({ nodeHealth: z.string() });
const peersSchema = z.array(z.unknown());

export const nodeChecks: readonly Check<Pair>[] = [
  {
    name: 'debug.info',
    expected: '200 and addresses with a peer id, of both',
    async run(pair) {
      const ids = [];
      for (const node of [pair.a, pair.b]) ids.push(await peerIdFrom(node));
      if (new Set(ids).size < 2) throw new CheckFailure('both addresses are one node');
      return ids.join(' ');
    },
  },
  {
    name: 'debug.version',
    expected: '200 and a text, of both',
    run: (pair) =>
      pair.ofBoth(async (node) => {
        const answer = await node.call('GET', '/debug/v1/version');
        if (answer.status !== 200 || answer.text.trim() === '') throw new CheckFailure(answerText(answer));
        return answer.text.trim();
      }),
  },
  {
    name: 'health',
    expected: '200 and nodeHealth READY, of both; go-waku: also 501, for it has none without RLN',
    run: (pair) =>
      pair.ofBoth(async (node) => {
        const answer = await node.call('GET', '/health');
        if ((await pair.mannerOf(node)) === 'go-waku' && [200, 501].includes(answer.status))
          return answerText(answer);
        const { nodeHealth } = await node.json('GET', '/health', healthSchema);
        if (nodeHealth.toUpperCase() !== 'READY') throw new CheckFailure(`nodeHealth ${nodeHealth}`);
        return nodeHealth;
      }),
  },
  {
    name: 'relay.subscribe',
    expected: '200 where the topic is not subscribed yet, of both',
    run: (pair) =>
      pair.ofBoth(async (node) => {
        // Not twice: a second subscription takes half of the messages of go-waku.
        const there = await node.call('GET', `/relay/v1/messages/${encodeURIComponent(pair.topic)}`);
        if (there.status === 200) return 'it was subscribed';
        const answer = await node.call('POST', '/relay/v1/subscriptions', JSON.stringify([pair.topic]));
        if (answer.status !== 200) throw new CheckFailure(answerText(answer));
        return answerText(answer);
      }),
  },
  {
    name: 'admin.connect',
    expected: '200 for an array of addresses; go-waku: for one with shards and protocols',
    async run({ a, b, options }) {
      const info = await b.json('GET', '/debug/v1/info', infoSchema);
      const [address = ''] = info.listenAddresses;
      const answer = await a.call('POST', '/admin/v1/peers', JSON.stringify([address]));
      if (answer.status === 404) throw new NotApplicable('the admin API is off');
      if (answer.status === 200) return answerText(answer);
      const theirs = { multiaddr: address, shards: [options.shard], protocols: ['/vac/waku/relay/2.0.0'] };
      const second = await a.call('POST', '/admin/v1/peers', bodyOf(theirs));
      if (second.status === 200) return `${answerText(second)} in go-waku's form`;
      throw new CheckFailure(`${answerText(answer)}; in go-waku's form: ${answerText(second)}`);
    },
  },
  {
    name: 'admin.peers',
    expected: '200, and the other node among them',
    async run(pair) {
      const { a, b } = pair;
      const other = await peerIdFrom(b);
      const first = await a.call('GET', '/admin/v1/peers');
      if (first.status === 404) throw new NotApplicable('the admin API is off');
      return pair.until(`connected to ${other}`, async () => {
        const peers = await a.json('GET', '/admin/v1/peers', peersSchema);
        // The forms differ: wakunode2 has the id in the multiaddr, go-waku beside it.
        return jsonText(peers).includes(other) ? `${peers.length} of them` : undefined;
      });
    },
  },
];

export const metricsChecks: readonly Check<Pair>[] = [
  {
    name: 'metrics',
    expected: '200 and Prometheus text with libp2p or waku metrics, of every address given',
    async run({ options }) {
      if (options.metricsUrls.length === 0) throw new NotApplicable('no address of metrics is given');
      const counts = [];
      for (const url of options.metricsUrls) {
        const answer = await new RestNode(url, options.signal).call('GET', '/metrics');
        const names = answer.text.match(/^# TYPE (libp2p|waku|gowaku|nim)\w*/gm) ?? [];
        if (answer.status !== 200 || names.length === 0) throw new CheckFailure(answerText(answer));
        counts.push(`${names.length} metrics`);
      }
      return counts.join(', ');
    },
  },
];

async function peerIdFrom(node: RestNode): Promise<string> {
  const { listenAddresses } = await node.json('GET', '/debug/v1/info', infoSchema);
  const id = listenAddresses.map((address) => /\/tcp\/\d+\/p2p\/(\w+)$/.exec(address)?.[1]).find(Boolean);
  if (id !== undefined) return id;
  throw new CheckFailure(`no TCP address with a peer id in ${listenAddresses.join(' ')}`);
}
