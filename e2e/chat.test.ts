/** `waku-desk chat`: with itself, with the window, through go-waku's own node; what it prints and how it ends. */
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_CHAT_TOPIC } from '../core/waku/chat.ts';
import { chatBytes } from './chat-bytes.ts';
import { payloadOf, type ChatLine, type PublishedLine } from './cli-lines.ts';
import { ROOT, runCli, startCli, type CliProcess } from './cli-process.ts';
import { GoInbox, useGoWaku } from './go-waku.ts';
import { publish, startSharedNode, temporaryFolder, TOPIC, type RunningNode } from './nodes.ts';
import { serveForTest, useBrowser } from './window/browser-host.ts';
import { see } from './window/desk-window.ts';

/** Stands between those who talk. */
let node: RunningNode;
beforeAll(async () => {
  node = await startSharedNode();
  return () => node.cli.end();
});

/** Somebody who types and reads JSON lines. Each test has a room of its own. */
async function chat(address: string, nick: string, room: string, ...flags: string[]): Promise<CliProcess> {
  const args = ['chat', `--connect=${address}`, `--nick=${nick}`, `--room=${room}`, '--json', ...flags];
  const cli = startCli(args, { input: { open: true } });
  await cli.until('its room', () => (cli.stderr.includes(`in ${room} `) ? true : undefined));
  return cli;
}

const heard = (cli: CliProcess, text: string): Promise<ChatLine> =>
  cli.waitFor('chat', { where: (line) => line.text === text });
const sent = (cli: CliProcess, text: string): Promise<PublishedLine> =>
  cli.waitFor('published', { where: (line) => 'text' in line && line.text === text });

describe('two of them', () => {
  it('talk with each other in the bytes of chat2, and say what became of each line', async () => {
    const ann = await chat(node.address, 'ann', 'pair');
    const ben = await chat(node.address, 'Bén 👋', 'pair');
    ann.type('good morning');
    const published = await sent(ann, 'good morning');
    expect(published).toMatchObject({ sentToPeers: 1, pubsubTopic: TOPIC, nick: 'ann' });
    const line = await heard(ben, 'good morning');
    expect(line).toMatchObject({ nick: 'ann', hash: published.hash, contentTopic: '/toy-chat/2/pair/proto' });
    expect(payloadOf(line).toString('hex')).toBe(
      chatBytes(line.writtenS, 'ann', 'good morning').toString('hex'),
    );
    expect(Math.abs(line.writtenS - Date.now() / 1_000)).toBeLessThan(60);
    await ann.waitFor('delivery', {
      where: ({ hash, state }) => hash === published.hash && state === 'echoed',
    });
    ben.type('hello ann ✓');
    expect(await heard(ann, 'hello ann ✓')).toMatchObject({ nick: 'Bén 👋' });
    // Own lines are not printed as heard.
    expect(ann.lines('chat')).toHaveLength(1);
    ann.endInput();
    expect(await ann.waitForExit()).toMatchObject({ code: 0 });
    expect(await ben.terminate()).toMatchObject({ code: 0 });
  });
});

describe('a pipe', () => {
  it('sends each of its lines, ends with 0, and is read by people', async () => {
    const ben = await chat(node.address, 'ben', 'pipe');
    const args = ['chat', `--connect=${node.address}`, '--nick=ann', '--room=pipe'];
    const ann = await runCli(args, { input: 'first\n\n/quit is a line\nlast without an end' });
    expect(ann.exit.code, ann.stderr).toBe(0);
    await heard(ben, 'last without an end');
    expect(ben.lines('chat').map(({ text }) => text)).toEqual([
      'first',
      '/quit is a line',
      'last without an end',
    ]);
    expect(ann.stdoutLines).toHaveLength(3);
    expect(ann.stdoutLines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ann: first {2}\[sent to 1 peer\]$/);
    expect(ann.stderr).toBe(`in pipe (/toy-chat/2/pipe/proto) on ${TOPIC}, 1 peer connected\n`);
  });

  it('whose line is too large ends with 5, after those before it', async () => {
    const args = ['chat', `--connect=${node.address}`, '--nick=ann', '--room=large', '--json'];
    const ann = await runCli(args, { input: `fits\n${'x'.repeat(160_000)}\nnever sent\n` });
    expect(ann.exit.code).toBe(5);
    expect(ann.error().code).toBe('MESSAGE_TOO_LARGE');
    expect(ann.lines('published')).toHaveLength(1);
  });

  it('into a node that relays another shard ends with 4', async () => {
    const args = [
      'chat',
      `--connect=${node.address}`,
      '--nick=ann',
      '--shard=33',
      '--timeout-ms=3000',
      '--json',
    ];
    const ann = await runCli(args, { input: 'to nobody\n' });
    expect(ann.exit.code).toBe(4);
    expect(ann.error().code).toBe('TIMED_OUT');
  });
});

describe('commands', () => {
  it('change nick and room, tell the peers and the end; what fails leaves the chat open', async () => {
    const ben = await chat(node.address, 'ben', 'other');
    const ann = await chat(node.address, 'ann', 'first', '--commands');
    const noted = (text: string) => ann.until(text, () => (ann.stderr.includes(text) ? true : undefined));
    ann.type('/nick a\u202eb');
    await noted('A nick has visible characters only.');
    ann.type('/nope');
    await noted('There is no command /nope.');
    ann.type('/help');
    await noted('/quit        the end');
    ann.type('/peers');
    expect(await ann.waitFor('peer')).toMatchObject({ peerId: node.peerId });
    ann.type('/nick anna');
    ann.type('/join other');
    await noted('in other (/toy-chat/2/other/proto)');
    ann.type('x'.repeat(160_000));
    await noted('MESSAGE_TOO_LARGE');
    ann.type('//join is a word here');
    expect(await heard(ben, '/join is a word here')).toMatchObject({ nick: 'anna' });
    ben.type('I see');
    await heard(ann, 'I see');
    ann.type('/quit');
    expect(await ann.waitForExit()).toMatchObject({ code: 0 });
  });
});

describe('a terminal', () => {
  const script = '/usr/bin/script';

  it('keeps what is being typed under the lines that come, and ends with Ctrl-C', async (context) => {
    if (process.platform !== 'linux' || !existsSync(script)) context.skip(`needs ${script} on Linux`);
    const command = `${ROOT}/waku-desk chat --connect=${node.address} --nick=ann --room=tty`;
    const ann = startCli(['-qfec', command, '/dev/null'], { program: script, input: { open: true } });
    const shown = (text: string) => ann.until(text, () => (ann.stdout.includes(text) ? true : undefined));
    await shown('ann> ');
    ann.type('half a li', '');
    await shown('half a li');
    const ben = await chat(node.address, 'ben', 'tty');
    ben.type('hello');
    await ann.until('the line under it', () =>
      /ben: hello\r\n.*ann> half a li/s.test(ann.stdout) ? true : undefined,
    );
    ann.type('ne', '\r');
    await heard(ben, 'half a line');
    await shown('  sent to 1 peer');
    ann.type('\u0003', '');
    expect(await ann.waitForExit()).toMatchObject({ code: 0 });
  });
});

describe('what others write', () => {
  it('cannot drive the terminal, and what is no chat is shown as such', async () => {
    const contentTopic = '/toy-chat/2/hostile/proto';
    const args = ['chat', `--connect=${node.address}`, '--nick=ann', '--room=hostile'];
    const ann = startCli(args, { input: { open: true } });
    await ann.until('its room', () => (ann.stderr.includes('in hostile') ? true : undefined));
    const nick = `${'n'.repeat(9_999)}\u001b[2J`;
    for (const input of [
      chatBytes(1, nick, 'a\u001b]0;x\u0007b\r\u202eevil\nline'),
      Buffer.from([0xff, 0xff]),
    ])
      expect((await publish(node.address, { payload: '-', input, contentTopic })).exit.code).toBe(0);
    await ann.until('both', () => (ann.stdoutLines.length === 2 ? true : undefined));
    expect(ann.stdoutLines[0]).toMatch(/ n{32}…: a␛\]0;x␇b␍�evil␊line$/);
    expect(ann.stdoutLines[1]).toMatch(/ \(2 B that are no chat message\)$/);
    // eslint-disable-next-line no-control-regex
    expect(ann.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

describe('history', () => {
  it('begins with the last lines of the room in the capture, own ones among them', async () => {
    const folder = await temporaryFolder();
    const flags = [`--capture=${folder}/capture`];
    const ann = await chat(node.address, 'ann', 'history', ...flags);
    const ben = await chat(node.address, 'ben', 'history');
    for (let i = 0; i < 5; i++) {
      ben.type(`line ${String(i)}`);
      await heard(ann, `line ${String(i)}`);
    }
    ann.type('an own one');
    await heard(ben, 'an own one');
    ann.endInput();
    expect(await ann.waitForExit()).toMatchObject({ code: 0 });
    const again = await runCli(
      [
        'chat',
        `--connect=${node.address}`,
        '--nick=ann',
        '--room=history',
        '--history=3',
        '--json',
        ...flags,
      ],
      { input: '' },
    );
    expect(again.exit.code, again.stderr).toBe(0);
    expect(again.lines('chat').map(({ text, dir }) => `${dir} ${text}`)).toEqual([
      'in line 3',
      'in line 4',
      'out an own one',
    ]);
  });
});

describe('bad use', () => {
  it.each([
    ['no nick', [], 'BAD_USE'],
    ['a nick that nobody can read', ['--nick=a\u202eb'], 'BAD_USE'],
    ['a room that is none', ['--nick=ann', '--room=a/b'], 'BAD_USE'],
    ['a room and a content topic', ['--nick=ann', '--room=a', '--content-topic=/a/1/b/c'], 'BAD_USE'],
    ['two shards', ['--nick=ann', '--shard=1', '--shard=2'], 'BAD_USE'],
    ['history without a capture', ['--nick=ann', '--history=5'], 'BAD_USE'],
    ['an engine that is no light client', ['--nick=ann', '--light'], 'UNSUPPORTED'],
  ])('is %s', async (_what, flags, code) => {
    const cli = await runCli(['chat', `--connect=${node.address}`, '--json', ...flags]);
    expect(cli.exit.code, cli.stderr).toBe(2);
    expect(cli.error().code).toBe(code);
    expect(cli.stdout).toBe('');
  });
});

describe('across programs', () => {
  const startGo = useGoWaku();
  const { openWindow } = useBrowser();

  it('terminal and window talk through go-waku’s own node, which has the same bytes', async (context) => {
    const go = await startGo(context);
    const ann = await chat(go.multiaddr, 'ann', 'huilong');
    const serve = await serveForTest([`--connect=${go.multiaddr}`]);
    const desk = await openWindow(serve.url);
    await desk.expectChip(/mesh 1\/6/);
    await desk.goTo('Chat');
    await desk.chat.nick.fill('Wanda');
    const inbox = new GoInbox(go);
    ann.type('from the terminal');
    const { hash } = await sent(ann, 'from the terminal');
    await see(desk.chat.line('from the terminal')).toContainText('ann');
    const relayed = await inbox.waitFor(hash);
    expect(relayed.contentTopic).toBe(DEFAULT_CHAT_TOPIC);
    const seconds = Number((relayed.timestampNs ?? 0n) / 1_000_000_000n);
    expect(Buffer.from(relayed.payload).toString('hex')).toBe(
      chatBytes(seconds, 'ann', 'from the terminal').toString('hex'),
    );
    await desk.chat.send('from the window');
    await see(desk.chat.line('from the window')).toContainText('sent to 1 peer');
    const line = await heard(ann, 'from the window');
    expect(line.nick).toBe('Wanda');
    await inbox.waitFor(line.hash);
    // And what go-waku itself sends is chat to both.
    const payload = new Uint8Array(chatBytes(1_763_800_000, 'gopher', 'from Go'));
    await go.publish(TOPIC, {
      payload,
      contentTopic: DEFAULT_CHAT_TOPIC,
      timestampNs: BigInt(Date.now()) * 1_000_000n,
    });
    expect(await heard(ann, 'from Go')).toMatchObject({ nick: 'gopher', writtenS: 1_763_800_000 });
    await see(desk.chat.line('from Go')).toContainText('gopher');
  });
});
