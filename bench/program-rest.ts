/** `waku-desk node` with its REST API, driven as wakunode2's is. */
import * as z from 'zod';
import type { EngineKind } from '../core/engine/capabilities.ts';
import type { Context } from './figure.ts';
import type { RestServed } from './peer-node.ts';
import { ProgramNode } from './program.ts';

const messagesSchema = z.array(z.object({ payload: z.base64() }));

export class ProgramRest implements RestServed {
  readonly restUrl: string;
  readonly #node: ProgramNode;

  static async start(context: Context, kind: EngineKind): Promise<ProgramRest> {
    const rest = ['--rest', '--rest-port=0', '--rest-admin', '--rest-relay-cache-capacity=100000'];
    return new ProgramRest(await ProgramNode.start(context, 0, [`--engine=${kind}`, ...rest]));
  }

  private constructor(node: ProgramNode) {
    this.#node = node;
    this.restUrl = `http://127.0.0.1:${String(node.restPort)}`;
  }

  get multiaddr(): string {
    return this.#node.multiaddr;
  }

  get pid(): number {
    return this.#node.pid;
  }

  async connect(multiaddr: string): Promise<void> {
    await this.#call('/admin/v1/peers', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([multiaddr]),
    });
  }

  async messages(pubsubTopic: string): Promise<{ payload: Uint8Array }[]> {
    const text = await this.#call(`/relay/v1/messages/${encodeURIComponent(pubsubTopic)}`);
    const messages = messagesSchema.parse(JSON.parse(text));
    return messages.map(({ payload }) => ({ payload: new Uint8Array(Buffer.from(payload, 'base64')) }));
  }

  stop(): Promise<void> {
    return this.#node.stop();
  }

  async #call(path: string, init: RequestInit = {}): Promise<string> {
    const response = await fetch(this.restUrl + path, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`the node answered ${response.status} to ${path}: ${text}`);
    return text;
  }
}
