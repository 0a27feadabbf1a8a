/** The lines that measurements of networks read: true for every message and peer, on every engine. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { needsLibgowaku, GO_WAKU } from '../libgowaku.ts';
import { temporaryFolder, TOPIC } from '../nodes.ts';
import { startRestNode, type RestNode } from './rest-node.ts';

const MESSAGES = 20;

interface Line {
  verb: string;
  me: string;
  hash: string;
  peer: string;
}

describe('lines of received and sent messages', () => {
  it('match between nodes of the engine js: who was sent a message says that it came', () => match([]));

  it('are JSON where that is asked for, and in node.log as well', async () => {
    const nodeLog = join(await temporaryFolder(), 'node.log');
    const [a, b] = await startChain([['--log-format=json', `--node-log=${nodeLog}`], []]);
    await publish(a, 'one');
    await b.cli.waitFor('message');
    const printed = await a.cli.until('a line', () =>
      a.cli.stderr.split('\n').find((line) => line.includes('"sent relay message"')),
    );
    expect(JSON.parse(printed)).toMatchObject({
      lvl: 'NTC',
      msg: 'sent relay message',
      topics: 'waku relay',
      my_peer_id: short(a.peerId),
      to_peer_id: short(b.peerId),
      topic: TOPIC,
      payloadSizeBytes: 3,
    });
    expect(printed).toMatch(/"msg_hash":"0x[0-9a-f]{64}".*"sentTime":\d{19},/);
    await a.cli.terminate();
    expect(await readFile(nodeLog, 'utf8')).toBe(`${printed}\n`);
  });

  describe('with a native engine', () => {
    beforeEach(needsLibgowaku);
    it('match between nodes of the engine go-waku', () => match([GO_WAKU]));
  });
});

async function match(flags: readonly string[]): Promise<void> {
  const nodes = await startChain([flags, flags, flags]);
  const [first, , last] = nodes;
  for (let i = 0; i < MESSAGES; i++) await publish(first, `message ${i}`);
  await last.cli.waitForCount('message', MESSAGES);
  const linesOf = ({ cli }: RestNode): Line[] => cli.stderr.split('\n').flatMap(parse);
  const received = (peer: string, hash: string): boolean =>
    nodes.some(
      (node) =>
        short(node.peerId) === peer &&
        linesOf(node).some((line) => line.verb === 'received' && line.hash === hash),
    );
  // Native engines print behind the message.
  for (const node of nodes)
    await node.cli.until('a line for each message', () => {
      const hashes = linesOf(node).filter(({ verb }) => verb === (node === last ? 'received' : 'sent'));
      return new Set(hashes.map(({ hash }) => hash)).size >= MESSAGES ? true : undefined;
    });
  const sent = nodes.flatMap(linesOf).filter(({ verb }) => verb === 'sent');
  expect(sent.length).toBeGreaterThanOrEqual(2 * MESSAGES);
  expect(sent.filter(({ peer, hash }) => !received(peer, hash) && peer !== short(first.peerId))).toEqual([]);
  const heard = linesOf(last).filter(({ verb }) => verb === 'received');
  expect(heard.map(({ hash }) => hash).sort()).toEqual(
    last.cli
      .lines('message')
      .map(({ hash }) => hash)
      .sort(),
  );
  for (const line of heard)
    expect(line).toMatchObject({ me: short(last.peerId), peer: short(nodes[1].peerId) });
}

async function startChain<T extends readonly (readonly string[])[]>(
  flags: T,
): Promise<{ [K in keyof T]: RestNode } & [RestNode, RestNode, RestNode]> {
  const nodes: RestNode[] = [];
  for (const given of flags) {
    const before = nodes.at(-1);
    const node = await startRestNode([
      '--relay-lines',
      ...given,
      ...(before ? [`--staticnode=${before.address}`] : []),
    ]);
    if (before)
      await node.cli.waitFor('meshChanged', { where: ({ peerIds }) => peerIds.includes(before.peerId) });
    if (before)
      await before.cli.waitFor('meshChanged', { where: ({ peerIds }) => peerIds.includes(node.peerId) });
    nodes.push(node);
  }
  return nodes as never;
}

async function publish(node: RestNode, text: string): Promise<void> {
  const payload = Buffer.from(text).toString('base64');
  const body = `{"payload":"${payload}","contentTopic":"/waku-desk/1/lines/proto"}`;
  const path = `/relay/v1/messages/${encodeURIComponent(TOPIC)}`;
  expect(await node.call(path, { method: 'POST', body })).toMatchObject({ status: 200 });
}

function parse(line: string): Line[] {
  const found =
    /^[A-Z]{3} \S+ \S+ (received|sent) relay message .* my_peer_id=(\S+) msg_hash=(0x[0-9a-f]{64}) .*(?:from|to)_peer_id=(\S+) .*(?:received|sent)Time=\d{19}/.exec(
      line,
    );
  if (found === null) return [];
  const [, verb = '', me = '', hash = '', peer = ''] = found;
  return [{ verb, me, hash, peer }];
}

const short = (peerId: string): string => `${peerId.slice(0, 3)}*${peerId.slice(-6)}`;
