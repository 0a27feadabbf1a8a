/** A fixture, for tests: a node in a process of its own that publishes numbered messages at a steady rate. */
import { nowNs } from '../../core/engine/clock.ts';
import { parseNodeConfig } from '../../core/engine/config.ts';
import { createMessage } from '../../core/waku/message.ts';
import { ProcessEngine } from '../../engines/process/process-engine.ts';

const TURN_MS = 10;
/** A node that is slower than the rate would be taken for one that hangs, for it answers in order. */
const MAX_UNDER_WAY = 1_000;

export class FixturePublisher {
  readonly address: string;
  readonly peerId: string;
  /** Messages are numbered from 0 to this. */
  sent = 0;
  readonly #engine: ProcessEngine;
  readonly #topic: string;
  #timer: ReturnType<typeof setInterval> | undefined;
  #owed = 0;
  #lastMs = 0;
  readonly #underWay = new Set<Promise<unknown>>();

  private constructor(engine: ProcessEngine, topic: string, peerId: string, address: string) {
    this.#engine = engine;
    this.#topic = topic;
    this.peerId = peerId;
    this.address = address;
  }

  static async start(topic: string): Promise<FixturePublisher> {
    const engine = await ProcessEngine.create('js', parseNodeConfig({}));
    const { peerId, listenAddresses } = await engine.start();
    return new FixturePublisher(engine, topic, peerId, listenAddresses[0] ?? '');
  }

  async peers(): Promise<string[]> {
    return (await this.#engine.peers()).map((peer) => peer.peerId);
  }

  begin(perSecond: number): void {
    this.#lastMs = performance.now();
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      this.#owed += ((nowMs - this.#lastMs) * perSecond) / 1_000;
      this.#lastMs = nowMs;
      for (; this.#owed >= 1 && this.#underWay.size < MAX_UNDER_WAY; this.#owed--) this.#publish();
    }, TURN_MS);
  }

  /** Resolves when the last message was sent. */
  async pause(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#engine.close();
  }

  #publish(): void {
    const payload = new Uint8Array(128);
    new DataView(payload.buffer).setUint32(0, this.sent++);
    const message = createMessage({
      payload,
      contentTopic: '/fixture/1/numbered/proto',
      timestampNs: nowNs(),
    });
    // Nobody may be there to send it to.
    const call = this.#engine.publish(this.#topic, message).catch(() => undefined);
    this.#underWay.add(call);
    void call.finally(() => this.#underWay.delete(call));
  }
}

/** The number of a message. */
export function numberOf(payload: Uint8Array): number {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getUint32(0);
}
