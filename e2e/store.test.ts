/** Store queries of the engine go-waku, to a fixture store node. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { messageHashText } from '../core/waku/hash.ts';
import { createMessage, type WakuMessage } from '../core/waku/message.ts';
import { textOf } from './cli-lines.ts';
import { runCli } from './cli-process.ts';
import { startFixtureStore } from './fixture-store.ts';
import { GO_WAKU, needsLibgowaku } from './libgowaku.ts';
import { CONTENT_TOPIC, startNode, temporaryFolder, TOPIC } from './nodes.ts';

const START_NS = 1_769_860_800_000_000_000n;
const SECOND_NS = 1_000_000_000n;
/** One a second from 2026-01-31T12:00:00Z on. */
const MESSAGES: readonly WakuMessage[] = Array.from({ length: 25 }, (_, i) =>
  createMessage({
    payload: new TextEncoder().encode(`message ${String(i)}`),
    contentTopic: i % 5 === 0 ? '/waku-desk/1/fifth/proto' : CONTENT_TOPIC,
    timestampNs: START_NS + BigInt(i) * SECOND_NS,
    meta: Uint8Array.of(i),
  }),
);
const texts = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `message ${from + i}`);

describe('a store query', () => {
  beforeEach(needsLibgowaku);
  const ask = async (address: string, ...flags: string[]) => {
    const cli = await runCli(['store', '--json', GO_WAKU, `--peer=${address}`, ...flags], {
      timeoutMs: 60_000,
    });
    return { cli, texts: cli.lines('stored').map(textOf), end: cli.lines('end')[0] };
  };

  it('gives every field, oldest first, and says that there are more', async () => {
    const store = await startFixtureStore(MESSAGES);
    const { cli, texts: got, end } = await ask(store.address, '--limit=10');
    expect(cli.exit.code, cli.stderr).toBe(0);
    expect(got).toEqual(texts(0, 10));
    expect(end).toEqual({ event: 'end', messages: 10, complete: false });
    const [first] = MESSAGES;
    expect(cli.lines('stored')[0]).toEqual({
      event: 'stored',
      hash: messageHashText(TOPIC, first ?? createMessage({})),
      pubsubTopic: TOPIC,
      contentTopic: '/waku-desk/1/fifth/proto',
      timestampNs: String(START_NS),
      version: 0,
      ephemeral: false,
      meta: 'AA==',
      payload: Buffer.from('message 0').toString('base64'),
    });
    expect(cli.stderr).not.toContain('warning');
  });

  it('pages to the end with the cursor, and keeps what came in a capture', async () => {
    const many = Array.from({ length: 230 }, (_, i) =>
      createMessage({ ...MESSAGES[0], contentTopic: CONTENT_TOPIC, timestampNs: START_NS + BigInt(i) }),
    );
    const store = await startFixtureStore(many);
    const folder = join(await temporaryFolder(), 'capture');
    const { end, texts: got } = await ask(store.address, '--all', `--capture=${folder}`);
    expect(end).toMatchObject({ messages: 230, complete: true });
    expect(got).toHaveLength(230);
    expect(store.queries.map(({ limit, cursor }) => [limit, cursor === null])).toEqual([
      [100, true],
      [100, false],
      [100, false],
    ]);
    expect(existsSync(folder)).toBe(true);
  });

  it('asks by content topic, by time and by hash', async () => {
    const store = await startFixtureStore(MESSAGES);
    const fifth = await ask(store.address, '--content-topic=/waku-desk/1/fifth/proto');
    expect(fifth.texts).toEqual(['message 0', 'message 5', 'message 10', 'message 15', 'message 20']);
    const within = ['--from=2026-01-31T12:00:03Z', `--to=${String(START_NS + 6n * SECOND_NS)}`];
    expect((await ask(store.address, ...within)).texts).toEqual(texts(3, 7));
    const [, , third] = MESSAGES;
    const hash = messageHashText(TOPIC, third ?? createMessage({}));
    expect((await ask(store.address, `--hash=${hash}`)).texts).toEqual(['message 2']);
  });

  it('that the store refuses, or that reaches no store, says so', async () => {
    const store = await startFixtureStore([]);
    store.refuseWith = { code: 429, text: 'too many requests' };
    const refused = await ask(store.address);
    expect(refused.cli.exit.code).toBe(5);
    expect(refused.cli.error()).toMatchObject({ code: 'SERVICE_REFUSED' });
    const relay = await startNode();
    expect((await ask(relay.address)).cli.error()).toMatchObject({ code: 'SERVICE_REFUSED' });
    const nowhere = `/ip4/127.0.0.1/tcp/1/p2p/${relay.peerId}`;
    const unreached = await ask(nowhere, '--timeout-ms=10000');
    expect([3, 4]).toContain(unreached.cli.exit.code);
  });
});
