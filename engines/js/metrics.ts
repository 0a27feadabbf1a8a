/** The engine's figures under the names that nwaku and nim-libp2p give them. */
import type { Connection } from '@libp2p/interface';
import type { PeerInfo } from '../../core/engine/events.ts';
import {
  counter,
  DIRECTIONS,
  gauge,
  meanByAgent,
  type Family,
  type Sample,
} from '../../core/engine/metric-families.ts';
import type { RelayNode } from './node.ts';
import type { Peers } from './peers.ts';
import type { PeerScore, RelayService, TopicScore } from './relay.ts';

interface Figures {
  /** Relayed: own ones and those of others. */
  messages: number;
  networkBytes: { in: number; out: number };
}

/** nim-libp2p's names of the kinds of streams. */
const MUXERS: readonly (readonly [string, string])[] = [
  ['YamuxChannel', '/yamux/'],
  ['LPChannel', '/mplex/'],
];
const TOPIC_SCORES = [
  'firstMessageDeliveries',
  'meshMessageDeliveries',
  'meshFailurePenalty',
  'invalidMessageDeliveries',
] as const satisfies readonly (keyof TopicScore)[];

export function engineFamilies(node: RelayNode, peers: Peers, { messages, networkBytes }: Figures): Family[] {
  const { relay } = node.services;
  const topics = relay.getTopics();
  const byTopic = (count: (topic: string) => number): Sample[] =>
    topics.map((topic) => ({ labels: { topic }, value: count(topic) }));
  const fanout = relay.fanoutPeers();
  return [
    gauge('libp2p_peers', peers.size),
    gauge('libp2p_pubsub_peers', relay.getPeers().length),
    gauge('libp2p_pubsub_topics', topics.length),
    gauge(
      'libp2p_pubsub_topic_handlers',
      byTopic(() => 1),
    ),
    gauge(
      'libp2p_gossipsub_peers_per_topic_mesh',
      byTopic((topic) => relay.meshPeers(topic).length),
    ),
    gauge(
      'libp2p_gossipsub_peers_per_topic_fanout',
      [...fanout].map(([topic, value]) => ({ labels: { topic }, value })),
    ),
    gauge('libp2p_gossipsub_cache_window_size', relay.cachedMessages()),
    counter('waku_node_messages', [{ labels: { type: 'relay' }, value: messages }]),
    counter(
      'libp2p_network_bytes',
      (['in', 'out'] as const).map((direction) => ({
        labels: { direction },
        value: networkBytes[direction],
      })),
    ),
    ...relay.counts.families(topics),
    ...peers.dials.families(),
    ...scoreFamilies(relay, peers.list()),
    ...streamFamilies(node.getConnections()),
  ];
}

/** Of connected peers, the mean for each agent. */
function scoreFamilies(relay: RelayService, peers: readonly PeerInfo[]): Family[] {
  const scores: Readonly<Record<string, PeerScore | undefined>> = relay.peerScores();
  const means = (valueOf: (score: PeerScore) => number): Sample[] =>
    meanByAgent(peers, (peerId) => {
      const score = scores[peerId];
      return score === undefined ? undefined : valueOf(score);
    });
  return [
    gauge(
      'libp2p_gossipsub_peers_score_behaviourPenalty',
      means(({ behaviourPenalty }) => behaviourPenalty),
    ),
    ...TOPIC_SCORES.map((name) =>
      gauge(
        `libp2p_gossipsub_peers_score_${name}`,
        means(({ topics }) => Object.values(topics).reduce((sum, topic) => sum + topic[name], 0)),
      ),
    ),
  ];
}

function streamFamilies(connections: readonly Connection[]): Family[] {
  const count = (isCounted: (stream: Connection['streams'][number], muxer: string) => boolean): number =>
    connections.reduce(
      (sum, { streams, multiplexer = '' }) =>
        sum + streams.filter((stream) => isCounted(stream, multiplexer)).length,
      0,
    );
  const protocols = new Set(
    connections
      .flatMap(({ streams }) => streams.map(({ protocol }) => protocol))
      .filter((one) => one.startsWith('/vac/waku/')),
  );
  return [
    gauge(
      'libp2p_open_streams',
      MUXERS.flatMap(([type, prefix]) =>
        DIRECTIONS.map(([dir, direction]) => ({
          labels: { type, dir },
          value: count((stream, muxer) => stream.direction === direction && muxer.startsWith(prefix)),
        })),
      ),
    ),
    gauge(
      'waku_streams_peers',
      [...protocols].flatMap((protocol) =>
        DIRECTIONS.map(([inOrOut, direction]) => ({
          labels: { direction: inOrOut, protocol },
          value: count((stream) => stream.direction === direction && stream.protocol === protocol),
        })),
      ),
    ),
  ];
}
