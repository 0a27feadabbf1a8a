/** The plain Go program as one end of a link: a relay node over go-waku's packages, without our binding. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { BenchNode } from './link.ts';
import type { Receipt, Sending } from './load.ts';

const answerSchema = z.object({
  id: z.int(),
  value: z.unknown().optional(),
  failure: z.string().exactOptional(),
});
const receiptSchema = z
  .object({
    received: z.int(),
    repeated: z.int(),
    missing: z.array(z.int()),
    lastNs: z.string().transform(BigInt),
    latenciesMs: z.array(z.number()),
  })
  .transform((receipt): Receipt => ({ ...receipt, latenciesMs: Float64Array.from(receipt.latenciesMs) }));
const nsSchema = z.string().transform(BigInt);

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** The program says this in its first line. */
const START = 0;

export class PlainNode implements BenchNode {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #waiting = new Map<number, Waiting>();
  #multiaddr = '';
  #lastId = START;

  static async start(path: string): Promise<PlainNode> {
    const node = new PlainNode(path);
    try {
      node.#multiaddr = z.string().parse(await node.#answer(START));
      return node;
    } catch (error) {
      await node.stop();
      throw error;
    }
  }

  private constructor(path: string) {
    const child = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#exited = once(child, 'exit');
    child.once('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the plain Go program ended with ${String(code ?? signal)}`));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { id, value, failure } = answerSchema.parse(JSON.parse(line));
      const call = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (failure === undefined) call?.resolve(value);
      else call?.reject(new Error(`the plain Go program: ${failure}`));
    });
  }

  get multiaddr(): string {
    return this.#multiaddr;
  }

  async connect(multiaddr: string): Promise<void> {
    await this.#call('connect', multiaddr);
  }

  async send(sending: Sending): Promise<bigint> {
    return nsSchema.parse(await this.#call('send', sending));
  }

  async expect(sending: Sending): Promise<void> {
    await this.#call('expect', sending);
  }

  async received(timeoutMs: number): Promise<Receipt> {
    return receiptSchema.parse(await this.#call('received', timeoutMs));
  }

  async stop(): Promise<void> {
    // It ends with its input, so also when the benchmark is killed.
    this.#child.stdin?.end();
    await this.#exited;
  }

  #call(name: string, argument: unknown): Promise<unknown> {
    const id = ++this.#lastId;
    const answer = this.#answer(id);
    this.#child.stdin?.write(`${JSON.stringify({ id, name, argument })}\n`);
    return answer;
  }

  #answer(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }
}
