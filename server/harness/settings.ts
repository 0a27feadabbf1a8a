/** Settings: the configuration as it is told, which is without its secrets, and what a change makes of it. */
import { parseNodeConfig, type NodeConfig, type NodeConfigInput } from '../../core/engine/config.ts';
import type { Settings, SettingsChange } from '../../core/operations/live-values.ts';
import type { SessionSnapshot } from '../../core/session/types.ts';
import { parsePubsubTopic } from '../../core/waku/topics.ts';

export function settingsOf({ rln, ...config }: NodeConfig): Settings {
  const settings: Settings & Partial<Pick<NodeConfig, 'nodeKey'>> = {
    ...config,
    rln: rln === null ? null : shownRln(rln),
  };
  delete settings.nodeKey;
  return settings;
}

function shownRln({
  credentialsPath,
  contractAddress,
  chainId,
  epochSeconds,
  messageLimit,
}: NonNullable<NodeConfig['rln']>): Settings['rln'] {
  return { credentialsPath, contractAddress, chainId, epochSeconds, messageLimit };
}

/**
 * The configuration with a change. Topics stay as the user made them meanwhile, and secrets that the change leaves out
 * stay as well: whoever changes settings has never seen them.
 * @throws WakuDeskError CONFIG_INVALID
 */
export function changedConfig(
  config: NodeConfig,
  node: Pick<SessionSnapshot, 'topics' | 'filters'>,
  { rln, ...change }: SettingsChange,
): NodeConfig {
  const light = change.light ?? config.light;
  return parseNodeConfig({
    ...config,
    ...keptTopics(config, node, light),
    ...change,
    ...(rln === undefined ? {} : { rln: rln === null ? null : { ...config.rln, ...rln } }),
  });
}

/** The topics of a running node are what the user made of the configured ones. */
function keptTopics(
  config: NodeConfig,
  { topics, filters }: Pick<SessionSnapshot, 'topics' | 'filters'>,
  light: boolean,
): Partial<NodeConfigInput> {
  const shards: number[] = [];
  const pubsubTopics: string[] = [];
  for (const { pubsubTopic } of topics) {
    const shard = parsePubsubTopic(pubsubTopic);
    if (shard?.cluster === config.clusterId) shards.push(shard.shard);
    else pubsubTopics.push(pubsubTopic);
  }
  const relayed = topics.length === 0 ? {} : { shards, pubsubTopics };
  return { ...relayed, ...keptContentTopics(config, { topics, filters }, light) };
}

/** A relay node needs them no more once their shards are known; a light client asks for them. */
function keptContentTopics(
  config: NodeConfig,
  { topics, filters }: Pick<SessionSnapshot, 'topics' | 'filters'>,
  light: boolean,
): Partial<NodeConfigInput> {
  if (!light) return topics.length === 0 && !config.light ? {} : { contentTopics: [] };
  const wanted = filters.flatMap(({ contentTopics }) => contentTopics);
  return { contentTopics: [...new Set(config.light ? wanted : [...config.contentTopics, ...wanted])] };
}
