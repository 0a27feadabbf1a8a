/** Our node and go-waku's own: messages, peers, clusters and limits. */
import { describe, expect, it } from 'vitest';
import { maxPayloadBytes } from '../core/waku/limits.ts';
import { createMessage } from '../core/waku/message.ts';
import { payloadOf } from './cli-lines.ts';
import { runCli, startCli } from './cli-process.ts';
import { eventually, goMessage, GoInbox, hashOf, untilConnected, untilMesh, useGoWaku } from './go-waku.ts';
import { including, listWith } from './matchers.ts';
import { CONTENT_TOPIC, publish, startNode, TOPIC } from './nodes.ts';

const startGo = useGoWaku();

describe('messages', () => {
  it('go both ways when our node dials, with equal hashes', async (context) => {
    const go = await startGo(context);
    const ours = await startNode([`--staticnode=${go.multiaddr}`]);
    await untilMesh(ours, [go.peerId]);
    const message = goMessage();
    await go.publish(TOPIC, message);
    const heard = await ours.cli.waitFor('message');
    expect(heard).toMatchObject({ hash: hashOf(message), fromPeer: go.peerId, dir: 'in' });

    const sent = await publish(go.multiaddr, { payload: 'hello from here' });
    expect(sent.exit.code, sent.stderr).toBe(0);
    const hash = sent.lines('published')[0]?.hash ?? '';
    const there = await new GoInbox(go).waitFor(hash);
    expect(Buffer.from(there.payload).toString()).toBe('hello from here');
    // And from there to the other one of ours.
    await ours.cli.waitFor('message', { where: (line) => line.hash === hash });
  });

  it('go both ways when go-waku dials', async (context) => {
    const go = await startGo(context);
    const ours = await startNode();
    await go.connect(ours.address);
    await untilMesh(ours, [go.peerId]);
    const message = goMessage();
    await go.publish(TOPIC, message);
    expect(await ours.cli.waitFor('message')).toMatchObject({ hash: hashOf(message) });
    const sent = await publish(ours.address);
    await new GoInbox(go).waitFor(sent.lines('published')[0]?.hash ?? '');
  });

  it('keep every field both ways, whatever the timestamp is', async (context) => {
    const go = await startGo(context);
    const ours = await startNode([`--staticnode=${go.multiaddr}`]);
    await untilMesh(ours, [go.peerId]);
    const inbox = new GoInbox(go);
    const meta = new Uint8Array(64).fill(0xff);
    const tenYearsAhead = BigInt(Date.now() + 315_360_000_000) * 1_000_000n;
    for (const timestampNs of [2n ** 63n - 1n, -1n, -(2n ** 63n), 1n, tenYearsAhead]) {
      const message = goMessage({ timestampNs, meta, ephemeral: true, version: 4_294_967_295 });
      await go.publish(TOPIC, message);
      const hash = hashOf(message);
      const heard = await ours.cli.waitFor('message', { where: (line) => line.hash === hash });
      expect(heard).toMatchObject({
        contentTopic: message.contentTopic,
        timestampNs: String(timestampNs),
        ephemeral: true,
        version: 4_294_967_295,
        meta: Buffer.from(meta).toString('base64'),
      });
      expect(payloadOf(heard)).toEqual(Buffer.from(message.payload));

      const sent = await publish(go.multiaddr, {
        payload: 'from here',
        contentTopic: '/ünïcode/1/e2e/proto',
        flags: [
          `--timestamp=${timestampNs}`,
          `--meta=${Buffer.from(meta).toString('hex')}`,
          '--ephemeral',
          '--message-version=2',
        ],
      });
      expect(sent.exit.code, sent.stderr).toBe(0);
      expect(await inbox.waitFor(sent.lines('published')[0]?.hash ?? '')).toEqual({
        payload: new Uint8Array(Buffer.from('from here')),
        contentTopic: '/ünïcode/1/e2e/proto',
        timestampNs,
        meta,
        ephemeral: true,
        version: 2,
      });
    }
  });
});

describe('peers', () => {
  it('are seen on both sides', async (context) => {
    const go = await startGo(context);
    const ours = await startNode([`--staticnode=${go.multiaddr}`]);
    expect(await ours.cli.waitFor('peerIdentified')).toMatchObject({
      peerId: go.peerId,
      agent: including('go-waku'),
      origin: 'static',
      shards: [32],
      protocols: listWith(['/vac/waku/relay/2.0.0', '/vac/waku/metadata/1.0.0']),
    });
    await untilConnected(go, ours.peerId);
    const peers = await go.peers();
    expect(peers.find(({ id }) => id === ours.peerId)).toMatchObject({
      protocols: ['/vac/waku/relay/2.0.0'],
      multiaddrs: [ours.address],
    });

    const cli = await runCli(['peers', `--connect=${go.multiaddr}`, '--json', '--wait-ms=2500']);
    expect(cli.lines('peer')).toEqual([
      expect.objectContaining({ peerId: go.peerId, shards: [32], meshTopics: [TOPIC] }),
    ]);
    const ping = await runCli(['ping', go.multiaddr, '--count=1', '--json']);
    expect(ping.lines('summary')).toEqual([expect.objectContaining({ answered: 1 })]);
  });

  it('of another cluster are dropped by both, whoever dials, and nothing passes', async (context) => {
    const go = await startGo(context, { clusterId: 17 });
    const ours = await startNode([`--staticnode=${go.multiaddr}`, '--pubsub-topic=/waku/2/rs/17/32']);
    await ours.cli.waitFor('peerLeft', { where: ({ peerId }) => peerId === go.peerId });
    await untilConnected(go, ours.peerId, false);

    await go.connect(ours.address).catch(() => undefined);
    await ours.cli.waitForCount('peerLeft', 2);
    await untilConnected(go, ours.peerId, false);
    await go.publish('/waku/2/rs/17/32', goMessage());
    expect(ours.cli.lines('message')).toEqual([]);
    expect(ours.cli.lines('peerIdentified')).toEqual([]);
  });

  it('of another cluster make publish end with 3 and name the likely reason', async (context) => {
    const go = await startGo(context);
    const sent = await publish(go.multiaddr, { flags: ['--cluster-id=17'] });
    expect(sent.exit.code).toBe(3);
    const { code, message, hint } = sent.error();
    // Either side may be the first to hang up.
    expect(['WRONG_CLUSTER', 'CONNECT_FAILED']).toContain(code);
    expect(message + hint).toMatch(/cluster|another network/);
  });

  it('beyond the five that go-waku takes from one address are told so', async (context) => {
    const go = await startGo(context, { extraArgs: ['--ip-colocation-limit=5'] });
    const five = Array.from({ length: 5 }, () => startCli(['subscribe', `--connect=${go.multiaddr}`]));
    for (const cli of five)
      await cli.until('listening', () => (cli.stderr.includes('listening on') ? true : undefined));
    const sixth = await runCli(['peers', `--connect=${go.multiaddr}`, '--timeout-ms=20000', '--json']);
    expect(sixth.exit.code, sixth.stdout).toBe(3);
    expect(sixth.error()).toMatchObject({
      code: 'CONNECT_FAILED',
      hint: including('5 connections'),
    });
  });
});

describe('the size limit', () => {
  const timestampNs = BigInt(Date.now()) * 1_000_000n;
  const most = maxPayloadBytes(TOPIC, createMessage({ contentTopic: CONTENT_TOPIC, timestampNs }));

  it('lets a payload of exactly the limit through, both ways', async (context) => {
    const go = await startGo(context);
    const ours = await startNode([`--staticnode=${go.multiaddr}`]);
    await untilMesh(ours, [go.peerId]);
    const sent = await publish(go.multiaddr, { payload: '-', input: Buffer.alloc(most, 7) });
    expect(sent.exit.code, sent.stderr).toBe(0);
    const there = await new GoInbox(go).waitFor(sent.lines('published')[0]?.hash ?? '');
    expect(there.payload).toHaveLength(most);
    // go-waku passes it on as well.
    await ours.cli.waitForCount('message', 1);

    const message = goMessage({ payload: new Uint8Array(most).fill(8), timestampNs });
    await go.publish(TOPIC, message);
    await ours.cli.waitFor('message', { where: ({ hash }) => hash === hashOf(message) });
  });

  it('refuses one byte more here, with exit code 5, and go-waku hears nothing', async (context) => {
    const go = await startGo(context);
    const sent = await publish(go.multiaddr, { payload: '-', input: Buffer.alloc(most + 1, 7) });
    expect(sent.exit.code).toBe(5);
    expect(sent.error()).toMatchObject({
      code: 'MESSAGE_TOO_LARGE',
      message: including(String(most)),
    });
    expect(await new GoInbox(go).hashes()).toEqual([]);
  });

  it('refuses nothing of what one go-waku node sends to another', async (context) => {
    const [first, second] = [await startGo(context), await startGo(context)];
    const ours = await startNode([`--staticnode=${first.multiaddr}`]);
    await first.connect(second.multiaddr);
    await untilMesh(ours, [first.peerId]);
    const inbox = new GoInbox(second);
    const before = goMessage({ text: 'the mesh is there', timestampNs });
    await first.publish(TOPIC, before);
    await inbox.waitFor(hashOf(before));

    // go-waku writes fewer bytes around a payload than nwaku, so more fits; three sizes, since each one that is
    // refused lowers its score here. The last of all is too large for it as well, and goes nowhere.
    for (const extra of [1, 5, 10]) {
      const message = goMessage({ payload: new Uint8Array(most + extra), timestampNs });
      await first.publish(TOPIC, message);
    }
    const sizes = await eventually('the three sizes', 10_000, async () => {
      const heard = (await inbox.read())
        .map(({ payload }) => payload.length - most)
        .filter((size) => size > 0);
      return heard.length === 3 ? heard : undefined;
    });
    expect(sizes.sort((a, b) => a - b)).toEqual([1, 5, 10]);
    const after = goMessage({ text: 'after them', timestampNs });
    await first.publish(TOPIC, after);
    await ours.cli.waitFor('message', { where: ({ hash }) => hash === hashOf(after) });
    expect(ours.cli.lines('messageRefused')).toEqual([]);
    expect(ours.cli.lines('message')).toHaveLength(5);
  });
});
