/** wakunode2's flags for finding other nodes by discv5 and peer exchange, for `node`. */
import type { Command } from 'commander';
import type { EngineKind, Support } from '../core/engine/capabilities.ts';
import { parseNodeConfig, type NodeConfig } from '../core/engine/config.ts';
import { ENGINE_CAPABILITIES } from '../core/engine/engine-capabilities.ts';
import { boolean, integer, list, text } from '../flags/values.ts';

export interface DiscoveryFlags {
  discv5Discovery: boolean;
  discv5UdpPort: number;
  discv5BootstrapNode: string[];
  peerExchange: boolean;
}

export function addDiscoveryFlags(command: Command): Command {
  return command
    .optionsGroup('Discovery, as wakunode2 has it (go-waku and nwaku):')
    .option('--discv5-discovery [bool]', 'find nodes by discv5', boolean, false)
    .option('--discv5-udp-port <n>', 'UDP port that it listens on', integer(1, 65_535), 9000)
    .option('--discv5-bootstrap-node <enr>', 'record of a node to ask first, repeatable', list(text), [])
    .option('--peer-exchange [bool]', 'with discv5: tell others the nodes found', boolean, false);
}

/**
 * The configuration with what the flags ask for, as far as the engine has it.
 * @returns beside it the flags that are not honoured, each with the engines that have it
 * @throws WakuDeskError CONFIG_INVALID
 */
export function withDiscovery(
  config: NodeConfig,
  flags: DiscoveryFlags & { portsShift: number },
  kind: EngineKind,
): { config: NodeConfig; unhonoured: string[] } {
  const unhonoured: string[] = [];
  const has = (isAsked: boolean, flag: string, support: Support): boolean => {
    if (isAsked && !support.supported) unhonoured.push(`${flag} (go-waku and nwaku have it)`);
    return isAsked && support.supported;
  };
  const { discv5, peerExchange } = ENGINE_CAPABILITIES[kind].discovery;
  const isDiscv5 = has(flags.discv5Discovery, '--discv5-discovery', discv5);
  const isExchange = has(flags.peerExchange, '--peer-exchange', peerExchange);
  if (!isDiscv5 && !isExchange) return { config, unhonoured };
  const wanted = {
    ...config,
    ...(isDiscv5 && {
      discv5UdpPort: flags.discv5UdpPort + flags.portsShift,
      discv5BootstrapNodes: flags.discv5BootstrapNode,
    }),
    peerExchange: isExchange,
  };
  return { config: parseNodeConfig(wanted), unhonoured };
}
