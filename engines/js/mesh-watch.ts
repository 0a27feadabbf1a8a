/** Watches meshes and topic health, and tells what changed. */
import { topicHealth, type EngineEvent, type TopicHealth } from '../../core/engine/events.ts';
import type { RelayService } from './relay.ts';

interface Seen {
  members: string;
  health: TopicHealth;
}

export class MeshWatch {
  readonly #relay: RelayService;
  readonly #emit: (event: EngineEvent) => void;
  readonly #seen = new Map<string, Seen>();
  #ended = false;

  constructor(relay: RelayService, emit: (event: EngineEvent) => void) {
    this.#relay = relay;
    this.#emit = emit;
  }

  /** Compares every topic with the last time; a mesh is a dozen peers at most. */
  check(): void {
    if (this.#ended) return;
    const topics = this.#relay.getTopics();
    for (const topic of topics) this.#compare(topic);
    for (const topic of this.#seen.keys()) if (!topics.includes(topic)) this.#forget(topic);
  }

  /** Tells that every mesh is gone. */
  end(): void {
    this.#ended = true;
    for (const topic of this.#seen.keys()) this.#forget(topic);
  }

  #forget(pubsubTopic: string): void {
    this.#seen.delete(pubsubTopic);
    this.#emit({ type: 'meshChanged', pubsubTopic, peerIds: [] });
  }

  #compare(pubsubTopic: string): void {
    const peerIds = this.#relay.meshPeers(pubsubTopic);
    const now: Seen = { members: peerIds.join(), health: topicHealth(peerIds.length) };
    const before = this.#seen.get(pubsubTopic);
    this.#seen.set(pubsubTopic, now);
    if (before?.members !== now.members) this.#emit({ type: 'meshChanged', pubsubTopic, peerIds });
    if (before?.health !== now.health)
      this.#emit({ type: 'topicHealthChanged', pubsubTopic, health: now.health });
  }
}
