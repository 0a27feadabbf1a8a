/** `waku-desk publish`: what is sent, what is said of it, and every way that it can fail. */
import { writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { maxPayloadBytes } from '../core/waku/limits.ts';
import { createMessage } from '../core/waku/message.ts';
import { parseLines, payloadOf, textOf } from './cli-lines.ts';
import { runCli, startCli } from './cli-process.ts';
import { including, matching } from './matchers.ts';
import {
  CONTENT_TOPIC,
  freePort,
  publish,
  publishArgs,
  startNode,
  startSharedNode,
  temporaryFolder,
  TOPIC,
  type RunningNode,
} from './nodes.ts';

/** Receives what is published in the tests of this file. */
let node: RunningNode;
beforeAll(async () => {
  node = await startSharedNode();
  return () => node.cli.end();
});

function received(hash: string | undefined): Promise<string> {
  return node.cli.waitFor('message', { where: (line) => line.hash === hash }).then(textOf);
}

describe('the payload', () => {
  it('is text', async () => {
    const sent = await publish(node.address, { payload: 'Grüße, 世界' });
    expect(sent.exit.code).toBe(0);
    expect(await received(sent.lines('published')[0]?.hash)).toBe('Grüße, 世界');
  });

  it('is the content of a file after @', async () => {
    const path = join(await temporaryFolder(), 'payload.bin');
    const bytes = Buffer.from([0, 255, 10, 13, 0, 128]);
    await writeFile(path, bytes);
    const sent = await publish(node.address, { payload: `@${path}` });
    const hash = sent.lines('published')[0]?.hash;
    const line = await node.cli.waitFor('message', { where: (message) => message.hash === hash });
    expect(payloadOf(line)).toEqual(bytes);
  });

  it('is standard input for -', async () => {
    const sent = await publish(node.address, { payload: '-', input: 'from a pipe\n' });
    expect(await received(sent.lines('published')[0]?.hash)).toBe('from a pipe\n');
  });

  it('is text that begins with @ after @@', async () => {
    const sent = await publish(node.address, { payload: '@@everyone' });
    expect(await received(sent.lines('published')[0]?.hash)).toBe('@everyone');
  });

  it('of a file that is not there is bad use', async () => {
    const sent = await publish(node.address, { payload: '@/no/such/file' });
    expect(sent.exit.code).toBe(2);
    expect(sent.error()).toMatchObject({
      code: 'FILE_FAILED',
      message: including('/no/such/file'),
    });
  });
});

describe('what is said of a message', () => {
  it('is its hash, its time and how many peers it was really sent to', async () => {
    const sent = await publish(node.address, { payload: 'hello' });
    expect(parseLines(sent.stdout)).toHaveLength(1);
    const [line] = sent.lines('published');
    expect(line).toEqual({
      event: 'published',
      hash: matching(/^0x[0-9a-f]{64}$/),
      pubsubTopic: TOPIC,
      contentTopic: CONTENT_TOPIC,
      timestampNs: matching(/^\d{19}$/),
      payloadBytes: 5,
      sentToPeers: 1,
      states: ['accepted', 'sent'],
    });
    expect(await received(line?.hash)).toBe('hello');
  });

  it('is one line for people', async () => {
    const args = publishArgs(node.address).filter((argument) => argument !== '--json');
    const sent = await runCli(args);
    expect(sent.stdout).toMatch(/^0x[0-9a-f]{64} {2}sent to 1 peer\n$/);
    expect(sent.stderr).toBe('');
  });

  it.each([
    ['beyond 2^53', '9223372036854775807'],
    ['negative', '-1'],
    ['the smallest', '-9223372036854775808'],
  ])('keeps a timestamp that is %s', async (_what, timestamp) => {
    const sent = await publish(node.address, { payload: timestamp, flags: [`--timestamp=${timestamp}`] });
    const hash = sent.lines('published')[0]?.hash;
    const line = await node.cli.waitFor('message', { where: (message) => message.hash === hash });
    expect(line.timestampNs).toBe(timestamp);
  });

  it('keeps version, meta and ephemeral', async () => {
    const sent = await publish(node.address, {
      flags: ['--message-version=4294967295', '--meta=0x00ff10', '--ephemeral'],
    });
    const hash = sent.lines('published')[0]?.hash;
    const line = await node.cli.waitFor('message', { where: (message) => message.hash === hash });
    expect(line).toMatchObject({ version: 4_294_967_295, meta: 'AP8Q', ephemeral: true });
  });
});

describe('--repeat and --rate', () => {
  it('sends many messages that are all different and all arrive', async () => {
    const sent = await publish(node.address, { payload: 'many', flags: ['--repeat=200'] });
    const hashes = sent.lines('published').map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(200);
    await node.cli.until('all of them', () => {
      const heard = new Set(node.cli.lines('message').map(({ hash }) => hash));
      return hashes.every((hash) => heard.has(hash)) ? true : undefined;
    });
  });

  it('keeps the rate', async () => {
    const sent = await publish(node.address, { flags: ['--repeat=40', '--rate=20'] });
    const times = sent.lines('published').map(({ timestampNs }) => Number(BigInt(timestampNs) / 1_000_000n));
    expect(times).toHaveLength(40);
    const seconds = ((times.at(-1) ?? 0) - (times.at(0) ?? 0)) / 1_000;
    // 39 pauses of 50 ms; a busy machine may be late, but nothing may be early.
    expect(seconds).toBeGreaterThan(1.85);
    expect(seconds).toBeLessThan(3);
  });
});

describe('SIGTERM', () => {
  it('ends it in time, also while it sends as fast as it can', async () => {
    const own = await startNode(['--quiet']);
    const publisher = startCli(publishArgs(own.address, { flags: ['--repeat=1000000'] }));
    await publisher.waitForCount('published', 1_000);
    const exit = await publisher.terminate();
    expect(exit).toMatchObject({ code: 0, signal: null });
    expect(exit.afterMs).toBeLessThan(5_000);
  });

  it('ends it in time while it waits for its next message', async () => {
    const publisher = startCli(publishArgs(node.address, { flags: ['--repeat=10', '--rate=0.01'] }));
    await publisher.waitFor('published');
    const exit = await publisher.terminate();
    expect(exit).toMatchObject({ code: 0, signal: null });
    expect(exit.afterMs).toBeLessThan(5_000);
  });
});

describe('a node that reads slowly', () => {
  it.each([
    // More than the connection holds.
    ['in the midst of many large ones', 'x'.repeat(20_000), ['--repeat=300', '--rate=300']],
    ['before the last one', 'small', ['--repeat=2', '--rate=1']],
  ])('gets every message that is said to be sent, when it pauses %s', async (_what, payload, flags) => {
    const own = await startNode();
    const publisher = startCli(publishArgs(own.address, { payload, flags }));
    await publisher.waitFor('published');
    own.cli.signal('SIGSTOP');
    await delay(3_000);
    own.cli.signal('SIGCONT');
    expect(await publisher.waitForExit(60_000)).toMatchObject({ code: 0 });
    const sent = publisher.lines('published');
    expect(`--repeat=${sent.length}`).toBe(flags[0]);
    // What comes, comes within seconds.
    await own.cli.waitForCount('message', sent.length, 10_000).catch(() => undefined);
    const received = new Set(own.cli.lines('message').map(({ hash }) => hash));
    expect(sent.filter(({ hash }) => !received.has(hash)).length).toBe(0);
  });
});

describe('a node that goes away while messages are sent', () => {
  it('ends it with an error: no message is said to be sent that nobody got', async () => {
    const own = await startNode();
    const publisher = startCli(
      publishArgs(own.address, { flags: ['--repeat=200', '--rate=20', '--timeout-ms=3000'] }),
    );
    await publisher.waitForCount('published', 10);
    await own.cli.terminate();
    const { code } = await publisher.waitForExit();
    const sentToNobody = publisher
      .lines('published')
      .filter(({ sentToPeers, states }) => sentToPeers === 0 && states.includes('sent'));
    expect(sentToNobody.length).toBe(0);
    expect([3, 4]).toContain(code);
  });
});

describe('the relay rules end it with exit code 5', () => {
  /** The largest payload with the fields that `publish` sets by default. */
  const most = maxPayloadBytes(
    TOPIC,
    createMessage({ contentTopic: CONTENT_TOPIC, timestampNs: BigInt(Date.now()) * 1_000_000n }),
  );

  it.each([
    ['an empty payload', { payload: '' }, 'PAYLOAD_EMPTY'],
    ['an empty standard input', { payload: '-', input: '' }, 'PAYLOAD_EMPTY'],
    ['an empty content topic', { contentTopic: '' }, 'CONTENT_TOPIC_EMPTY'],
    ['65 bytes of meta', { flags: [`--meta=${'00'.repeat(65)}`] }, 'META_TOO_LARGE'],
    ['one byte too many', { payload: '-', input: Buffer.alloc(most + 1, 1) }, 'MESSAGE_TOO_LARGE'],
    [
      'more than any message may have',
      { payload: '-', input: Buffer.alloc(300_000, 1) },
      'MESSAGE_TOO_LARGE',
    ],
  ])('for %s', async (_what, publishing, code) => {
    const sent = await publish(node.address, publishing);
    expect(sent.exit.code, sent.stderr).toBe(5);
    expect(sent.error()).toMatchObject({ code });
    expect(sent.error().hint).not.toBe('');
    expect(sent.stdout).toBe('');
  });

  it('but not for a payload of exactly the limit, nor for 64 bytes of meta', async () => {
    const sent = await publish(node.address, { payload: '-', input: Buffer.alloc(most, 1) });
    expect(sent.exit.code, sent.stderr).toBe(0);
    expect(await received(sent.lines('published')[0]?.hash)).toHaveLength(most);
    const withMeta = await publish(node.address, { flags: [`--meta=${'00'.repeat(64)}`] });
    expect(withMeta.exit.code, withMeta.stderr).toBe(0);
  });

  it('with a limit that the network sets', async () => {
    const large = await startNode(['--max-msg-size=1MiB']);
    const input = Buffer.alloc(500_000, 1);
    const sent = await publish(large.address, { payload: '-', input, flags: ['--max-msg-size=1MiB'] });
    expect(sent.exit.code, sent.stderr).toBe(0);
    const [line] = await large.cli.waitForCount('message', 1);
    expect(line && payloadOf(line).length).toBe(500_000);
  });
});

describe('a node that cannot be published to', () => {
  it('that has no such shard is a time-out', async () => {
    const sent = await publish(node.address, { flags: ['--shard=33', '--timeout-ms=4000'] });
    expect(sent.exit.code).toBe(4);
    expect(sent.error()).toMatchObject({
      code: 'TIMED_OUT',
      message: including('/waku/2/rs/16/33'),
    });
    expect(sent.stdout).toBe('');
  });

  it('where nobody listens is exit code 3', async () => {
    const sent = await publish(`/ip4/127.0.0.1/tcp/${await freePort()}`);
    expect(sent.exit.code).toBe(3);
    expect(sent.error()).toMatchObject({
      code: 'CONNECT_FAILED',
      hint: including('Nobody listens'),
    });
  });

  it('of another cluster is exit code 3 and says so', async () => {
    const sent = await publish(node.address, { flags: ['--cluster-id=17'] });
    expect(sent.exit.code).toBe(3);
    expect(sent.error()).toMatchObject({
      code: 'WRONG_CLUSTER',
      message: matching(/cluster 16.*cluster 17/),
    });
  });

  it('that has another peer id is exit code 3 and says so', async () => {
    const other = await startNode();
    const sent = await publish(node.address.replace(node.peerId, other.peerId));
    expect(sent.exit.code).toBe(3);
    expect(sent.error()).toMatchObject({
      code: 'CONNECT_FAILED',
      hint: including('Another node'),
    });
  });

  it('that hangs up at once, or speaks another protocol, is exit code 3', async () => {
    for (const answer of ['', 'HTTP/1.1 400 Bad Request\r\n\r\n']) {
      const sent = await publish(await strangeServer((socket) => socket.end(answer)), {
        flags: ['--timeout-ms=14000'],
      });
      expect(sent.exit.code, sent.stderr).toBe(3);
      expect(sent.error().code).toBe('CONNECT_FAILED');
    }
  });

  it('that never answers ends when the time is over, with exit code 3 or 4', async () => {
    const address = await strangeServer(() => undefined);
    const sent = await publish(address, { flags: ['--timeout-ms=1500'] });
    expect([3, 4]).toContain(sent.exit.code);
    // Sooner than without a limit.
    expect(sent.exit.afterMs).toBeLessThan(12_000);
    expect(['TIMED_OUT', 'CONNECT_FAILED']).toContain(sent.error().code);
  });
});

/** A TCP server that is no Waku node. @returns its multiaddr */
async function strangeServer(connected: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    connected(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}`;
}
