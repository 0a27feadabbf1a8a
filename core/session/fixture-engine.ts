/** A fixture: an engine whose network is the test. For faults and orders of events that no real node shows on demand. */
import type { Engine, NodeIdentity, PublishReceipt } from '../engine/engine.ts';
import { EventHub } from '../engine/event-hub.ts';
import type { EngineEvent } from '../engine/events.ts';
import { SUPPORTED, unsupported } from '../engine/capabilities.ts';
import { createMessage, type WakuMessage } from '../waku/message.ts';

export const TOPIC = '/waku/2/rs/16/32';

export class FixtureEngine implements Engine {
  readonly info = {
    kind: 'js' as const,
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
  state = 'stopped' as const;
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
    return Promise.resolve({ peerId: 'me', listenAddresses: [], enr: null, version: 'fixture' });
  }
  stop(): Promise<void> {
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
  mesh(): Promise<string[]> {
    return Promise.resolve([]);
  }
  topics(): Promise<string[]> {
    return Promise.resolve([...this.subscribed]);
  }
  metrics(): Promise<string> {
    return Promise.resolve('');
  }
  filterSubscribe = (): Promise<void> => Promise.resolve();
  filterUnsubscribe = (): Promise<void> => Promise.resolve();
  lightPush = (): Promise<void> => Promise.resolve();
  storeQuery = () => Promise.resolve({ entries: [], cursor: null });
}
