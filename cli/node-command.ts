/** `waku-desk node`: a relay node in this process, until it is told to stop. */
import { parseNodeConfig, type NodeConfig } from '../core/engine/config.ts';
import { checkFits, demand, ENGINE_CAPABILITIES } from '../core/engine/engine-capabilities.ts';
import type { EngineKind } from '../core/engine/capabilities.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { Session } from '../core/session/session.ts';
import type { SessionEvent } from '../core/session/types.ts';
import { openCapture, type CaptureOptions } from './capture.ts';
import { DEFAULT_SHARD } from './client.ts';
import { chooseEngine, engineHere, type EngineOptions } from './engine-choice.ts';
import { aborted } from './interrupt.ts';
import type { NodeFlags } from './node-flags.ts';
import { printBatch } from './node-lines.ts';
import type { Output } from './output.ts';
import { rlnConfig, type RlnFlags } from './rln-flags.ts';

export interface NodeOptions extends NodeFlags, RlnFlags, CaptureOptions, EngineOptions {
  connect: string[];
  mdns: boolean;
  light: boolean;
  quiet: boolean;
}

/** @throws WakuDeskError of the start, of the capture, or ENGINE_FAILED when the node breaks */
export async function runNode(
  options: NodeOptions,
  unhonoured: readonly string[],
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const config = nodeConfig(options);
  const chosen = await chooseEngine(options, output, signal, (engine) => {
    checkFits(engine, config);
  });
  const { kind } = chosen;
  if (unhonoured.length > 0)
    output.note(`warning: the ${kind} engine does not honour ${unhonoured.join(', ')}`);
  const capture = await openCapture(options);
  try {
    const engine = await engineHere(chosen, config, output);
    const session = new Session({ engine, config, capture });
    const ended = new Promise<void>((resolve, reject) => {
      void aborted(signal).then(resolve);
      session.attach(({ events }) => {
        const failure = events.find(isFailure);
        if (failure !== undefined && failure.error !== null) reject(WakuDeskError.fromData(failure.error));
      });
    });
    // A failure before the node is up is the start's to report.
    ended.catch(() => undefined);
    try {
      const { version, ...who } = await session.start();
      // The first line is that the node is ready; what happened before is in the snapshot.
      const { snapshot } = session.attach(async (batch) => {
        printBatch(batch, options, output);
        await output.drained();
      });
      const pubsubTopics = snapshot.topics.map((topic) => topic.pubsubTopic);
      output.result(
        'ready',
        {
          engine: kind,
          engineVersion: version,
          ...who,
          restPort: null,
          clusterId: config.clusterId,
          pubsubTopics,
          light: config.light,
          capture: options.capture ?? null,
          pid: process.pid,
        },
        [
          `Node ${who.peerId} (${kind}: ${version})`,
          ...who.listenAddresses.map((address) => `  listens on ${address}`),
          ...pubsubTopics.map((topic) => `  ${config.light ? 'filters   ' : 'relays    '} ${topic}`),
          ...(options.capture === undefined ? [] : [`  captures   ${options.capture}`]),
        ].join('\n'),
      );
      await ended;
    } finally {
      await session.stop();
    }
    const { received, published, duplicates, notCaptured, dropped, refused } = session.snapshot().statistics;
    output.result(
      'stopped',
      { received, published, duplicates, notCaptured, dropped, refused },
      `Stopped: ${received} received, ${published} published, ${dropped} dropped, ${notCaptured} not captured.`,
    );
  } finally {
    await capture?.close();
  }
}

/**
 * The configuration that a node's flags describe.
 * @throws WakuDeskError CONFIG_INVALID, BAD_USE; and what the engine cannot do, before anything is started or written
 */
export function nodeConfig(options: Omit<NodeOptions, 'quiet'>): NodeConfig {
  const { engine } = options;
  // Before what is missing beside: an engine that has it not has no use for the rest.
  if (engine !== 'auto') demandFlags(options, engine);
  const config = parseNodeConfig({
    clusterId: options.clusterId,
    shards: options.shard ?? defaultShards(options),
    pubsubTopics: options.pubsubTopic,
    contentTopics: options.contentTopic,
    shardsInNetwork: options.numShardsInNetwork,
    nodeKey: options.nodekey ?? null,
    listenAddress: options.listenAddress ?? (options.mdns ? '0.0.0.0' : '127.0.0.1'),
    tcpPort: options.tcpPort === 0 ? 0 : options.tcpPort + options.portsShift,
    staticNodes: [...options.staticnode, ...options.connect],
    maxConnections: options.maxConnections,
    ipColocationLimit: options.ipColocationLimit,
    maxMessageBytes: options.maxMsgSize,
    agentString: options.agentString,
    mdns: options.mdns,
    logLevel: options.logLevel,
    light: options.light,
    rln: rlnConfig(options),
  });
  if (engine !== 'auto') checkFits(engine, config);
  return config;
}

function demandFlags({ light, rlnRelay }: Pick<NodeOptions, 'light' | 'rlnRelay'>, kind: EngineKind): void {
  const { lightClient, rln } = ENGINE_CAPABILITIES[kind];
  if (light) demand('cli.light', lightClient);
  if (rlnRelay) demand('cli.rln', rln);
}

/** As wakunode2: with auto-sharding and no topic named, every shard of the network. */
function defaultShards({
  pubsubTopic,
  contentTopic,
  numShardsInNetwork,
  light,
}: Pick<NodeOptions, 'pubsubTopic' | 'contentTopic' | 'numShardsInNetwork' | 'light'>): number[] {
  if (pubsubTopic.length > 0) return [];
  // A light client's content topics name no shard unless the network is auto-sharded.
  if (contentTopic.length > 0 && (!light || numShardsInNetwork > 0)) return [];
  if (numShardsInNetwork > 0) return Array.from({ length: numShardsInNetwork }, (_none, shard) => shard);
  return [DEFAULT_SHARD];
}

function isFailure(event: SessionEvent): event is Extract<SessionEvent, { type: 'stateChanged' }> {
  return event.type === 'stateChanged' && event.state === 'failed';
}
