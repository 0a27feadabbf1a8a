import { expect, it } from 'vitest';
import type { PeerInfo } from '../../../core/engine/events.ts';
import { checkQuery, knownStores, PAGE_ROWS, suggestedForm } from './store-form.ts';

const PEER = '/ip4/127.0.0.1/tcp/1/p2p/16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie';
const TOPIC = '/waku/2/rs/16/32';
const FORM = { peer: PEER, pubsubTopic: TOPIC, contentTopics: '', from: '', to: '' };
const peer = (peerId: string, protocols: string[], addresses = ['/ip4/1.2.3.4/tcp/5']): PeerInfo => ({
  peerId,
  addresses,
  protocols,
  agent: '',
  direction: 'outbound',
  origin: 'manual',
  shards: null,
  latencyMs: null,
  connectedSinceNs: 1n,
});

it('asks for what is written, in its own types', () => {
  const form = {
    ...FORM,
    contentTopics: '/a/1/b/c, /d/1/e/f',
    from: '2026-01-31T12:00:00Z',
    to: '1800000000000000000',
  };
  expect(checkQuery(form)).toEqual({
    problems: {},
    request: {
      peer: PEER,
      pubsubTopic: TOPIC,
      contentTopics: ['/a/1/b/c', '/d/1/e/f'],
      fromNs: 1_769_860_800_000_000_000n,
      toNs: 1_800_000_000_000_000_000n,
      limit: PAGE_ROWS,
    },
  });
  expect(checkQuery({ ...FORM, pubsubTopic: '' }).request).toMatchObject({ pubsubTopic: null, fromNs: null });
});

it.each([
  ['peer', { peer: '/ip4/1.2.3.4/tcp/5' }],
  ['pubsubTopic', { pubsubTopic: '/waku/2/default' }],
  ['pubsubTopic', { pubsubTopic: '', contentTopics: '/a/1/b/c' }],
  ['from', { from: 'yesterday' }],
  ['to', { from: '2026-02-01', to: '2026-01-31' }],
] as const)('names %s when it is wrong', (name, part) => {
  const { problems, request } = checkQuery({ ...FORM, ...part });
  expect(Object.keys(problems)).toEqual([name]);
  expect(request).toBeNull();
});

it('an empty address is not a fault yet, and nothing to ask', () => {
  expect(checkQuery({ ...FORM, peer: ' ' })).toEqual({ problems: {}, request: null });
});

it('suggests a connected store node, and the first topic', () => {
  const store = peer('S', ['/vac/waku/store-query/3.0.0']);
  expect(knownStores([peer('A', ['/vac/waku/relay/2.0.0']), store, peer('N', store.protocols, [])])).toEqual([
    '/ip4/1.2.3.4/tcp/5/p2p/S',
  ]);
  expect(suggestedForm([store], [TOPIC])).toEqual({ ...FORM, peer: '/ip4/1.2.3.4/tcp/5/p2p/S' });
  expect(suggestedForm([], [])).toEqual({ ...FORM, peer: '', pubsubTopic: '' });
});
