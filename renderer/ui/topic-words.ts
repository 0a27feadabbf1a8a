/** Topics and their health in words. */
import { parsePubsubTopic } from '../../core/waku/topics.ts';
import { visibleLine } from './visible-text.ts';

/** By the number of mesh peers. */
export const HEALTH_WORDS = {
  UnHealthy: 'unhealthy',
  MinimallyHealthy: 'minimally healthy',
  SufficientlyHealthy: 'healthy',
} as const;

/** `shard 32`, or the topic itself when it names none. */
export function shardName(pubsubTopic: string): string {
  const shard = parsePubsubTopic(pubsubTopic);
  return shard === null ? visibleLine(pubsubTopic) : `shard ${shard.shard}`;
}
