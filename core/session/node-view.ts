/** What is known of the node, kept up to date from the engine's events. */
import type { NodeIdentity } from '../engine/engine.ts';
import type { ErrorData } from '../engine/errors.ts';
import { topicHealth, type EngineState, type PeerInfo } from '../engine/events.ts';
import type { FilterStatus, SessionEvent, TopicStatus } from './types.ts';

export class NodeView {
  state: EngineState = 'stopped';
  error: ErrorData | null = null;
  identity: NodeIdentity | null = null;
  filters: FilterStatus[] = [];
  readonly #peers = new Map<string, PeerInfo>();
  readonly #topics = new Map<string, TopicStatus>();

  apply(event: SessionEvent): void {
    switch (event.type) {
      case 'stateChanged':
        this.state = event.state;
        this.error = event.error;
        if (event.state === 'stopped' || event.state === 'failed') {
          this.#peers.clear();
          this.#topics.clear();
        }
        break;
      case 'peerJoined':
      case 'peerIdentified':
        this.#peers.set(event.peer.peerId, event.peer);
        break;
      case 'peerLeft':
        this.#peers.delete(event.peerId);
        break;
      case 'meshChanged':
        // The mesh is the truth at once; engines report health late, and only changes.
        if (this.#topics.has(event.pubsubTopic))
          this.#topics.set(event.pubsubTopic, topicStatus(event.pubsubTopic, event.peerIds));
        break;
      case 'filtersChanged':
        this.filters = event.filters;
        break;
      default:
    }
  }

  topicSubscribed(pubsubTopic: string): void {
    if (!this.#topics.has(pubsubTopic)) this.#topics.set(pubsubTopic, topicStatus(pubsubTopic, []));
  }

  topicUnsubscribed(pubsubTopic: string): void {
    this.#topics.delete(pubsubTopic);
  }

  isSubscribed(pubsubTopic: string): boolean {
    return this.#topics.has(pubsubTopic);
  }

  pingMeasured(peerId: string, latencyMs: number): void {
    const peer = this.#peers.get(peerId);
    if (peer !== undefined) this.#peers.set(peerId, { ...peer, latencyMs });
  }

  peers(): PeerInfo[] {
    return [...this.#peers.values()];
  }

  topics(): TopicStatus[] {
    return [...this.#topics.values()];
  }
}

function topicStatus(pubsubTopic: string, meshPeers: string[]): TopicStatus {
  return { pubsubTopic, meshPeers, health: topicHealth(meshPeers.length) };
}
