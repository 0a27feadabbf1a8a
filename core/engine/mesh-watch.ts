/** Watches meshes and topic health, and tells what changed since the last look. */
import { topicHealth, type EngineEvent, type TopicHealth } from './events.ts';

interface Seen {
  members: string;
  health: TopicHealth;
}

export class MeshWatch {
  readonly #emit: (event: EngineEvent) => void;
  readonly #seen = new Map<string, Seen>();
  #ended = false;

  constructor(emit: (event: EngineEvent) => void) {
    this.#emit = emit;
  }

  /** Compares every topic with the last time; a mesh is a dozen peers at most. @param meshes of all subscribed topics */
  look(meshes: ReadonlyMap<string, string[]>): void {
    if (this.#ended) return;
    for (const [topic, peerIds] of meshes) this.#compare(topic, peerIds);
    for (const topic of this.#seen.keys()) if (!meshes.has(topic)) this.#forget(topic);
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

  #compare(pubsubTopic: string, peerIds: string[]): void {
    const now: Seen = { members: peerIds.join(), health: topicHealth(peerIds.length) };
    const before = this.#seen.get(pubsubTopic);
    this.#seen.set(pubsubTopic, now);
    if (before?.members !== now.members) this.#emit({ type: 'meshChanged', pubsubTopic, peerIds });
    if (before?.health !== now.health)
      this.#emit({ type: 'topicHealthChanged', pubsubTopic, health: now.health });
  }
}
