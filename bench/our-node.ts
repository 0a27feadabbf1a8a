/** Our node as one end of a link. */
import type { BenchNode } from './link.ts';
import type { Receipt, Sending } from './load.ts';
import type { RelayHandlers } from './relay-worker.ts';
import { WorkerProcess } from './rpc.ts';

export class OurNode implements BenchNode {
  readonly multiaddr: string;
  readonly #worker: WorkerProcess<RelayHandlers>;

  static async start(): Promise<OurNode> {
    const worker = new WorkerProcess<RelayHandlers>('./relay-worker.ts');
    try {
      return new OurNode(worker, await worker.call('start', null));
    } catch (error) {
      await worker.stop();
      throw error;
    }
  }

  private constructor(worker: WorkerProcess<RelayHandlers>, multiaddr: string) {
    this.#worker = worker;
    this.multiaddr = multiaddr;
  }

  connect(multiaddr: string): Promise<void> {
    return this.#worker.call('connect', multiaddr);
  }

  send(sending: Sending): Promise<bigint> {
    return this.#worker.call('send', sending);
  }

  expect(sending: Sending): Promise<void> {
    return this.#worker.call('expect', sending);
  }

  received(timeoutMs: number): Promise<Receipt> {
    return this.#worker.call('received', timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#worker.stop();
  }
}
