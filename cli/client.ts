/** A short-lived node for one command: started, connected, and always stopped. */
import type { CaptureLog } from '../core/session/intake.ts';
import { parseNodeConfig, type NodeConfig, type NodeConfigInput } from '../core/engine/config.ts';
import { Session } from '../core/session/session.ts';
import { chooseEngine, engineHere } from './engine-choice.ts';
import type { ClientOptions } from './options.ts';
import type { Output } from './output.ts';

export const DEFAULT_SHARD = 32;

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
}

/**
 * Starts a node, connects it to every `--connect`, runs `work` and stops the node, whatever happens.
 * @throws WakuDeskError of the start, of the first connection that fails, or of `work`
 */
export async function withClient<T>(
  options: ClientOptions,
  { capture, keepConnected = false, config: more = {}, timeoutMs, signal, output }: ClientSettings,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const addresses = options.connect;
  const config = parseNodeConfig({
    clusterId: options.clusterId,
    shards: shardsOf(options),
    tcpPort: options.tcpPort,
    listenAddress: options.mdns ? '0.0.0.0' : '127.0.0.1',
    mdns: options.mdns,
    maxMessageBytes: options.maxMsgSize,
    staticNodes: keepConnected ? addresses.filter((address) => address.includes('/p2p/')) : [],
    ...more,
  });
  const engine = await engineHere(await chooseEngine(options, output, signal), config, output);
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
