/** A node as one end of a link whose REST API is its only interface: cmd/waku, and our program in its place. */
import { setTimeout as delay } from 'node:timers/promises';
import { startCmdWaku } from '../e2e/cmd-waku/cmd-waku.ts';
import type { Stoppable } from './figure.ts';
import type { BenchNode } from './link.ts';
import { CLUSTER, PUBSUB_TOPIC, SHARD, Tally, type Receipt, type Sending } from './load.ts';
import type { RestHandlers } from './rest-worker.ts';
import { WorkerProcess } from './rpc.ts';

/** Between two looks at the messages received. At a node that only sends, its own are cleared away. */
const POLL_MS = 20;
const CLEAR_MS = 250;

/** What is asked over REST. */
export interface RestServed extends Stoppable {
  readonly multiaddr: string;
  readonly pid: number;
  /** `http://127.0.0.1:<port>` */
  readonly restUrl: string;
  connect(multiaddr: string): Promise<void>;
  /** Since the last call. */
  messages(pubsubTopic: string): Promise<readonly { payload: Uint8Array }[]>;
}

export class PeerNode implements BenchNode {
  readonly #node: RestServed;
  readonly #pollMs: number;
  #publisher: WorkerProcess<RestHandlers> | null = null;
  #tally: Tally | null = null;
  #polling: Promise<void>;
  #stopped = false;

  /** cmd/waku. @param pollMs between two looks at the messages */
  static async start(path: string, pollMs = POLL_MS): Promise<PeerNode> {
    return new PeerNode(await startCmdWaku(path, { clusterId: CLUSTER, shards: [SHARD] }), pollMs);
  }

  constructor(node: RestServed, pollMs: number) {
    this.#node = node;
    this.#pollMs = pollMs;
    this.#polling = this.#poll();
    // Reported by whoever waits for messages.
    this.#polling.catch(() => undefined);
  }

  get multiaddr(): string {
    return this.#node.multiaddr;
  }

  get pid(): number {
    return this.#node.pid;
  }

  connect(multiaddr: string): Promise<void> {
    return this.#node.connect(multiaddr);
  }

  send(sending: Sending): Promise<bigint> {
    this.#publisher ??= new WorkerProcess<RestHandlers>('./rest-worker.ts');
    return this.#publisher.call('send', { origin: this.#node.restUrl, sending });
  }

  expect(sending: Sending): Promise<void> {
    this.#tally = new Tally(sending);
    return Promise.resolve();
  }

  async received(timeoutMs: number): Promise<Receipt> {
    if (this.#tally === null) throw new Error('expect comes first');
    const failed = this.#polling.then(() => Promise.reject(new Error('the node is stopped')));
    return await Promise.race([this.#tally.wait(timeoutMs), failed]);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#publisher?.stop();
    await this.#polling.catch(() => undefined);
    await this.#node.stop();
  }

  /** Also at a sender: its own messages would fill its cache. */
  async #poll(): Promise<void> {
    while (!this.#stopped) {
      for (const { payload } of await this.#node.messages(PUBSUB_TOPIC)) this.#tally?.add(payload);
      await delay(this.#tally === null ? CLEAR_MS : this.#pollMs);
    }
  }
}
