/** Where a room's messages go: its shard, and whether the node hears it there. Pure. */
import type { LiveState } from '../../core/operations/live-state.ts';
import { autoShard } from '../../core/waku/sharding.ts';
import { formatPubsubTopic } from '../../core/waku/topics.ts';
import type { ChatRoom } from './state.ts';

export interface ChatRoute {
  /** null: the node has no shard that the room could be on. */
  pubsubTopic: string | null;
  /** The topic that follows from the content topic; null where none does. */
  autoTopic: string | null;
  /** The node hears the shard, as a light client the content topic. */
  isHeard: boolean;
}

type Facts = Pick<LiveState, 'settings' | 'node'>;

export function routeOf(
  { contentTopic, pubsubTopic: chosen }: ChatRoom,
  { settings, node }: Facts,
): ChatRoute {
  const { clusterId: cluster, shardsInNetwork, light } = settings;
  const shard = shardsInNetwork === 0 ? null : autoShard(contentTopic, shardsInNetwork);
  const autoTopic = shard === null ? null : formatPubsubTopic({ cluster, shard });
  const topics = node.topics.map((topic) => topic.pubsubTopic);
  const pubsubTopic = chosen ?? autoTopic ?? topics[0] ?? null;
  const isHeard = light
    ? node.filters.some(
        (filter) => filter.pubsubTopic === pubsubTopic && filter.contentTopics.includes(contentTopic),
      )
    : pubsubTopic !== null && topics.includes(pubsubTopic);
  return { pubsubTopic, autoTopic, isHeard };
}
