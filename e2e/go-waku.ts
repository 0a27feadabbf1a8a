/** go-waku's own node in a test: built once, started and ended with the test. */
import { beforeAll, onTestFinished, type TestContext } from 'vitest';
import { messageHashText } from '../core/waku/hash.ts';
import { createMessage } from '../core/waku/message.ts';
import { buildCmdWaku } from './cmd-waku/build.mjs';
import {
  startCmdWaku,
  type CmdWaku,
  type CmdWakuMessage,
  type CmdWakuOptions,
  type CmdWakuPublish,
} from './cmd-waku/cmd-waku.ts';
import { CONTENT_TOPIC, TOPIC, type RunningNode } from './nodes.ts';

/** With a download and without a cache; nothing later. */
const BUILD_MS = 15 * 60_000;
const POLL_MS = 50;

export type StartGo = (context: TestContext, options?: Partial<CmdWakuOptions>) => Promise<CmdWaku>;

/**
 * Builds cmd/waku before the tests of a file.
 * @returns starts a node on cluster 16, shard 32, or skips the test and says why
 */
export function useGoWaku(): StartGo {
  let build: Awaited<ReturnType<typeof buildCmdWaku>>;
  beforeAll(async () => {
    build = await buildCmdWaku();
  }, BUILD_MS);
  return async (context, options = {}) => {
    if ('skipped' in build) return context.skip(build.skipped);
    const node = await startCmdWaku(build.path, { clusterId: 16, shards: [32], ...options });
    onTestFinished(() => node.stop());
    return node;
  };
}

/** A message for go-waku to publish. */
export function goMessage(fields: Partial<CmdWakuPublish> & { text?: string } = {}): CmdWakuPublish {
  const { text = 'hello from Go', ...others } = fields;
  return {
    payload: new Uint8Array(Buffer.from(text)),
    contentTopic: CONTENT_TOPIC,
    timestampNs: BigInt(Date.now()) * 1_000_000n,
    ...others,
  };
}

/** The deterministic hash of a message as go-waku has it, computed from its fields. */
export function hashOf(message: CmdWakuMessage, pubsubTopic = TOPIC): string {
  return messageHashText(pubsubTopic, createMessage(message));
}

/** What a go-waku node hears on a topic, by hash; kept, because its REST API gives each message once. */
export class GoInbox {
  readonly messages: CmdWakuMessage[] = [];
  readonly #node: CmdWaku;
  readonly #pubsubTopic: string;

  constructor(node: CmdWaku, pubsubTopic = TOPIC) {
    this.#node = node;
    this.#pubsubTopic = pubsubTopic;
  }

  async read(): Promise<CmdWakuMessage[]> {
    this.messages.push(...(await this.#node.messages(this.#pubsubTopic)));
    return this.messages;
  }

  async hashes(): Promise<string[]> {
    return (await this.read()).map((message) => hashOf(message, this.#pubsubTopic));
  }

  /** The message with this hash, as soon as it is there. */
  async waitFor(hash: string, timeoutMs = 15_000): Promise<CmdWakuMessage> {
    const what = `the message ${hash} at ${this.#node.multiaddr}`;
    return eventually(what, timeoutMs, async () => {
      const messages = await this.read();
      return messages.find((message) => hashOf(message, this.#pubsubTopic) === hash);
    });
  }
}

/** Asks again and again until there is something. */
export async function eventually<T>(
  what: string,
  timeoutMs: number,
  check: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`no ${what} within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Resolves when the node has this peer connected, or has it no longer. */
export async function untilConnected(node: CmdWaku, peerId: string, connected = true): Promise<void> {
  await eventually(`${connected ? '' : 'end of the '}connection to ${peerId}`, 15_000, async () => {
    const peer = (await node.peers()).find(({ id }) => id === peerId);
    return (peer?.connected ?? false) === connected ? true : undefined;
  });
}

/** Resolves when our node has exactly these peers in its mesh of the default topic. */
export async function untilMesh(
  { cli }: RunningNode,
  peerIds: readonly string[],
  timeoutMs = 15_000,
): Promise<void> {
  const wanted = [...peerIds].sort().join();
  await cli.until(
    `mesh of ${peerIds.length === 0 ? 'nobody' : wanted}`,
    () => {
      const last = cli
        .lines('meshChanged')
        .filter(({ pubsubTopic }) => pubsubTopic === TOPIC)
        .at(-1);
      return [...(last?.peerIds ?? [])].sort().join() === wanted ? true : undefined;
    },
    timeoutMs,
  );
}
