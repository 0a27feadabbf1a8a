/** cmd/waku as one end of a link: its REST API is its only interface. */
import { setTimeout as delay } from 'node:timers/promises';
import { startCmdWaku, type CmdWaku } from '../e2e/cmd-waku/cmd-waku.ts';
import type { BenchNode } from './link.ts';
import { CLUSTER, PUBSUB_TOPIC, SHARD, Tally, type Receipt, type Sending } from './load.ts';
import type { RestHandlers } from './rest-worker.ts';
import { WorkerProcess } from './rpc.ts';

/** Between two looks at the messages received; at a node that only sends, its own are cleared away. */
const POLL_MS = 20;
const CLEAR_MS = 250;

export class PeerNode implements BenchNode {
  readonly #node: CmdWaku;
  readonly #origin: string;
  #publisher: WorkerProcess<RestHandlers> | null = null;
  #tally: Tally | null = null;
  #polling: Promise<void>;
  #stopped = false;

  static async start(path: string): Promise<PeerNode> {
    const node = await startCmdWaku(path, { clusterId: CLUSTER, shards: [SHARD] });
    try {
      const { url } = await node.rest('/debug/v1/info');
      return new PeerNode(node, new URL(url).origin);
    } catch (error) {
      await node.stop();
      throw error;
    }
  }

  private constructor(node: CmdWaku, origin: string) {
    this.#node = node;
    this.#origin = origin;
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
    return this.#publisher.call('send', { origin: this.#origin, sending });
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
      await delay(this.#tally === null ? CLEAR_MS : POLL_MS);
    }
  }
}
