/** The metrics of a node: its engine's, and what that lacks of wakunode2's names and the session knows. */
import type { PeerInfo } from '../../core/engine/events.ts';
import type { SessionBatch, SessionSnapshot } from '../../core/session/types.ts';
import {
  completed,
  counter,
  DIRECTIONS,
  gauge,
  meanByAgent,
  type Family,
  type Sample,
} from '../../core/engine/metric-families.ts';
import { parsePubsubTopic } from '../../core/waku/topics.ts';
import type { RestNode } from '../rest/context.ts';
import { KnownPeers } from '../rest/known-peers.ts';
import { WAKU_PROTOCOLS } from '../rest/peer-statistics.ts';
import { MessageSizes } from './message-sizes.ts';
import { processFamilies } from './process-metrics.ts';

/** Mesh peers of which nim-libp2p calls a topic healthy. */
const MESH_LOW = 4;
/** Mesh peers of a topic that this node has dialled: fewer are too few. */
const MESH_OUTBOUND = 3;
/** Peers that offer a service, by wakunode2's word for it. */
const SERVICES = [
  ['filter', '/vac/waku/filter-subscribe/'],
  ['lightpush', '/vac/waku/lightpush/'],
  ['px', '/vac/waku/peer-exchange/'],
  ['store', '/vac/waku/store-query/'],
] as const;

export class NodeMetrics {
  readonly #node: RestNode;
  readonly #peers: KnownPeers;
  readonly #sizes = new MessageSizes();
  readonly #detach: () => void;

  constructor(node: RestNode) {
    this.#node = node;
    const { snapshot, detach } = node.session.attach((batch) => {
      this.#hear(batch);
    });
    this.#peers = new KnownPeers(snapshot.peers);
    this.#detach = detach;
  }

  /** @returns Prometheus text @throws WakuDeskError NOT_RUNNING; as {@link Engine.metrics} */
  async text(): Promise<string> {
    const { engine, session } = this.#node;
    const text = await engine.metrics();
    await session.delivered();
    const snapshot = session.snapshot();
    return completed(text, [
      ...this.#peerFamilies(snapshot),
      ...(await this.#relayFamilies(snapshot)),
      ...processFamilies(),
    ]);
  }

  close(): void {
    this.#detach();
  }

  /** As wakunode2 counts: what relay brought, and the own messages that it took. */
  #hear({ messages, states, events }: SessionBatch): void {
    const { session } = this.#node;
    for (const event of events) this.#peers.hear(event);
    for (const { dir, pubsubTopic, message } of messages)
      if (dir === 'in' && session.isSubscribed(pubsubTopic))
        this.#sizes.add(pubsubTopic, message.payload.length);
    for (const { delivery, position } of states) {
      const own = delivery.state === 'echoed' ? session.summaries.at(position) : undefined;
      if (own !== undefined) this.#sizes.add(own.pubsubTopic, own.payloadBytes);
    }
  }

  async #relayFamilies({ topics, peers }: SessionSnapshot): Promise<Family[]> {
    const { config, engine } = this.#node;
    if (config.light) return [];
    const withMesh = (isCounted: (meshPeers: number) => boolean): number =>
      topics.filter(({ meshPeers }) => isCounted(meshPeers.length)).length;
    const outbound = new Set(
      peers.flatMap(({ direction, peerId }) => (direction === 'outbound' ? [peerId] : [])),
    );
    const scores = await engine.scores();
    const relaying: Sample[] = [];
    for (const { pubsubTopic: topic } of topics)
      relaying.push({ labels: { topic }, value: (await engine.relayPeers(topic)).length });
    return [
      gauge('libp2p_gossipsub_peers_per_topic_gossipsub', relaying),
      gauge(
        'libp2p_gossipsub_no_peers_topics',
        withMesh((peers) => peers === 0),
      ),
      gauge(
        'libp2p_gossipsub_low_peers_topics',
        withMesh((peers) => peers > 0 && peers < MESH_LOW),
      ),
      gauge(
        'libp2p_gossipsub_healthy_peers_topics',
        withMesh((peers) => peers >= MESH_LOW),
      ),
      gauge(
        'libp2p_gossipsub_under_dout_topics',
        topics.filter(
          ({ meshPeers }) => meshPeers.filter((peer) => outbound.has(peer)).length < MESH_OUTBOUND,
        ).length,
      ),
      gauge(
        'libp2p_gossipsub_peers_scores',
        meanByAgent(peers, (peerId) => scores[peerId]),
      ),
      counter('waku_node_messages', [{ labels: { type: 'relay' }, value: this.#sizes.count }]),
      ...this.#sizes.families(),
    ];
  }

  #peerFamilies({ peers, topics, identity }: SessionSnapshot): Family[] {
    const { clusterId } = this.#node.config;
    const byProtocol = WAKU_PROTOCOLS.flatMap((protocol) => {
      const speaking = peers.filter(({ protocols }) => protocols.includes(protocol));
      if (speaking.length === 0) return [];
      return DIRECTIONS.map(([direction, ours]) => ({
        labels: { direction, protocol },
        value: speaking.filter((peer) => peer.direction === ours).length,
      }));
    });
    const byShard = topics.flatMap(({ pubsubTopic }) => {
      const parsed = parsePubsubTopic(pubsubTopic);
      // Peers tell the shards of their own cluster.
      if (parsed?.cluster !== clusterId) return [];
      const { shard } = parsed;
      const there = peers.filter(({ shards }) => shards?.includes(shard) === true);
      return { labels: { shard: String(shard) }, value: there.length };
    });
    return [
      gauge('waku_version', identity === null ? [] : [{ labels: { version: identity.version }, value: 1 }]),
      gauge('waku_peer_store_size', this.#peers.all().length),
      gauge('waku_total_unique_peers', this.#peers.everKnown),
      ...SERVICES.map(([service, prefix]) =>
        gauge(
          `waku_${service}_peers`,
          peers.filter(({ protocols }) => protocols.some((one) => one.startsWith(prefix))).length,
        ),
      ),
      gauge('waku_connected_peers', byProtocol),
      gauge('waku_connected_peers_per_shard', byShard),
      gauge('waku_connected_peers_per_agent', byAgent(peers)),
    ];
  }
}

function byAgent(peers: readonly PeerInfo[]): Sample[] {
  const counts = new Map<string, number>();
  for (const { agent } of peers) if (agent !== '') counts.set(agent, (counts.get(agent) ?? 0) + 1);
  return [...counts].map(([agent, value]) => ({ labels: { agent }, value }));
}
