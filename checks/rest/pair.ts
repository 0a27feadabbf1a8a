/** Two nodes that are checked together, and messages between them. */
import * as z from 'zod';
import { delay } from '../../core/engine/deadline.ts';
import { formatPubsubTopic } from '../../core/waku/topics.ts';
import { CheckFailure, NotApplicable } from '../check-run.ts';
import { answerText, type Answer, RestNode } from './rest-node.ts';

export interface PairOptions {
  urls: readonly [string, string];
  clusterId: number;
  shard: number;
  /** 0: the nodes are not auto-sharded. */
  shardsInNetwork: number;
  /** Where their metrics are; empty: not known. */
  metricsUrls: readonly string[];
  /** For what takes its time: a connection, a mesh, a delivery. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** Fields as they go into JSON; what is left out is not written. */
export interface Fields {
  payload?: unknown;
  contentTopic?: unknown;
  timestamp?: bigint | string | number;
  version?: unknown;
  meta?: string;
  ephemeral?: unknown;
}

const messageSchema = z.looseObject({
  payload: z.string(),
  contentTopic: z.string(),
  // go-waku leaves out what is not set.
  version: z
    .bigint()
    .nullish()
    .transform((version) => version ?? 0n),
  timestamp: z
    .bigint()
    .nullish()
    .transform((timestamp) => timestamp ?? 0n),
  meta: z
    .string()
    .nullish()
    .transform((meta) => meta ?? ''),
  ephemeral: z
    .boolean()
    .nullish()
    .transform((ephemeral) => ephemeral ?? false),
});
export type RestMessage = z.output<typeof messageSchema>;
// go-waku's empty cache is null.
export const messagesSchema = z
  .array(messageSchema)
  .nullable()
  .transform((messages) => messages ?? []);

export type Manner = 'wakunode2' | 'go-waku';

const POLL_MS = 50;

export class Pair {
  readonly options: PairOptions;
  readonly a: RestNode;
  readonly b: RestNode;
  readonly topic: string;
  /** Set by the check that looks at it: what builds on it is not applicable otherwise. */
  delivers = false;
  readonly #manners = new Map<RestNode, Manner>();
  #count = 0;
  readonly #run = Date.now().toString(36);

  constructor(options: PairOptions) {
    this.options = options;
    const [a, b] = options.urls;
    this.a = new RestNode(a, options.signal);
    this.b = new RestNode(b, options.signal);
    this.topic = formatPubsubTopic({ cluster: options.clusterId, shard: options.shard });
  }

  /**
   * Whose manner a node has: those of wakunode2's API say their nodeHealth, go-waku answers its health in words, or not.
   * What follows from it stands with each check.
   */
  async mannerOf(node: RestNode): Promise<Manner> {
    const known = this.#manners.get(node);
    if (known !== undefined) return known;
    const { text } = await node.call('GET', '/health');
    const manner = text.includes('nodeHealth') ? 'wakunode2' : 'go-waku';
    this.#manners.set(node, manner);
    return manner;
  }

  /** @throws what `look` throws, with the address of the node */
  async ofBoth(look: (node: RestNode, other: RestNode) => Promise<string>): Promise<string> {
    const seen: string[] = [];
    for (const [node, other] of [
      [this.a, this.b],
      [this.b, this.a],
    ] as const)
      try {
        seen.push(await look(node, other));
      } catch (error) {
        throw error instanceof CheckFailure ? new CheckFailure(`${node.url}: ${error.message}`) : error;
      }
    return [...new Set(seen)].join('; ');
  }

  /** A content topic of its own for each check. */
  contentTopic(): string {
    return `/waku-desk/1/conformance-${this.#run}-${++this.#count}/proto`;
  }

  /** @throws NotApplicable where messages do not come through at all */
  needDelivery(): void {
    if (!this.delivers) throw new NotApplicable('no message comes from one node to the other');
  }

  post(node: RestNode, fields: Fields, topic = this.topic): Promise<Answer> {
    return node.call('POST', `/relay/v1/messages/${encodeURIComponent(topic)}`, bodyOf(fields));
  }

  /** @throws CheckFailure unless the answer is 200 */
  async publish(node: RestNode, fields: Fields): Promise<void> {
    const answer = await this.post(node, fields);
    if (answer.status !== 200) throw new CheckFailure(`publishing: ${answerText(answer)}`);
  }

  /** What came since the last call. */
  take(node: RestNode, topic = this.topic): Promise<RestMessage[]> {
    return node.json('GET', `/relay/v1/messages/${encodeURIComponent(topic)}`, messagesSchema);
  }

  /** Every message of the content topic that comes until there are `count`. @throws CheckFailure when there are fewer */
  receive(node: RestNode, contentTopic: string, count = 1): Promise<RestMessage[]> {
    return this.collect(() => this.take(node), contentTopic, count);
  }

  async collect(
    take: () => Promise<RestMessage[]>,
    contentTopic: string,
    count: number,
  ): Promise<RestMessage[]> {
    const found: RestMessage[] = [];
    await this.until(`${count} of it`, async () => {
      found.push(...(await take()).filter((message) => message.contentTopic === contentTopic));
      return found.length >= count ? true : undefined;
    }).catch((error: unknown) => {
      throw error instanceof CheckFailure
        ? new CheckFailure(`${found.length} of ${count} came: ${error.message}`)
        : error;
    });
    return found;
  }

  /** Publishes one more message, and counts those of `contentTopic` that have come when that one is there. */
  async copiesBefore(from: RestNode, to: RestNode, contentTopic: string): Promise<number> {
    const last = this.contentTopic();
    await this.publish(from, { payload: base64('last'), contentTopic: last, timestamp: BigInt(Date.now()) });
    let copies = 0;
    const take = async (): Promise<RestMessage[]> => {
      const taken = await this.take(to);
      copies += taken.filter((message) => message.contentTopic === contentTopic).length;
      return taken;
    };
    await this.collect(take, last, 1);
    return copies;
  }

  /** Asks again and again. @throws CheckFailure when the time is over */
  async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const { timeoutMs, signal } = this.options;
    const endMs = performance.now() + timeoutMs;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (signal.aborted || performance.now() > endMs)
        throw new CheckFailure(`not ${what} within ${timeoutMs} ms`);
      await delay(POLL_MS, signal);
    }
  }
}

export function base64(bytes: Uint8Array | string): string {
  return Buffer.from(bytes).toString('base64');
}

/** JSON in which a bigint is written as the number that it is. */
export function bodyOf(fields: object): string {
  const entries = Object.entries(fields).map(
    ([key, value]) =>
      `${JSON.stringify(key)}:${typeof value === 'bigint' ? value.toString() : JSON.stringify(value)}`,
  );
  return `{${entries.join(',')}}`;
}
