/** A fixture, for tests: an engine without a node, whose answers and events a test decides. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { SUPPORTED, unsupported } from '../../core/engine/capabilities.ts';
import type { Engine, EngineInfo, NodeIdentity } from '../../core/engine/engine.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { EventHub } from '../../core/engine/event-hub.ts';
import type { EngineEvent, EngineState } from '../../core/engine/events.ts';
import { createMessage, type WakuMessage } from '../../core/waku/message.ts';
import { connectEngine, type RemoteEngine } from './connect.ts';
import type { OutboxBounds } from './outbox.ts';
import { nodePort } from './port.ts';
import { serveEngine, type ServedEngine } from './serve.ts';

const not = unsupported('It is a fixture.');

export const FIXTURE_INFO: EngineInfo = {
  kind: 'js',
  version: 'fixture',
  capabilities: {
    relay: SUPPORTED,
    lightClient: not,
    storeQuery: not,
    rln: not,
    metrics: not,
    discovery: { mdns: not, discv5: not, dns: not, peerExchange: not },
    restartInProcess: SUPPORTED,
    dialUnnamed: SUPPORTED,
    messageOrigin: SUPPORTED,
    sendCount: SUPPORTED,
  },
};

export const FIXTURE_IDENTITY: NodeIdentity = {
  peerId: 'fixture-peer',
  listenAddresses: ['/ip4/127.0.0.1/tcp/1/p2p/fixture-peer'],
  enr: null,
  version: 'fixture',
};

export const TOPIC = '/waku/2/rs/16/32';

export class FixtureEngine implements Engine {
  readonly info = FIXTURE_INFO;
  state: EngineState = 'stopped';
  /** Messages that arrived to be published. */
  readonly published: WakuMessage[] = [];
  readonly #events = new EventHub<EngineEvent>();

  onEvent(listener: (event: EngineEvent) => void): () => void {
    return this.#events.add(listener);
  }

  emit(event: EngineEvent): void {
    if (event.type === 'stateChanged') this.state = event.state;
    this.#events.emit(event);
  }

  enter(state: EngineState): void {
    this.emit({ type: 'stateChanged', state, error: null });
  }

  start(): Promise<NodeIdentity> {
    this.enter('running');
    return Promise.resolve(FIXTURE_IDENTITY);
  }

  stop(): Promise<void> {
    if (this.state !== 'stopped') this.enter('stopped');
    return Promise.resolve();
  }

  publishUnsubscribed(topic: string, message: WakuMessage) {
    return this.publish(topic, message);
  }

  publish(_topic: string, message: WakuMessage) {
    this.published.push(message);
    return Promise.resolve({ sentToPeers: 0 });
  }

  connect(...[address]: Parameters<Engine['connect']>): Promise<string> {
    return Promise.resolve(`peer of ${address}`);
  }

  ping(...[peerId]: Parameters<Engine['ping']>): Promise<number> {
    const error = { operation: 'engine.ping', hint: 'Connect to it first.', cause: new Error('no socket') };
    return Promise.reject(new WakuDeskError('PEER_NOT_CONNECTED', `${peerId} is not connected.`, error));
  }

  subscribe = () => Promise.resolve();
  unsubscribe = () => Promise.resolve();
  disconnect = () => Promise.resolve();
  peers = () => Promise.resolve([]);
  relayPeers = () => Promise.resolve(['a', 'b', 'c']);
  scores = () => Promise.resolve({ a: 0.5 });
  mesh = () => Promise.resolve(['a', 'b']);
  topics = () => Promise.resolve([TOPIC]);
  metrics = () => Promise.reject<string>(new TypeError('no such thing'));
  filterSubscribe = () => Promise.resolve();
  filterUnsubscribe = () => Promise.resolve();
  lightPush = () => Promise.resolve();
  storeQuery = () => Promise.resolve({ entries: [], cursor: null });
}

/** A log event, numbered so that order and loss show. */
export function numbered(n: number): EngineEvent {
  return { type: 'logged', level: 'info', component: 'fixture', text: String(n), atNs: BigInt(n) };
}

/** What `numbered` numbered, and gaps as `lost 3`. */
export function inShort(event: EngineEvent): string {
  if (event.type === 'logged') return event.text;
  return event.type === 'gapped' ? `lost ${String(event.lost)}` : event.type;
}

export function received(message: Partial<WakuMessage>): EngineEvent {
  return {
    type: 'messageReceived',
    pubsubTopic: TOPIC,
    message: createMessage({ contentTopic: '/fixture/1/a/proto', ...message }),
    receivedNs: 1n,
    fromPeer: null,
    own: false,
    claimedHash: null,
  };
}

export interface Connected<E extends Engine> {
  engine: E;
  remote: RemoteEngine;
  served: ServedEngine;
  /** What the remote engine told. */
  events: EngineEvent[];
  enginePort: MessagePort;
}

export async function acrossChannel<E extends Engine>(
  engine: E,
  bounds: Partial<OutboxBounds> = {},
): Promise<Connected<E>> {
  const { port1, port2 } = new MessageChannel();
  const served = serveEngine(engine, nodePort(port1), { bounds });
  const remote = await connectEngine(nodePort(port2));
  const events: EngineEvent[] = [];
  remote.onEvent((event) => events.push(event));
  return { engine, remote, served, events, enginePort: port1 };
}
