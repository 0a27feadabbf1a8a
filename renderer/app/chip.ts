/** The one sentence at the top that is always right: where the node stands, and what helps. */
import { offers } from '../../core/engine/services.ts';
import type { ConnectionState } from '../../core/operations/client.ts';
import type { LiveState } from '../../core/operations/live-state.ts';
import type { NodeStatus } from '../../core/operations/live-values.ts';
import { isForDoctor } from '../store/error-data.ts';
import type { NodeAction } from '../store/state.ts';
import type { IconName } from '../ui/icon.tsx';
import { formatCountdown, formatMany, shortenMiddle } from '../ui/format.ts';
import { HEALTH_WORDS, shardName } from '../ui/topic-words.ts';
import { visibleLine } from '../ui/visible-text.ts';

export interface Chip {
  tone: 'good' | 'notice' | 'bad' | 'idle';
  icon: IconName;
  /** What is the case, without numbers: read out when it changes. */
  state: string;
  /** Numbers and reasons behind it. */
  facts: string;
  /** Where a click leads. */
  leadsTo: 'retry' | 'peers' | 'node' | 'settings' | 'doctor';
}

interface ChipInput {
  connection: ConnectionState;
  live: LiveState | null;
  restartAtMs: number | null;
  /** What this page asked for and waits for. */
  busy: NodeAction | null;
}

export function chipOf({ connection, live, restartAtMs, busy }: ChipInput, nowMs: number): Chip {
  if (connection.state !== 'connected') return hostChip(connection, nowMs);
  if (live === null) return chip('notice', 'half', 'connecting to host', '', 'retry');
  const { node } = live;
  if (restartAtMs !== null) {
    const facts = [`in ${formatCountdown(restartAtMs - nowMs)}`, reason(node)].filter((text) => text !== '');
    return chip('notice', 'half', 'restarting', facts.join(' · '), 'node');
  }
  if ((busy === 'restart' || busy === 'settings') && node.state !== 'running')
    return chip('notice', 'half', 'restarting', '', 'node');
  switch (node.state) {
    case 'starting':
      return chip('notice', 'half', 'starting', '', 'node');
    case 'stopping':
      return chip('notice', 'half', 'stopping', '', 'node');
    case 'stopped':
      return chip('idle', 'stop', 'stopped', '', 'node');
    case 'failed':
      return chip('bad', 'close', 'failed', reason(node), isForDoctor(node.error) ? 'doctor' : 'node');
    case 'running':
      return runningChip(live);
  }
}

function hostChip(connection: Exclude<ConnectionState, { state: 'connected' }>, nowMs: number): Chip {
  switch (connection.state) {
    case 'connecting':
      return chip('notice', 'half', 'connecting to host', '', 'retry');
    case 'lost': {
      const left = formatCountdown(connection.nextTryAtMs - nowMs);
      return chip('bad', 'close', 'host lost', `next try in ${left}`, 'retry');
    }
    case 'refused':
      return chip('bad', 'close', 'not admitted', 'open the address that Waku Desk printed', 'retry');
    case 'closed':
      return chip('idle', 'stop', 'closed', 'reload the page to connect', 'retry');
  }
}

function runningChip(live: LiveState): Chip {
  const { peers, node, meshTarget } = live;
  if (live.settings.light) return lightChip(live);
  if (peers.length === 0) return chip('notice', 'ring', 'no peers', 'connect to one', 'peers');
  const facts = [formatMany(peers.length, 'peer')];
  const weakest = [...node.topics].sort((a, b) => a.meshPeers.length - b.meshPeers.length)[0];
  if (weakest === undefined) {
    return chip('notice', 'dot', 'online', `${facts.join()} · no shard relayed`, 'node');
  }
  facts.push(`mesh ${weakest.meshPeers.length}/${meshTarget}`, health(node.topics.length, weakest));
  const tone = weakest.health === 'UnHealthy' ? 'notice' : 'good';
  return chip(tone, 'dot', 'online', facts.join(' · '), tone === 'good' ? 'peers' : 'node');
}

/** A light client has no mesh: what counts is who serves it. */
function lightChip({ peers, node: { filters } }: LiveState): Chip {
  const state = 'light client';
  if (peers.length === 0)
    return chip('notice', 'ring', state, 'no peers · connect to a service node', 'peers');
  const servers = peers.filter((peer) => offers(peer, 'filter') || offers(peer, 'lightpush'));
  const [first] = servers;
  if (first === undefined)
    return chip(
      'notice',
      'ring',
      state,
      `${formatMany(peers.length, 'peer')} · none serves filter or lightpush`,
      'peers',
    );
  const who =
    servers.length === 1
      ? `service peer ${shortenMiddle(first.peerId, 3, 6)}`
      : formatMany(servers.length, 'service peer');
  const open = filters.find(({ served }) => !served);
  if (open !== undefined) {
    const why = open.error === null ? 'asking for messages' : `not served: ${open.error.code}`;
    return chip('notice', 'dot', state, `${who} · ${why}`, 'node');
  }
  const topics = new Set(filters.flatMap(({ contentTopics }) => contentTopics)).size;
  return chip('good', 'dot', state, `${who} · hears ${formatMany(topics, 'content topic')}`, 'peers');
}

/** Of the topic with the fewest mesh peers. */
function health(topics: number, weakest: NodeStatus['topics'][number]): string {
  const words = HEALTH_WORDS[weakest.health];
  if (weakest.health === 'SufficientlyHealthy' && topics > 1) return `${topics} shards ${words}`;
  return `${shardName(weakest.pubsubTopic)} ${words}`;
}

function chip(
  tone: Chip['tone'],
  icon: IconName,
  state: string,
  facts: string,
  leadsTo: Chip['leadsTo'],
): Chip {
  return { tone, icon, state, facts, leadsTo };
}

function reason({ error }: NodeStatus): string {
  return error === null ? '' : `${error.code}: ${visibleLine(error.message)}`;
}
