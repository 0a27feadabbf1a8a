/** From a configuration to a node that runs in its library. */
import { dialTarget } from '../../core/engine/addresses.ts';
import type { Capabilities } from '../../core/engine/capabilities.ts';
import { configuredTopics, type NodeConfig } from '../../core/engine/config.ts';
import type { NodeIdentity } from '../../core/engine/engine.ts';
import { asWakuDeskError, type WakuDeskError } from '../../core/engine/errors.ts';
import type { EngineEvent, LogLevel } from '../../core/engine/events.ts';
import { failure } from '../../core/engine/failure.ts';
import type { LibraryAdapter } from './adapter.ts';
import { isUnspecified, libraryConfig } from './library-config.ts';
import { LibraryError, type LibraryNode } from './library-node.ts';
import { freePort } from './listen-address.ts';
import { checkedNodeKey } from './node-key.ts';
import type { NodeLog } from './node-log.ts';
import { commaList } from './peers-info.ts';
import { ASK_MS, RunningNode } from './running-node.ts';

/** What the node is to be: checked, and kept over restarts. */
export interface NodePlan {
  topics: readonly string[];
  nodeKey: string;
  tcpPort: number;
  websocketPort: number | null;
}

/**
 * Checks all that can be checked before a library sees it.
 * @param kept of the run before: the node comes back as the same peer on the same port
 * @throws WakuDeskError CONFIG_INVALID, MULTIADDR_INVALID, NODE_KEY_INVALID, PORT_IN_USE, LISTEN_FAILED
 */
export async function planNode(config: NodeConfig, kept: NodePlan | null): Promise<NodePlan> {
  const topics = configuredTopics(config);
  for (const address of config.staticNodes) dialTarget(address, 'engine.start');
  const nodeKey = checkedNodeKey(kept?.nodeKey ?? config.nodeKey);
  const tcpPort = await freePort(config.listenAddress, kept?.tcpPort ?? config.tcpPort);
  const wanted = kept?.websocketPort ?? config.websocketPort;
  const websocketPort = wanted === null ? null : await freePort(config.listenAddress, wanted);
  return { topics, nodeKey, tcpPort, websocketPort };
}

export interface StartOptions {
  adapter: LibraryAdapter;
  config: NodeConfig;
  plan: NodePlan;
  nodeLog: NodeLog;
  moreConfig: Record<string, unknown> | undefined;
  emit: (event: EngineEvent) => void;
  log: (level: LogLevel, component: string, text: string) => void;
}

/**
 * Creates the node, which exists from then on and has to be closed, whatever fails later.
 * @throws LibraryError, WakuDeskError TIMED_OUT
 */
export async function createNode(node: LibraryNode, options: StartOptions): Promise<RunningNode> {
  const { adapter, config, plan, nodeLog, moreConfig, emit, log } = options;
  const inBatches = adapter.batches && node.hasBatches;
  const json = JSON.stringify({
    ...libraryConfig(adapter, config, plan),
    ...(inBatches && { messageBatches: true }),
    ...moreConfig,
  });
  await node.call('waku_new', [json], { timeoutMs: adapter.startMs(config) });
  // Known before the start: what the node prints and tells from then on is understood.
  const identity: NodeIdentity = {
    peerId: await ask(node, 'waku_get_my_peerid'),
    listenAddresses: [],
    enr: null,
    version: adapter.version(await ask(node, 'waku_version')),
  };
  return new RunningNode({ node, inBatches, config, kind: adapter.kind, nodeLog, identity, emit, log });
}

/** Starts the node and subscribes its topics. @throws as {@link createNode} */
export async function startNode(running: RunningNode, options: StartOptions): Promise<void> {
  const { adapter, config, plan } = options;
  const { node, identity } = running;
  await node.call('waku_start', [], { timeoutMs: adapter.startMs(config) });
  identity.listenAddresses = await listenAddresses(node, config, plan, identity.peerId);
  identity.enr = await ask(node, 'waku_get_my_enr').catch(() => null);
  running.peers.book.look();
  if (!config.light) for (const topic of plan.topics) await running.subscribe(topic);
  running.peers.keep(config.staticNodes);
  void running.lookAtMeshes();
}

/** A library that may not answer another start in this process; null: it does. */
export function needsNewProcess({ restartInProcess }: Capabilities, cause?: unknown): WakuDeskError | null {
  if (restartInProcess.supported) return null;
  const { code, reason } = restartInProcess;
  const hint = 'Start Waku Desk again, or run the engine in a process of its own.';
  return failure('start', code, reason, hint, cause);
}

/** What went wrong on the way, in words for people. */
export function startFailure(error: unknown, plan: NodePlan | null): WakuDeskError {
  const busy = /address (?:already )?in use/i;
  if (error instanceof LibraryError && busy.test(error.message))
    return failure(
      'start',
      'PORT_IN_USE',
      `Port ${plan?.tcpPort ?? '?'} is in use.`,
      'Choose another.',
      error,
    );
  if (error instanceof LibraryError) {
    const hint = "Look at the node's log.";
    return failure('start', 'ENGINE_FAILED', `The node did not start: ${error.message}`, hint, error);
  }
  return asWakuDeskError(error, {
    code: 'ENGINE_FAILED',
    operation: 'engine.start',
    hint: "Look at the node's log, and report it if it comes again.",
  });
}

function ask(node: LibraryNode, name: string): Promise<string> {
  return node.call(name, [], { timeoutMs: ASK_MS });
}

/** libwaku names its interface's address also when it listens on another one: the one asked for is true. */
async function listenAddresses(
  node: LibraryNode,
  { listenAddress }: NodeConfig,
  { tcpPort, websocketPort }: NodePlan,
  peerId: string,
): Promise<string[]> {
  const family = listenAddress.includes(':') ? 'ip6' : 'ip4';
  if (!isUnspecified(listenAddress))
    return [`${tcpPort}`, ...(websocketPort === null ? [] : [`${websocketPort}/ws`])].map(
      (port) => `/${family}/${listenAddress}/tcp/${port}/p2p/${peerId}`,
    );
  return commaList(await ask(node, 'waku_listen_addresses')).map((address) =>
    address.includes('/p2p/') ? address : `${address}/p2p/${peerId}`,
  );
}
