import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { decodeFrame, encodeFrame, HOST_FRAME_BOUNDS } from '../../core/operations/codec.ts';
import {
  eventually,
  openPage,
  openSocket,
  pageHeaders,
  startFixtureHost,
  type FixtureHost,
  type Page,
} from './fixture.ts';

let fixture: FixtureHost;
let page: Page;
beforeAll(async () => {
  fixture = await startFixtureHost();
  page = await openPage(fixture);
});
afterAll(async () => {
  page.client.close();
  await fixture.close();
});

async function open(): Promise<WebSocket> {
  const socket = openSocket(fixture.host, pageHeaders(fixture));
  await new Promise((resolve) => socket.once('open', resolve));
  return socket;
}

/** How the host ends a client that sends this. */
async function endOf(frame: string | Uint8Array): Promise<number> {
  const socket = await open();
  socket.on('error', () => undefined);
  const ended = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.send(frame);
  return ended;
}

/** What the host answers to a call. */
async function answerTo(name: unknown, request?: unknown): Promise<unknown> {
  const socket = await open();
  const answer = new Promise<unknown>((resolve) => {
    socket.on('message', (data: Buffer) => {
      resolve(decodeFrame(data, HOST_FRAME_BOUNDS));
    });
  });
  socket.send(encodeFrame({ kind: 'call', id: 7, name, request }));
  try {
    return await answer;
  } finally {
    socket.terminate();
  }
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

const concatenate = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

describe('a frame', () => {
  it.each<[string, string | Uint8Array]>([
    ['text', 'hello'],
    ['empty', bytes()],
    ['not MessagePack', bytes(0xc1)],
    ['cut off', encodeFrame({ kind: 'cancel', id: 1 }).slice(0, -1)],
    ['followed by more', bytes(...encodeFrame({ kind: 'cancel', id: 1 }), 0)],
    ['claiming four billion values', bytes(0xdd, 0xff, 0xff, 0xff, 0xff)],
    ['nested a hundred thousand deep', new Uint8Array(100_001).fill(0x91)],
    ['of a million values', concatenate(bytes(0xdd, 0, 0x0f, 0x42, 0x40), new Uint8Array(1_000_000))],
    ['with a dangerous key', encodeFrame(JSON.parse('{"kind":"cancel","id":1,"__proto__":{"x":1}}'))],
    ['of another kind', encodeFrame({ kind: 'shutdown' })],
    ['with an unknown key', encodeFrame({ kind: 'cancel', id: 1, x: 1 })],
    ['with a negative id', encodeFrame({ kind: 'cancel', id: -1 })],
    ['a date instead of a message', encodeFrame(new Date())],
    ['a list', encodeFrame(['call'])],
  ])('that is %s ends its client alone', async (_what, frame) => {
    expect(await endOf(frame)).toBe(1007);
  });

  it('beyond 16 MiB ends its client before it is read', async () => {
    expect(await endOf(new Uint8Array(17 * 1024 * 1024))).toBe(1009);
  });

  it('is the only thing that ended: the other page is still there, and nobody is left over', async () => {
    expect((await page.client.call('node.settings', {})).clusterId).toBe(16);
    expect(page.snapshots).toHaveLength(1);
    await eventually(() => fixture.harness.clients.connected).toBe(1);
  });
});

describe('a call', () => {
  it.each<[string, unknown, unknown, RegExp]>([
    ['of no operation', 'node.explode', {}, /no operation "node\.explode"/],
    ['of an object method', 'toString', {}, /no operation "toString"/],
    ['without a request', 'messages.page', undefined, /expected object/],
    ['with wrong types', 'messages.page', { positions: ['1'] }, /positions\.0: .*expected number/],
    [
      'with too much',
      'messages.page',
      { positions: Array.from({ length: 1_001 }, (_, i) => i) },
      /positions: .*1000/,
    ],
    ['with an unknown key', 'peers.ping', { peerId: 'a', x: 1 }, /Unrecognized key: "x"/],
    ['with fractions', 'messages.details', { position: 1.5 }, /position: .*int/],
    ['with text for bytes', 'messages.publish', { payload: 'x', contentTopic: '/a' }, /payload: /],
    ['with a long filter', 'messages.watch', { filter: 'x'.repeat(4_097), nowMs: 0 }, /filter: /],
  ])('%s is answered with BAD_USE in a sentence', async (_what, name, request, message) => {
    expect(await answerTo(name, request)).toMatchObject({
      kind: 'failed',
      id: 7,
      error: { code: 'BAD_USE', message: expect.stringMatching(message) as unknown },
    });
  });

  it('with a wrong setting names it, and changes nothing', async () => {
    expect(await answerTo('node.changeSettings', { change: { tcpPrt: 1 } })).toMatchObject({
      error: { code: 'CONFIG_INVALID', message: expect.stringContaining('tcpPrt') as unknown },
    });
  });

  it('is refused beyond 64 at once', async () => {
    fixture.engine.ping = () => new Promise<number>(() => undefined);
    const calls = Array.from({ length: 65 }, () =>
      page.client.call('peers.ping', { peerId: 'a' }, { timeoutMs: 500 }),
    );
    const codes = await Promise.all(calls.map((call) => call.catch((error: unknown) => error)));
    expect(codes.filter((error) => (error as { code: string }).code === 'BAD_USE')).toHaveLength(1);
  });
});
