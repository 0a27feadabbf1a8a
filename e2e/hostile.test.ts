/** Messages that mean harm: they are shown harmlessly or refused, and the node goes on. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { maxPayloadBytes } from '../core/waku/limits.ts';
import { createMessage, encodeMessage } from '../core/waku/message.ts';
import { parseLines, payloadOf, type MessageLine } from './cli-lines.ts';
import { CliProcess, runCli } from './cli-process.ts';
import { matching } from './matchers.ts';
import {
  CONTENT_TOPIC,
  publish,
  startNode,
  startSharedNode,
  temporaryFolder,
  TOPIC,
  type RunningNode,
} from './nodes.ts';
import { sendRaw } from './raw-node.ts';

const ESC = '\u001b';
/** What a terminal may act upon: all controls but the line feed. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Receives everything; prints NDJSON. */
let node: RunningNode;
/** Receives the same from it; prints for people. */
let people: CliProcess;
beforeAll(async () => {
  node = await startSharedNode();
  people = new CliProcess(['node', `--staticnode=${node.address}`]);
  await people.until('the other node', () => (/^mesh of .*: 1 peer/m.test(people.stdout) ? true : undefined));
  return () => Promise.all([people.end(), node.cli.end()]);
});

/** Publishes, and gives what both nodes print of it. */
async function shown(
  payload: string | Uint8Array,
  contentTopic = CONTENT_TOPIC,
): Promise<{ line: MessageLine; human: string }> {
  const path = join(await temporaryFolder(), 'payload');
  await writeFile(path, payload);
  const sent = await publish(node.address, { payload: `@${path}`, contentTopic });
  expect(sent.exit.code, sent.stderr).toBe(0);
  const hash = sent.lines('published')[0]?.hash ?? '';
  const line = await node.cli.waitFor('message', { where: (message) => message.hash === hash });
  const short = `${hash.slice(0, 8)}…${hash.slice(-4)}`;
  const human = await people.until('the message', () =>
    people.stdoutLines.find((text) => text.includes(short)),
  );
  return { line, human };
}

describe('text that a terminal would act upon', () => {
  it('is made visible in a payload', async () => {
    const payload = `before${ESC}[2J${ESC}]0;owned\u0007\r\b\u009b31mafter\u202egnp.exe\nnext`;
    const { line, human } = await shown(payload);
    expect(payloadOf(line).toString()).toBe(payload);
    expect(human).toContain('before');
    expect(human).toContain('after');
    expect(people.stdout).not.toMatch(CONTROLS);
  });

  it('is made visible in a content topic', async () => {
    const contentTopic = `/${ESC}[31mred/1/\u009b2J/\u202eproto`;
    const { line, human } = await shown('hello', contentTopic);
    expect(line.contentTopic).toBe(contentTopic);
    expect(human).toContain('hello');
    expect(people.stdout).not.toMatch(CONTROLS);
    // The same line as NDJSON has no raw escape either.
    expect(node.cli.stdout).not.toContain(ESC);
  });

  it('cannot forge a second line with a line feed in a content topic', async () => {
    const forged = '12:00:00.000  in   16/32  /forged/1/e2e/proto  1 B  0xffffff…ffff  forged';
    const { human } = await shown('hello', `/a\n${forged}`);
    expect(people.stdoutLines).not.toContainEqual(expect.stringMatching(/^12:00:00\.000/));
    expect(human).toMatch(/hello$/);
  });

  it('is made visible in the name that a peer gives itself', async () => {
    const other = await startNode([`--agent-string=${ESC}[31mred\u009b2J`, `--staticnode=${node.address}`]);
    const cli = await runCli(['peers', `--connect=${other.address}`]);
    expect(cli.exit.code, cli.stderr).toBe(0);
    expect(cli.stdout).toContain('red');
    expect(cli.stdout).not.toMatch(CONTROLS);
  });
});

describe('payloads that are no text', () => {
  it('are shown as hex where they are not UTF-8', async () => {
    const bytes = Buffer.from('fffe00c3289f92', 'hex');
    const { line, human } = await shown(bytes);
    expect(payloadOf(line)).toEqual(bytes);
    expect(human).toMatch(/7 B .* hex fffe00c3289f92$/);
  });

  it('are shown as text up to a character that the line cuts in two', async () => {
    const { human } = await shown('ä'.repeat(500).replace(/^/, 'x'));
    expect(human).toMatch(/ xä+…$/);
    expect(human.length).toBeLessThan(200);
  });

  it.each([
    ['JSON nested 50,000 deep', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['JSON objects nested 20,000 deep', '{"a":'.repeat(20_000)],
    ['a prototype that wants to be polluted', '{"__proto__":{"polluted":true},"constructor":{}}'],
  ])('such as %s are passed on as they are', async (_what, payload) => {
    const { line, human } = await shown(payload);
    expect(payloadOf(line).toString()).toBe(payload);
    expect(human.length).toBeLessThan(250);
  });

  it('of the largest size are shown in a short line', async () => {
    const timestampNs = BigInt(Date.now()) * 1_000_000n;
    const most = maxPayloadBytes(TOPIC, createMessage({ contentTopic: CONTENT_TOPIC, timestampNs }));
    const { line, human } = await shown(Buffer.alloc(most, 0x9b));
    expect(payloadOf(line)).toHaveLength(most);
    expect(human).toContain(`${most.toLocaleString('en')} B`);
    expect(human.length).toBeLessThan(250);
  });
});

describe('bytes that are no message', () => {
  const valid = createMessage({ payload: Buffer.from('x'), contentTopic: '/a/1/b/c', timestampNs: 1n });
  const encoded = Buffer.from(encodeMessage(valid));

  it.each([
    ['garbage', Buffer.from('this is not protobuf'), 'MESSAGE_MALFORMED'],
    ['a length far beyond the end', Buffer.from('0affffffff0f', 'hex'), 'MESSAGE_MALFORMED'],
    ['a message cut short', encoded.subarray(0, 5), 'MESSAGE_MALFORMED'],
    ['a field of the wrong type', Buffer.concat([encoded, Buffer.from('0801', 'hex')]), 'MESSAGE_MALFORMED'],
    ['a content topic that is not UTF-8', Buffer.from('0a01781202c328', 'hex'), 'MESSAGE_MALFORMED'],
    [
      'an empty payload',
      Buffer.from(encodeMessage({ ...valid, payload: new Uint8Array() })),
      'PAYLOAD_EMPTY',
    ],
    [
      'an empty content topic',
      Buffer.from(encodeMessage({ ...valid, contentTopic: '' })),
      'CONTENT_TOPIC_EMPTY',
    ],
    [
      '65 bytes of meta',
      Buffer.from(encodeMessage({ ...valid, meta: new Uint8Array(65) })),
      'META_TOO_LARGE',
    ],
  ])('%s: refused with a code, and the node goes on', async (_what, bytes, code) => {
    const { cli, address } = await startNode();
    await sendRaw(address, TOPIC, bytes);
    const refused = await cli.waitFor('messageRefused');
    expect(refused).toMatchObject({ code, sizeBytes: bytes.length, fromPeer: matching(/^16Uiu2/) });
    await publish(address, { payload: 'still here' });
    const message = await cli.waitFor('message');
    expect(payloadOf(message).toString()).toBe('still here');
    expect(await cli.terminate()).toMatchObject({ code: 0 });
    expect(cli.lines('stopped')).toEqual([expect.objectContaining({ received: 1, refused: { [code]: 1 } })]);
  });

  it('unknown fields are no reason to refuse', async () => {
    const { cli, address } = await startNode();
    // Field 2000, and the same field twice.
    await sendRaw(address, TOPIC, Buffer.concat([encoded, Buffer.from('827d03616263', 'hex'), encoded]));
    const message = await cli.waitFor('message');
    expect(message).toMatchObject({ contentTopic: '/a/1/b/c', timestampNs: '1' });
  });
});

it('both nodes have printed nothing but what belongs there, and run', () => {
  expect(node.cli.exit).toBeNull();
  expect(people.exit).toBeNull();
  expect(() => parseLines(node.cli.stdout)).not.toThrow();
  expect(people.stdout).not.toMatch(CONTROLS);
  expect(people.stderr + node.cli.stderr).not.toMatch(/uncaught|defect|TypeError/);
});
