import { expect, it } from 'vitest';
import { liveState } from '../../core/operations/live-state.ts';
import type { NodeStatus, Snapshot } from '../../core/operations/live-values.ts';
import { fixtureSnapshot } from '../../core/operations/fixture-values.ts';
import { chipOf } from './chip.ts';

const NOW = 1_000_000;
const connected = { state: 'connected' } as const;
const peer = { peerId: 'p' } as Snapshot['peers'][number];
const relay = { ...peer, protocols: ['/vac/waku/relay/2.0.0'] };
const service = { ...peer, peerId: '16Uiu2HAmabcdef', protocols: ['/vac/waku/lightpush/3.0.0'] };
const SERVED = { pubsubTopic: '/waku/2/rs/16/32', contentTopics: ['/a', '/b'], served: true, error: null };
const REFUSED = { code: 'SERVICE_REFUSED', operation: '', message: 'No.', hint: '' } as const;
const topic = (shard: number, mesh: number, health: NodeStatus['topics'][number]['health']) => ({
  pubsubTopic: `/waku/2/rs/16/${shard}`,
  meshPeers: Array.from({ length: mesh }, String),
  health,
});

function words(
  node: Partial<NodeStatus>,
  peers = [peer, peer],
  restartAtMs: number | null = null,
  light = false,
): string {
  const snapshot = fixtureSnapshot();
  const settings = { ...snapshot.settings, light };
  const live = { ...liveState(snapshot), settings, node: { ...snapshot.node, ...node }, peers };
  const { state, facts, tone, leadsTo } = chipOf(
    { connection: connected, live, restartAtMs, busy: null },
    NOW,
  );
  return [tone, `${state} ${facts}`.trim(), leadsTo].join(' | ');
}

it.each([
  [
    'good | online 2 peers · mesh 4/6 · shard 32 healthy | peers',
    { topics: [topic(32, 4, 'SufficientlyHealthy')] },
  ],
  [
    'good | online 2 peers · mesh 4/6 · 2 shards healthy | peers',
    { topics: [topic(32, 5, 'SufficientlyHealthy'), topic(33, 4, 'SufficientlyHealthy')] },
  ],
  [
    'notice | online 2 peers · mesh 0/6 · shard 33 unhealthy | node',
    { topics: [topic(32, 5, 'SufficientlyHealthy'), topic(33, 0, 'UnHealthy')] },
  ],
  ['notice | online 2 peers · no shard relayed | node', {}],
  ['notice | starting | node', { state: 'starting' }],
  ['idle | stopped | node', { state: 'stopped' }],
  [
    'bad | failed PORT_IN_USE: Taken. | node',
    { state: 'failed', error: { code: 'PORT_IN_USE', operation: '', message: 'Taken.', hint: '' } },
  ],
] satisfies [string, Partial<NodeStatus>][])('%s', (expected, node) => {
  expect(words(node)).toBe(expected);
});

it('tells of a node without peers, and leads to where they come from', () => {
  expect(words({}, [])).toBe('notice | no peers connect to one | peers');
});

it('counts down to a restart', () => {
  expect(words({ state: 'failed' }, [], NOW + 3_200)).toBe('notice | restarting in 4 s | node');
});

it('tells of the host before the node', () => {
  const live = liveState(fixtureSnapshot());
  const lost = { state: 'lost', reason: 'gone', attempt: 1, nextTryAtMs: NOW + 500 } as const;
  const at = (connection: Parameters<typeof chipOf>[0]['connection']): string => {
    const { state, facts } = chipOf({ connection, live, restartAtMs: null, busy: null }, NOW);
    return `${state} ${facts}`.trim();
  };
  expect(at(lost)).toBe('host lost next try in 1 s');
  expect(at({ state: 'connecting' })).toBe('connecting to host');
  expect(at({ ...lost, state: 'refused' })).toContain('not admitted');
  expect(chipOf({ connection: connected, live: null, restartAtMs: null, busy: null }, NOW).state).toBe(
    'connecting to host',
  );
});

it.each([
  ['notice | light client no peers · connect to a service node | peers', [], []],
  ['notice | light client 1 peer · none serves filter or lightpush | peers', [relay], []],
  [
    'good | light client service peer 16U…abcdef · hears 2 content topics | peers',
    [relay, service],
    [SERVED],
  ],
  ['good | light client 2 service peers · hears 0 content topics | peers', [service, { ...service }], []],
  [
    'notice | light client service peer 16U…abcdef · asking for messages | node',
    [service],
    [SERVED, { ...SERVED, served: false }],
  ],
  [
    'notice | light client service peer 16U…abcdef · not served: SERVICE_REFUSED | node',
    [service],
    [{ ...SERVED, served: false, error: REFUSED }],
  ],
] satisfies [string, Snapshot['peers'], NodeStatus['filters']][])('%s', (expected, peers, filters) => {
  expect(words({ filters }, peers, null, true)).toBe(expected);
});
