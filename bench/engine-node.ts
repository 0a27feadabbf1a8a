/** An engine as one end of a link, in its worker process or in a child of that. */
import type { EngineHandlers, EngineOrder } from './engine-worker.ts';
import type { BenchNode } from './link.ts';
import type { Receipt, Sending } from './load.ts';
import { WorkerProcess } from './rpc.ts';

export class EngineNode implements BenchNode {
  readonly multiaddr: string;
  readonly #worker: WorkerProcess<EngineHandlers>;

  static async start(order: EngineOrder, execArgv: string[] = []): Promise<EngineNode> {
    const worker = new WorkerProcess<EngineHandlers>('./engine-worker.ts', execArgv);
    try {
      return new EngineNode(worker, await worker.call('start', order));
    } catch (error) {
      await worker.stop();
      throw error;
    }
  }

  private constructor(worker: WorkerProcess<EngineHandlers>, multiaddr: string) {
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

  /** Of the process that publishes and counts, while `ms` pass. */
  loopDelayMs(ms: number): Promise<number> {
    return this.#worker.call('loopDelayMs', ms);
  }

  async stop(): Promise<void> {
    if (this.#worker.isRunning) await this.#worker.call('stop', null);
    await this.#worker.stop();
  }
}
