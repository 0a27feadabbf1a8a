/** Which node the app runs: by its flags, then by what the user chose before, then by its build. */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { configuredTopics, type NodeConfig } from '../../core/engine/config.ts';
import { describeCause, WakuDeskError } from '../../core/engine/errors.ts';
import { PROFILES, type ProfileName } from '../../core/engine/profiles.ts';
import { nodeConfig } from '../../flags/node-config.ts';
import type { NodeOptions } from '../../flags/node-flags.ts';
import type { Kept, KeptNode } from '../settings/settings-file.ts';
import type { DesktopFlags } from './desktop-flags.ts';

export interface NodeChoice {
  engine: EngineKind;
  config: NodeConfig;
  /** What to tell the user; null: nothing. */
  problem: string | null;
}

/** @throws WakuDeskError CONFIG_INVALID, BAD_USE, and what the engine cannot do */
export function chooseNode(flags: DesktopFlags, kept: Kept, profile: ProfileName): NodeChoice {
  const engine = chooseEngine(flags, kept, profile);
  const configOf = (more: Partial<NodeOptions>): NodeConfig => {
    const config = nodeConfig({ ...flags.options, ...more, engine });
    configuredTopics(config);
    return config;
  };
  try {
    return { engine, config: configOf(keptOptions(kept.node, flags.given)), problem: null };
  } catch (error) {
    // Also without what was kept: then the flags are wrong by themselves.
    const config = configOf({});
    const problem = `The settings of before do not go with how it was started, and are not in force: ${describeCause(error)}`;
    return { engine, config, problem };
  }
}

function chooseEngine({ options, given }: DesktopFlags, kept: Kept, profile: ProfileName): EngineKind {
  const { engines } = PROFILES[profile];
  // The harness runs what needs nothing, as its commands do.
  const byBuild: EngineKind = profile === 'harness' ? 'js' : (engines[0] ?? 'js');
  const wanted = given.has('engine') ? options.engine : (kept.engine ?? byBuild);
  if (wanted !== 'auto' && engines.includes(wanted)) return wanted;
  // Kept by another build over the same folder.
  if (!given.has('engine')) return byBuild;
  throw new WakuDeskError('BAD_USE', `This build has no engine ${wanted}.`, {
    operation: 'desktop.engine',
    hint: `Name one of ${engines.join(', ')}.`,
  });
}

/** Flags that name a network together: one of them on the command line, and none of it is as it was before. */
const NETWORK = ['clusterId', 'shard', 'pubsubTopic', 'contentTopic', 'numShardsInNetwork', 'light'];

/** What was kept, as flags would say it, without what stands on the command line. */
function keptOptions(kept: KeptNode, given: ReadonlySet<string>): Partial<NodeOptions> {
  const options: Partial<NodeOptions> = {
    clusterId: kept.clusterId,
    shard: kept.shards,
    pubsubTopic: kept.pubsubTopics,
    contentTopic: kept.contentTopics,
    numShardsInNetwork: kept.shardsInNetwork,
    listenAddress: kept.listenAddress,
    tcpPort: kept.tcpPort,
    staticnode: kept.staticNodes,
    maxConnections: kept.maxConnections,
    ipColocationLimit: kept.ipColocationLimit,
    maxMsgSize: kept.maxMessageBytes,
    agentString: kept.agentString,
    mdns: kept.mdns,
    light: kept.light,
    logLevel: kept.logLevel,
  } as Partial<NodeOptions>;
  const isGiven = (name: string): boolean =>
    given.has(name) || (NETWORK.includes(name) && NETWORK.some((other) => given.has(other)));
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => value !== undefined && !isGiven(name)),
  );
}
