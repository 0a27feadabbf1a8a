/** Our node among go-waku's: chains, a thousand messages, and everything that breaks and comes back. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseNodeConfig } from '../core/engine/config.ts';
import { JsEngine } from '../engines/js/engine.ts';
import { Session } from '../core/session/session.ts';
import type { LiveMessage } from '../core/session/types.ts';
import { runCli } from './cli-process.ts';
import { eventually, goMessage, GoInbox, hashOf, untilMesh, useGoWaku } from './go-waku.ts';
import { freePort, publish, publishArgs, startNode, TOPIC } from './nodes.ts';

const startGo = useGoWaku();
/** For what has to come back by itself. */
const RECOVERY_MS = 30_000;

describe('chains of three', () => {
  it('ours, go-waku, ours: messages go from end to end', async (context) => {
    const go = await startGo(context);
    const [one, other] = [
      await startNode([`--staticnode=${go.multiaddr}`]),
      await startNode([`--staticnode=${go.multiaddr}`]),
    ];
    for (const end of [one, other]) await untilMesh(end, [go.peerId]);
    // A publisher at one end: its messages take the whole chain.
    const sent = await publish(one.address, { payload: 'along the chain', flags: ['--repeat=20'] });
    const hashes = sent.lines('published').map(({ hash }) => hash);
    expect(hashes).toHaveLength(20);
    const heard = await other.cli.waitForCount('message', 20);
    expect(heard.map(({ hash }) => hash).sort()).toEqual(hashes.sort());
    expect(new Set(heard.map(({ fromPeer }) => fromPeer))).toEqual(new Set([go.peerId]));
  });

  it('go-waku, ours, go-waku: messages go from end to end, both ways', async (context) => {
    const [one, other] = [await startGo(context), await startGo(context)];
    const ours = await startNode([`--staticnode=${one.multiaddr}`, `--staticnode=${other.multiaddr}`]);
    await untilMesh(ours, [one.peerId, other.peerId]);
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const inbox = new GoInbox(to);
      const messages = Array.from({ length: 20 }, (_none, i) => goMessage({ text: `${from.pid} ${i}` }));
      for (const message of messages) await from.publish(TOPIC, message);
      for (const message of messages) await inbox.waitFor(hashOf(message));
    }
    expect(ours.cli.lines('message')).toHaveLength(40);
  });
});

describe('a gentle rate', () => {
  it('delivers 1,000 messages each way, each of them once', async (context) => {
    const go = await startGo(context);
    const ours = await startNode([`--staticnode=${go.multiaddr}`]);
    await untilMesh(ours, [go.peerId]);
    const publishing = runCli(publishArgs(go.multiaddr, { flags: ['--repeat=1000', '--rate=200'] }));
    const theirs: string[] = [];
    const startMs = performance.now();
    for (let i = 0; i < 1_000; i++) {
      await delay(i * 5 - (performance.now() - startMs));
      const message = goMessage({ text: `number ${i}` });
      await go.publish(TOPIC, message);
      theirs.push(hashOf(message));
    }
    const own = (await publishing).lines('published').map(({ hash }) => hash);
    expect(own).toHaveLength(1_000);

    const heardHere = (await ours.cli.waitForCount('message', 2_000)).map(({ hash }) => hash);
    expect(heardHere.sort()).toEqual([...theirs, ...own].sort());
    const inbox = new GoInbox(go);
    await inbox.waitFor(own.at(-1) ?? '');
    expect([...(await inbox.hashes())].sort()).toEqual([...theirs, ...own].sort());
    expect(ours.cli.lines('missed')).toEqual([]);
  });
});

describe('recovery', () => {
  it('after a pause of our node of 5 s: what was sent meanwhile arrives', async (context) => {
    const go = await startGo(context);
    const ours = await startNode([`--staticnode=${go.multiaddr}`]);
    await untilMesh(ours, [go.peerId]);
    ours.cli.signal('SIGSTOP');
    const hashes: string[] = [];
    for (let i = 0; i < 50; i++) {
      const message = goMessage({ text: `while paused ${i}` });
      await go.publish(TOPIC, message);
      hashes.push(hashOf(message));
      await delay(100);
    }
    ours.cli.signal('SIGCONT');
    const heard = await ours.cli.waitForCount('message', 50, RECOVERY_MS);
    expect(heard.map(({ hash }) => hash).sort()).toEqual(hashes.sort());
    // And the connection has held.
    expect(ours.cli.lines('peerLeft')).toEqual([]);
  });

  it('after a restart of go-waku with the same key and port: our node reconnects', async (context) => {
    const tcpPort = await freePort();
    const nodeKey = 'a7'.repeat(32);
    const before = await startGo(context, { tcpPort, nodeKey });
    const ours = await startNode([`--staticnode=${before.multiaddr}`]);
    await untilMesh(ours, [before.peerId]);
    await before.stop();
    await ours.cli.waitFor('peerLeft');
    await untilMesh(ours, []);
    const after = await startGo(context, { tcpPort, nodeKey });
    expect(after.multiaddr).toBe(before.multiaddr);
    await untilMesh(ours, [after.peerId], RECOVERY_MS);
    const message = goMessage({ text: 'back again' });
    await after.publish(TOPIC, message);
    await ours.cli.waitFor('message', { where: ({ hash }) => hash === hashOf(message) });
    const sent = await publish(ours.address);
    await new GoInbox(after).waitFor(sent.lines('published')[0]?.hash ?? '', RECOVERY_MS);
  });

  it('after go-waku unsubscribes and subscribes again: the mesh comes back', async (context) => {
    const go = await startGo(context);
    const ours = await startNode([`--staticnode=${go.multiaddr}`]);
    await untilMesh(ours, [go.peerId]);
    await go.unsubscribe([TOPIC]);
    await untilMesh(ours, []);
    await go.subscribe([TOPIC]);
    await untilMesh(ours, [go.peerId], RECOVERY_MS);
    const message = goMessage();
    await go.publish(TOPIC, message);
    await ours.cli.waitFor('message', { where: ({ hash }) => hash === hashOf(message) });
  });

  it('after our node unsubscribes and subscribes again: the mesh comes back', async (context) => {
    const go = await startGo(context);
    const { session, heard, meshSize } = await sessionHere(go.multiaddr);
    await eventually('mesh', 10_000, async () => Promise.resolve(meshSize() === 1 || undefined));
    await session.unsubscribe(TOPIC);
    await go.publish(TOPIC, goMessage({ text: 'while nobody listens' }));
    await delay(500);
    expect(heard).toEqual([]);
    await session.subscribe(TOPIC);
    await eventually('mesh after subscribing again', RECOVERY_MS, async () =>
      Promise.resolve(meshSize() === 1 || undefined),
    );
    const message = goMessage({ text: 'to be heard' });
    await go.publish(TOPIC, message);
    await eventually('message', 5_000, async () =>
      Promise.resolve(heard.some(({ hash }) => hash === hashOf(message)) || undefined),
    );
    const { hash } = await session.publish({
      payload: Buffer.from('and back'),
      contentTopic: '/back/1/e2e/proto',
      pubsubTopic: TOPIC,
    });
    await new GoInbox(go).waitFor(hash);
  });
});

/** A session in this process: the command line has no way to unsubscribe. */
async function sessionHere(
  staticNode: string,
): Promise<{ session: Session; heard: LiveMessage[]; meshSize: () => number }> {
  const config = parseNodeConfig({ staticNodes: [staticNode] });
  const session = new Session({ engine: new JsEngine(config), config });
  onTestFinished(() => session.stop());
  const heard: LiveMessage[] = [];
  session.attach(({ messages }) => {
    heard.push(...messages.filter(({ dir }) => dir === 'in'));
  });
  await session.start();
  const meshSize = (): number =>
    session.snapshot().topics.find(({ pubsubTopic }) => pubsubTopic === TOPIC)?.meshPeers.length ?? 0;
  return { session, heard, meshSize };
}
