/** One engine under test, with everything that it told. */
import { expect, vi } from 'vitest';
import type { NodeConfigInput } from '../../core/engine/config.ts';
import type { Engine, NodeIdentity } from '../../core/engine/engine.ts';
import type { EngineEvent, EngineEventType, PeerInfo } from '../../core/engine/events.ts';
import type { WakuMessage } from '../../core/waku/message.ts';

export type EventOf<T extends EngineEventType> = Extract<EngineEvent, { type: T }>;

/** The topic of the configuration's default shard. */
export const TOPIC = '/waku/2/rs/16/32';

/** Longer than anything that works takes on a slow machine: a heartbeat is 1 s. */
const PATIENCE_MS = 10_000;

/** Waits until the expectations hold. */
export async function eventually<T>(expectations: () => T | Promise<T>, timeoutMs = PATIENCE_MS): Promise<T> {
  return vi.waitFor(expectations, { timeout: timeoutMs, interval: 20 });
}

export class TestNode {
  readonly engine: Engine;
  readonly config: NodeConfigInput;
  readonly events: EngineEvent[] = [];
  #identity: NodeIdentity | null = null;

  constructor(engine: Engine, config: NodeConfigInput) {
    this.engine = engine;
    this.config = config;
    engine.onEvent((event) => this.events.push(event));
  }

  async start(): Promise<NodeIdentity> {
    this.#identity = await this.engine.start();
    return this.#identity;
  }

  get identity(): NodeIdentity {
    if (this.#identity === null) throw new Error('the node has not been started');
    return this.#identity;
  }

  get peerId(): string {
    return this.identity.peerId;
  }

  /** A multiaddr with the peer id. */
  get address(): string {
    const [address] = this.identity.listenAddresses;
    if (address === undefined) throw new Error('the node listens nowhere');
    return address;
  }

  get port(): number {
    return Number(/\/tcp\/(\d+)/.exec(this.address)?.[1]);
  }

  told<T extends EngineEventType>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Messages from others, with equal fields. */
  heard(message: WakuMessage): EventOf<'messageReceived'>[] {
    return this.#received(message).filter(({ own }) => !own);
  }

  /** The own message, come back. */
  echoes(message: WakuMessage): EventOf<'messageReceived'>[] {
    return this.#received(message).filter(({ own }) => own);
  }

  #received(message: WakuMessage): EventOf<'messageReceived'>[] {
    return this.told('messageReceived').filter(
      (event) =>
        event.message.timestampNs === message.timestampNs &&
        event.message.contentTopic === message.contentTopic,
    );
  }

  async untilHeard(message: WakuMessage): Promise<EventOf<'messageReceived'>> {
    return eventually(() => {
      const [event] = this.heard(message);
      if (event === undefined) throw new Error(`the message of ${String(message.timestampNs)} has not come`);
      return event;
    });
  }

  /** What the node knows of a peer, once identified. */
  async untilIdentified(other: TestNode): Promise<PeerInfo> {
    return eventually(async () => {
      const peer = (await this.engine.peers()).find(({ peerId }) => peerId === other.peerId);
      if (peer === undefined || peer.shards === null) throw new Error('the peer is not identified');
      return peer;
    });
  }

  /** Until the mesh of a topic has exactly these nodes. */
  async untilMesh(others: readonly TestNode[], pubsubTopic = TOPIC, timeoutMs = PATIENCE_MS): Promise<void> {
    const wanted = others.map(({ peerId }) => peerId).sort();
    await eventually(async () => {
      expect((await this.engine.mesh(pubsubTopic)).sort()).toEqual(wanted);
    }, timeoutMs);
  }

  async untilAlone(): Promise<void> {
    await eventually(async () => {
      expect(await this.engine.peers()).toEqual([]);
    });
  }
}
