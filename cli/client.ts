/** A short-lived node for one command: started, connected, and always stopped. */
import type { EngineKind } from '../core/engine/capabilities.ts';
import type { CaptureLog } from '../core/session/intake.ts';
import { parseNodeConfig, type NodeConfig, type NodeConfigInput } from '../core/engine/config.ts';
import { checkFits } from '../core/engine/engine-capabilities.ts';
import { Session } from '../core/session/session.ts';
import { DEFAULT_SHARD } from '../flags/node-config.ts';
import { chooseEngine, engineHere } from './engine-choice.ts';
import type { ClientOptions } from './options.ts';
import type { Output } from './output.ts';

export interface Client {
  session: Session;
  config: NodeConfig;
  /** Peer ids of the addresses given, in their order. */
  peerIds: string[];
}

/** The topics of `--shard`, or of the default shard. */
export function shardsOf({ shard }: { shard: number[] | undefined }): number[] {
  return shard ?? [DEFAULT_SHARD];
}

export interface ClientSettings {
  capture?: CaptureLog | null;
  /** Keeps the nodes connected, for commands that run long. */
  keepConnected?: boolean;
  config?: Partial<NodeConfigInput>;
  /** For connecting; 15 s by default. */
  timeoutMs?: number | undefined;
  signal: AbortSignal;
  /** For remarks. */
  output: Output;
  /** Throws for an engine that cannot do what the command is for. */
  fits?: (kind: EngineKind) => void;
}

/**
 * The configuration of a command's node.
 * @throws WakuDeskError CONFIG_INVALID; LIGHT_CLIENT_DISABLED, UNSUPPORTED where its engine cannot be that
 */
export function clientConfig(options: ClientOptions, more: Partial<NodeConfigInput> = {}): NodeConfig {
  const config = parseNodeConfig({
    clusterId: options.clusterId,
    shards: shardsOf(options),
    tcpPort: options.tcpPort,
    listenAddress: options.mdns ? '0.0.0.0' : '127.0.0.1',
    mdns: options.mdns,
    maxMessageBytes: options.maxMsgSize,
    light: options.light ?? false,
    ...more,
  });
  if (options.engine !== 'auto') checkFits(options.engine, config);
  return config;
}

/**
 * Starts a node, connects it to every `--connect`, runs `work` and stops the node, whatever happens.
 * @throws WakuDeskError of the start, of the first connection that fails, or of `work`
 */
export async function withClient<T>(
  options: ClientOptions,
  { capture, keepConnected = false, config: more = {}, timeoutMs, signal, output, fits }: ClientSettings,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const addresses = options.connect;
  const config = clientConfig(options, {
    staticNodes: keepConnected ? addresses.filter((address) => address.includes('/p2p/')) : [],
    ...more,
  });
  const chosen = await chooseEngine(options, output, signal, (engine) => {
    checkFits(engine, config);
    fits?.(engine);
  });
  const engine = await engineHere(chosen, config, output);
  const session = new Session({ engine, config, capture: capture ?? null });
  try {
    await session.start();
    const limits = timeoutMs === undefined ? { signal } : { signal, timeoutMs };
    const peerIds = await Promise.all(addresses.map((address) => session.connect(address, limits)));
    return await work({ session, config, peerIds });
  } finally {
    await session.stop();
  }
}
