import { afterEach, describe, expect, it } from 'vitest';
import type { ClientCallOptions } from '../../core/operations/client.ts';
import type { Progress } from '../../core/operations/operations.ts';
import type { FixtureEngine } from '../../core/session/fixture-engine.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { createMessage } from '../../core/waku/message.ts';
import {
  eventually,
  openPage,
  send,
  startFixtureHost,
  type FixtureHost,
  type FixtureOptions,
  type Page,
} from './fixture.ts';

const TOPIC = '/waku/2/rs/16/32';
const DRAFT = { payload: Uint8Array.of(1, 2, 3), contentTopic: '/t/1/a/proto', pubsubTopic: TOPIC };

let fixture: FixtureHost;
let page: Page;
afterEach(async () => {
  page.client.close();
  await fixture.close();
});

async function start(options: FixtureOptions = {}): Promise<{ engine: FixtureEngine; page: Page }> {
  fixture = await startFixtureHost(options);
  await fixture.harness.node.start();
  page = await openPage(fixture);
  return { engine: fixture.engine, page };
}

/** `count` messages of 4 bytes with their number; every tenth has a topic of its own. */
async function hear(engine: FixtureEngine, count: number, from = 0): Promise<void> {
  const next = fixture.harness.history.next + count;
  for (let i = from; i < from + count; i++) {
    const payload = new TextEncoder().encode(String(i).padStart(4, '0'));
    engine.hear({ payload, contentTopic: i % 10 === 0 ? '/tenth/1/a/proto' : '/t/1/a/proto' });
  }
  await eventually(() => fixture.harness.history.next).toBe(next);
}

const search = (filter: string, more: object = {}, options: ClientCallOptions<'messages.search'> = {}) =>
  page.client.call('messages.search', { filter, nowMs: Date.now(), limit: 50_000, ...more }, options);

describe('pages, details and search', () => {
  it('reach what memory has let go, and what the capture had before this session', async () => {
    const { engine } = await start({ harness: { maxSummaries: 100 } });
    await hear(engine, 400);
    await page.client.call('node.changeSettings', { change: {} });
    await eventually(() => page.snapshots.length).toBe(2);
    await hear(fixture.engine, 300, 400);
    const positions = [299, 0, -1, -400, 150, -401, 300, 5];
    const { rows } = await page.client.call('messages.page', { positions });
    expect(rows.map(({ position }) => position)).toEqual([299, 0, -1, -400, 150, 5]);
    expect(rows.map(({ seq }) => seq)).toEqual([700, 401, 400, 1, 551, 406]);
    const { message, computedHash, row } = await page.client.call('messages.details', { position: -400 });
    expect(new TextDecoder().decode(message?.payload)).toBe('0000');
    expect(computedHash).toBe(row.hash);
    const tenth = await search('content:/tenth/');
    expect(tenth).toEqual({
      positions: Array.from({ length: 70 }, (_, i) => 290 - 10 * i),
      next: null,
      unknown: 0,
    });
    expect((await search('text:0123')).positions).toEqual([-277]);
  });

  it('read several whole messages at once, in the order asked for, as many as an answer has room for', async () => {
    const { engine } = await start({ harness: { maxSummaries: 10 } });
    await hear(engine, 30);
    const read = (positions: number[]) => page.client.call('messages.read', { positions });
    const { messages, rest } = await read([29, 3, 500, 17]);
    expect(
      messages.map(({ row, message }) => [row.position, new TextDecoder().decode(message?.payload)]),
    ).toEqual([
      [29, '0029'],
      [3, '0003'],
      [17, '0017'],
    ]);
    expect(messages.every(({ row, computedHash }) => row.hash === computedHash)).toBe(true);
    expect(rest).toEqual([]);
    for (let i = 0; i < 40; i++) engine.hear({ payload: new Uint8Array(140_000).fill(i + 1) });
    await eventually(() => fixture.harness.history.next).toBe(70);
    const large = await read(Array.from({ length: 40 }, (_, i) => 69 - i));
    expect(large.messages.map(({ row }) => row.position)).toEqual(
      Array.from({ length: 29 }, (_, i) => 69 - i),
    );
    expect(large.rest).toEqual(Array.from({ length: 11 }, (_, i) => 40 - i));
    await expect(read(Array.from({ length: 101 }, (_, i) => i))).rejects.toMatchObject({ code: 'BAD_USE' });
  });

  it('go on where a page of matches ended, and stay within a range', async () => {
    const { engine } = await start();
    await hear(engine, 100);
    const first = await search('content:/tenth/', { limit: 4 });
    expect(first).toMatchObject({ positions: [90, 80, 70, 60], next: 60 });
    const second = await search('content:/tenth/', { limit: 4, before: first.next ?? 0, from: 20 });
    expect(second).toMatchObject({ positions: [50, 40, 30, 20] });
    expect(await search('content:/tenth/', { before: 0 })).toMatchObject({ positions: [], next: null });
    expect(await search('content:/tenth/', { from: 91 })).toMatchObject({ positions: [], next: null });
  });

  it('find messages that are in memory alone, and say what they could not look at', async () => {
    const { engine } = await start({ capture: false });
    await hear(engine, 30);
    expect((await search('text:0012')).positions).toEqual([12]);
    expect((await search('content:/tenth/')).positions).toEqual([20, 10, 0]);
    for (let i = 0; i < 3; i++) engine.hear({ payload: new Uint8Array(140_000).fill(i + 1) });
    await eventually(() => fixture.harness.history.next).toBe(33);
    expect(await page.client.call('messages.details', { position: 12 })).toMatchObject({
      row: { captured: false, seq: null },
    });
    expect(await search('text:0012')).toMatchObject({ unknown: 0 });
  });

  it('tell how far they are, and end when they are cancelled', async () => {
    const { engine } = await start();
    await hear(engine, 1_000);
    const told: Progress['messages.search'][] = [];
    await search('', {}, { onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toEqual({ scanned: 1_000, matched: 1_000, total: 1_000 });
    const controller = new AbortController();
    const cancelled = search('text:nothing', {}, { signal: controller.signal });
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('refuse what is no filter, and what is gone', async () => {
    await start();
    await expect(search('size>>1')).rejects.toMatchObject({ code: 'FILTER_INVALID' });
    await expect(page.client.call('messages.details', { position: 5 })).rejects.toMatchObject({
      code: 'MESSAGE_GONE',
    });
  });
});

it('a watched filter marks the rows that match from its position on, also by their payload', async () => {
  const { engine } = await start();
  await hear(engine, 10);
  const { fromPosition } = await page.client.call('messages.watch', {
    filter: 'text:0015',
    nowMs: Date.now(),
  });
  expect(fromPosition).toBe(10);
  await hear(engine, 10, 10);
  await eventually(() => page.list.next).toBe(20);
  expect(page.batches.flatMap(({ matching }) => matching ?? [])).toEqual([15]);
  await page.client.call('messages.watch', { filter: '', nowMs: Date.now() });
  await hear(engine, 5, 20);
  await eventually(() => page.list.next).toBe(25);
  expect(page.batches.at(-1)?.matching).toBeNull();
});

describe('publishing', () => {
  it('gives the relay rule that refuses', async () => {
    await start();
    const empty = page.client.call('messages.publish', { ...DRAFT, payload: new Uint8Array(0) });
    await expect(empty).rejects.toMatchObject({ code: 'PAYLOAD_EMPTY' });
    await expect(empty).rejects.toBeInstanceOf(WakuDeskError);
  });

  it('keeps every byte and 64-bit time', async () => {
    const { engine } = await start();
    const seen: unknown[] = [];
    engine.onPublish = (_topic, message) => {
      seen.push(message);
      return Promise.resolve({ sentToPeers: null });
    };
    const payload = Uint8Array.from({ length: 256 }, (_, i) => i);
    const draft = {
      ...DRAFT,
      payload,
      meta: payload.subarray(10, 74),
      timestampNs: -(2n ** 63n) + 1n,
      ephemeral: true,
    };
    expect((await page.client.call('messages.publish', draft)).sentToPeers).toBeNull();
    expect(seen).toEqual([
      createMessage({
        payload,
        meta: payload.slice(10, 74),
        contentTopic: DRAFT.contentTopic,
        timestampNs: -(2n ** 63n) + 1n,
        ephemeral: true,
      }),
    ]);
  });

  it('repeats at a rate, counts, and goes on after a failure', async () => {
    const { engine } = await start();
    let calls = 0;
    engine.onPublish = () => {
      if (++calls % 5 === 2)
        return Promise.reject(new WakuDeskError('NO_PEERS', 'x', { operation: 'x', hint: 'x' }));
      return Promise.resolve({ sentToPeers: 1 });
    };
    const told: Progress['messages.publishMany'][] = [];
    const result = await page.client.call(
      'messages.publishMany',
      { message: DRAFT, count: 50, ratePerSecond: 100 },
      { onProgress: (progress) => told.push(progress) },
    );
    expect(result).toMatchObject({ sent: 40, failed: 10, lastError: { code: 'NO_PEERS' } });
    expect(result.elapsedMs).toBeGreaterThan(450);
    expect(told.length).toBeGreaterThan(2);
    await eventually(() => fixture.harness.history.next).toBe(50);
  });

  it('ends within a moment when it is cancelled, also at full speed, and when the page goes away', async () => {
    await start();
    const controller = new AbortController();
    const call = page.client.call(
      'messages.publishMany',
      { message: DRAFT, count: 1_000_000 },
      { signal: controller.signal },
    );
    await eventually(() => fixture.harness.history.next).toBeGreaterThan(10);
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    await settled();
    const other = await openPage(fixture);
    const lost = other.client.call('messages.publishMany', { message: DRAFT, count: 1_000_000 });
    lost.catch(() => undefined);
    const before = fixture.harness.history.next;
    await eventually(() => fixture.harness.history.next).toBeGreaterThan(before);
    other.client.close();
    await expect(lost).rejects.toMatchObject({ code: 'HOST_DISCONNECTED' });
    await settled();
  });

  it('that fails at once says why', async () => {
    await start();
    const call = page.client.call('messages.publishMany', {
      message: { ...DRAFT, contentTopic: '' },
      count: 5,
    });
    await expect(call).rejects.toMatchObject({ code: 'CONTENT_TOPIC_EMPTY' });
  });
});

/** Nothing more is published. */
async function settled(): Promise<void> {
  await eventually(async () => {
    const before = fixture.harness.history.next;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return fixture.harness.history.next - before;
  }).toBe(0);
}

describe('an export', () => {
  const ask = (more: object = {}) =>
    page.client.call('capture.export', { format: 'ndjson', filter: '', nowMs: Date.now(), ...more });

  async function download(more: object = {}) {
    const offered = await ask(more);
    if (offered.kind !== 'download') throw new Error(offered.kind);
    return {
      ...offered,
      ...(await send(fixture.host, { path: offered.path, headers: { cookie: fixture.cookie } })),
    };
  }

  it('is a download that works once, of what matches', async () => {
    const { engine } = await start();
    await hear(engine, 50);
    const all = await download();
    expect(all.headers['content-disposition']).toBe(`attachment; filename="${all.fileName}"`);
    expect(all.body.trim().split('\n')).toHaveLength(50);
    expect((await send(fixture.host, { path: all.path, headers: { cookie: fixture.cookie } })).status).toBe(
      404,
    );
    const csv = await download({
      format: 'csv',
      filter: 'content:/tenth/',
      fromPosition: 10,
      toPosition: 30,
    });
    expect(csv.body.trim().split('\r\n').length + csv.body.trim().split('\n').length).toBeGreaterThanOrEqual(
      5,
    );
    expect(csv.fileName).toMatch(/^waku-desk-[\dT-]+\.csv$/);
    expect((await download({ fromPosition: 50 })).body).toBe('');
  });

  it('that grows beyond its bound breaks off instead of looking whole', async () => {
    const { engine } = await start({ web: { maxDownloadBytes: 2_000 } });
    await hear(engine, 50);
    await expect(download()).rejects.toThrow(/socket hang up|aborted|ECONNRESET/);
  });

  it('is refused where nothing is captured', async () => {
    await start({ capture: false });
    await expect(ask()).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});

it('log.page reaches older lines', async () => {
  const { engine } = await start();
  for (let i = 0; i < 20; i++)
    engine.emit({
      type: 'logged',
      level: 'info',
      component: 'x',
      text: `line ${String(i)}`,
      atNs: BigInt(i),
    });
  await eventually(() => page.batches.flatMap(({ log }) => log).length).toBe(20);
  const { lines } = await page.client.call('log.page', { count: 3, beforeId: 10 });
  expect(lines.map(({ text }) => text)).toEqual(['line 7', 'line 8', 'line 9']);
});

it('what only the desktop app can do is refused with what to do instead', async () => {
  await start();
  const hint = expect.stringMatching(/\w/) as unknown;
  const refused = { code: 'UNSUPPORTED', hint };
  await expect(page.client.call('app.relaunch', {})).rejects.toMatchObject(refused);
  await expect(page.client.call('native.add', { engine: 'nwaku' })).rejects.toMatchObject(refused);
});

it('the node answers for itself: start, stop, restart, metrics', async () => {
  const { engine } = await start();
  expect(await page.client.call('node.stop', {})).toBeNull();
  expect((await page.client.call('node.start', {})).peerId).toBe('me');
  expect((await page.client.call('node.restart', {})).peerId).toBe('me');
  engine.metrics = () => Promise.resolve('# TYPE x counter');
  expect(await page.client.call('node.metrics', {})).toEqual({ text: '# TYPE x counter' });
  expect(await page.client.call('peers.connect', { address: '/ip4/127.0.0.1/tcp/1' })).toEqual({
    peerId: 'peer',
  });
  expect(await page.client.call('peers.disconnect', { peerId: 'peer' })).toBeNull();
  expect(await page.client.call('topics.unsubscribe', { pubsubTopic: TOPIC })).toBeNull();
});
