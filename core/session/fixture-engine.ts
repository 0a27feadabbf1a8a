/** A fixture: an engine whose network is the test. For faults and orders of events that no real node shows on demand. */
import type { Engine, EngineInfo, NodeIdentity, PublishReceipt } from '../engine/engine.ts';
import { EventHub } from '../engine/event-hub.ts';
import type { EngineEvent, EngineState, PeerInfo } from '../engine/events.ts';
import type { StorePage, StoreQuery } from '../engine/store-query.ts';
import { SUPPORTED, unsupported } from '../engine/capabilities.ts';
import { createMessage, type WakuMessage } from '../waku/message.ts';

export const TOPIC = '/waku/2/rs/16/32';

export class FixtureEngine implements Engine {
  readonly info: EngineInfo = {
    kind: 'js',
    version: 'fixture',
    capabilities: {
      relay: SUPPORTED,
      lightClient: unsupported('fixture'),
      storeQuery: unsupported('fixture'),
      rln: unsupported('fixture'),
      metrics: unsupported('fixture'),
      discovery: {
        mdns: unsupported('fixture'),
        discv5: unsupported('fixture'),
        dns: unsupported('fixture'),
        peerExchange: unsupported('fixture'),
      },
      restartInProcess: SUPPORTED,
      dialUnnamed: SUPPORTED,
      messageOrigin: SUPPORTED,
      sendCount: SUPPORTED,
    },
  };
  state: EngineState = 'stopped';
  readonly subscribed = new Set<string>([TOPIC]);
  readonly #hub = new EventHub<EngineEvent>();
  /** What publish does; the default sends to two peers without an echo. */
  onPublish: (pubsubTopic: string, message: WakuMessage) => Promise<PublishReceipt> = () =>
    Promise.resolve({ sentToPeers: 2 });

  emit(event: EngineEvent): void {
    this.#hub.emit(event);
  }

  /** A message from the network. */
  hear(
    message: Partial<WakuMessage>,
    more: Partial<Extract<EngineEvent, { type: 'messageReceived' }>> = {},
  ): void {
    this.emit({
      type: 'messageReceived',
      pubsubTopic: TOPIC,
      message: createMessage({ contentTopic: '/t/1/a/proto', timestampNs: 1n, ...message }),
      receivedNs: 1_700_000_000_000_000_000n,
      fromPeer: 'peer',
      own: false,
      claimedHash: null,
      ...more,
    });
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    return this.#hub.add(listener);
  }
  start(): Promise<NodeIdentity> {
    this.state = 'running';
    return Promise.resolve({ peerId: 'me', listenAddresses: [], enr: null, version: 'fixture' });
  }
  stop(): Promise<void> {
    this.state = 'stopped';
    return Promise.resolve();
  }
  subscribe(pubsubTopic: string): Promise<void> {
    this.subscribed.add(pubsubTopic);
    return Promise.resolve();
  }
  unsubscribe(pubsubTopic: string): Promise<void> {
    this.subscribed.delete(pubsubTopic);
    return Promise.resolve();
  }
  publish(pubsubTopic: string, message: WakuMessage): Promise<PublishReceipt> {
    return this.onPublish(pubsubTopic, message);
  }
  publishUnsubscribed(pubsubTopic: string, message: WakuMessage): Promise<PublishReceipt> {
    return this.onPublish(pubsubTopic, message);
  }
  connect(): Promise<string> {
    return Promise.resolve('peer');
  }
  disconnect(): Promise<void> {
    return Promise.resolve();
  }
  ping(): Promise<number> {
    return Promise.resolve(1);
  }
  peers(): Promise<[]> {
    return Promise.resolve([]);
  }
  relayPeers(): Promise<string[]> {
    return Promise.resolve([]);
  }
  scores(): Promise<Record<string, number>> {
    return Promise.resolve({});
  }
  mesh(): Promise<string[]> {
    return Promise.resolve([]);
  }
  topics(): Promise<string[]> {
    return Promise.resolve([...this.subscribed]);
  }
  metrics(): Promise<string> {
    return Promise.resolve('');
  }
  /** What each filter request asked for, as `<pubsub topic> <content topics>`. */
  readonly asked: string[] = [];
  readonly unasked: string[] = [];
  onFilter: () => Promise<void> = () => Promise.resolve();
  onLightPush: (pubsubTopic: string, message: WakuMessage) => Promise<void> = () => Promise.resolve();
  onStoreQuery: (query: StoreQuery) => Promise<StorePage> = () =>
    Promise.resolve({ entries: [], cursor: null });

  filterSubscribe(pubsubTopic: string, contentTopics: readonly string[]): Promise<void> {
    this.asked.push([pubsubTopic, ...contentTopics].join(' '));
    return this.onFilter();
  }
  filterUnsubscribe(pubsubTopic: string, contentTopics: readonly string[]): Promise<void> {
    this.unasked.push([pubsubTopic, ...contentTopics].join(' '));
    return this.onFilter();
  }
  lightPush(pubsubTopic: string, message: WakuMessage): Promise<void> {
    return this.onLightPush(pubsubTopic, message);
  }
  storeQuery(query: StoreQuery): Promise<StorePage> {
    return this.onStoreQuery(query);
  }
}

/** An engine that is a light client and queries stores, as go-waku. */
export function lightEngine(): FixtureEngine {
  const engine = new FixtureEngine();
  engine.info.kind = 'go-waku';
  engine.info.capabilities.lightClient = SUPPORTED;
  engine.info.capabilities.storeQuery = SUPPORTED;
  return engine;
}

/** A peer that serves filter and lightpush. */
export function servicePeer(peerId: string, protocols = SERVICES): PeerInfo {
  return {
    peerId,
    addresses: [],
    protocols,
    agent: 'fixture',
    direction: 'outbound',
    origin: 'static',
    shards: null,
    latencyMs: null,
    connectedSinceNs: 1n,
  };
}

const SERVICES = ['/vac/waku/filter-subscribe/2.0.0-beta1', '/vac/waku/lightpush/3.0.0'];
