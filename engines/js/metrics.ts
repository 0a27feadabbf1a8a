/** The engine's figures under the names that nwaku gives them. */

export interface Figures {
  peers: number;
  relayPeers: number;
  messages: number;
  /** Mesh size by pubsub topic. */
  meshPeers: ReadonlyMap<string, number>;
  networkBytes: { in: number; out: number };
}

/** Prometheus text format 0.0.4. */
export function prometheusText(figures: Figures): string {
  const mesh = [...figures.meshPeers].map(
    ([topic, peers]) => `libp2p_gossipsub_peers_per_topic_mesh{topic="${topic}"} ${String(peers)}`,
  );
  return [
    '# TYPE libp2p_peers gauge',
    `libp2p_peers ${String(figures.peers)}`,
    '# TYPE libp2p_pubsub_peers gauge',
    `libp2p_pubsub_peers ${String(figures.relayPeers)}`,
    '# TYPE libp2p_pubsub_topics gauge',
    `libp2p_pubsub_topics ${String(figures.meshPeers.size)}`,
    '# TYPE libp2p_gossipsub_peers_per_topic_mesh gauge',
    ...mesh,
    '# TYPE waku_node_messages_total counter',
    `waku_node_messages_total{type="relay"} ${String(figures.messages)}`,
    '# TYPE libp2p_network_bytes_total counter',
    `libp2p_network_bytes_total{direction="in"} ${String(figures.networkBytes.in)}`,
    `libp2p_network_bytes_total{direction="out"} ${String(figures.networkBytes.out)}`,
    '',
  ].join('\n');
}
