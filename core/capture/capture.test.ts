import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Capture } from './capture.ts';
import type { NewMessage, StoredMessage } from './records.ts';
import { SummaryRing } from './summary-ring.ts';
import { indexesIn, messageOf, messagesOf, segmentsIn, START_NS, tempFolder } from './testing.ts';

/** The message as it was before it was captured. */
function withoutPlace({ dir, pubsubTopic, message, hash, receivedNs, fromPeer }: StoredMessage): NewMessage {
  return { dir, pubsubTopic, message, hash, receivedNs, fromPeer };
}

describe('a capture', () => {
  it('gives contiguous numbers and goes on with them after reopening', async () => {
    const dir = tempFolder();
    const first = await Capture.open(dir);
    expect(await first.append({ messages: messagesOf(1, 3) })).toEqual([1, 2, 3]);
    await first.close();
    const second = await Capture.open(dir);
    expect(await second.append({ messages: messagesOf(4, 5) })).toEqual([4, 5]);
    expect((await second.page(1, 100)).map(withoutPlace)).toEqual(messagesOf(1, 5));
    expect((await second.page(2, 2)).map(({ seq }) => seq)).toEqual([2, 3]);
    expect(await second.page(6, 10)).toEqual([]);
    await second.close();
    expect(segmentsIn(dir)).toHaveLength(1);
  });

  it('numbers calls that are made at the same time in their order', async () => {
    const capture = await Capture.open(tempFolder());
    const calls = Array.from({ length: 50 }, (_, i) => capture.append({ messages: [messageOf(i)] }));
    expect((await Promise.all(calls)).flat()).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(await capture.append({})).toEqual([]);
    await capture.close();
  });

  it('keeps whatever a message holds', async () => {
    const dir = tempFolder();
    const strange = [
      messageOf(1, { payload: new Uint8Array(256).map((_, i) => i), meta: new Uint8Array(64).fill(255) }),
      messageOf(2, { contentTopic: 'line\nfeed "quotes" \\ back\u2028\u2029\u0000\ud800 lone \udfff' }),
      messageOf(3, { payload: new Uint8Array(0), contentTopic: '' }, { fromPeer: null, pubsubTopic: '"\n"' }),
      messageOf(4, { timestampNs: -(2n ** 63n), version: 4_294_967_295, ephemeral: true }),
      messageOf(5, { timestampNs: 2n ** 63n - 1n, rateLimitProof: new Uint8Array([1, 2]) }, { dir: 'out' }),
      messageOf(6, { payload: new Uint8Array(300_000).fill(10) }),
      messageOf(7, { payload: new Uint8Array(Buffer.from('"}\n{"kind":"message","seq":1}\n')) }),
    ];
    const capture = await Capture.open(dir);
    await capture.append({ messages: strange });
    expect((await capture.page(1, 9)).map(withoutPlace)).toEqual(strange);
    const live = await capture.summaries(1, 9);
    await capture.close();
    const again = await Capture.open(dir);
    expect((await again.page(1, 9)).map(withoutPlace)).toEqual(strange);
    expect(await again.summaries(1, 9)).toEqual(live);
    expect(live[4]).toEqual({
      seq: 5,
      captured: true,
      dir: 'out',
      pubsubTopic: '/waku/2/rs/16/32',
      contentTopic: '/capture/1/room-2/proto',
      payloadBytes: 9,
      hash: strange[4]?.hash,
      receivedNs: START_NS + 5_000_000n,
      timestampNs: 2n ** 63n - 1n,
      fromPeer: '16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bUZ',
      ephemeral: false,
      version: 0,
      state: null,
    });
    await again.close();
    for (const line of readFileSync(segmentsIn(dir)[0] ?? '', 'utf8')
      .trimEnd()
      .split('\n'))
      expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('has the states of a message, also from later segments', async () => {
    const dir = tempFolder();
    const capture = await Capture.open(dir, { maxBytes: 1024 ** 2, segmentBytes: 600 });
    await capture.append({ messages: [messageOf(1, {}, { dir: 'out' })] });
    await capture.append({ states: [{ seq: 1, atNs: 7n, delivery: { state: 'accepted' } }] });
    await capture.append({ messages: messagesOf(2, 9) });
    await capture.append({
      states: [
        { seq: 1, atNs: 8n, delivery: { state: 'sent', peers: 3 } },
        { seq: 1, atNs: 9n, delivery: { state: 'failed', code: 'NO_PEERS' } },
        { seq: 4, atNs: 9n, delivery: { state: 'echoed' } },
      ],
    });
    const expected = [
      { seq: 1, atNs: 7n, delivery: { state: 'accepted' } },
      { seq: 1, atNs: 8n, delivery: { state: 'sent', peers: 3 } },
      { seq: 1, atNs: 9n, delivery: { state: 'failed', code: 'NO_PEERS' } },
    ];
    expect(await capture.states(1)).toEqual(expected);
    await capture.close();
    expect(segmentsIn(dir).length).toBeGreaterThan(3);
    const again = await Capture.open(dir);
    expect((await again.page(1, 1))[0]?.states).toEqual(expected);
    expect((await again.summaries(1, 4)).map(({ state }) => state)).toEqual([
      { state: 'failed', code: 'NO_PEERS' },
      null,
      null,
      { state: 'echoed' },
    ]);
    const ring = new SummaryRing({ capacity: 8 });
    await again.fillRing(ring);
    expect([ring.length, ring.at(ring.first)?.seq, ring.at(ring.last)?.seq]).toEqual([8, 2, 9]);
    expect(ring.at(ring.positionOf(4) ?? -1)?.state).toEqual({ state: 'echoed' });
    await again.close();
  });

  it('puts a gap after the messages before it', async () => {
    const dir = tempFolder();
    const capture = await Capture.open(dir);
    await capture.append({ messages: messagesOf(1, 2) });
    await capture.append({
      gaps: [{ reason: 'engine', lost: null, detail: 'it died\n', atNs: 5n }],
      messages: [messageOf(3)],
    });
    const gaps = [{ reason: 'engine', lost: null, detail: 'it died\n', atNs: 5n, afterSeq: 2 }];
    expect(capture.gaps()).toEqual(gaps);
    await capture.close();
    expect((await Capture.openReadOnly(dir)).gaps()).toEqual(gaps);
  });

  it('removes the oldest segments to keep within its size, and says so once', async () => {
    const dir = tempFolder();
    const options = { maxBytes: 256 * 1024, segmentBytes: 16 * 1024 };
    const capture = await Capture.open(dir, options);
    for (let i = 0; i < 40; i++) {
      const payload = new Uint8Array(1000);
      await capture.append({ messages: messagesOf(i * 20 + 1, i * 20 + 20, { payload }) });
      expect(bytesOf(dir)).toBeLessThanOrEqual(options.maxBytes + 1000);
      expect(capture.stats().bytes).toBeLessThanOrEqual(options.maxBytes);
    }
    const { firstSeq, nextSeq, removedMessages, removedSegments, messages } = capture.stats();
    expect(nextSeq).toBe(801);
    expect(firstSeq).toBeGreaterThan(400);
    expect(removedMessages).toBe(firstSeq - 1);
    expect(removedSegments).toBeGreaterThan(20);
    expect(messages).toBe(801 - firstSeq);
    expect(capture.gaps()).toMatchObject([{ reason: 'retention', lost: firstSeq - 1, afterSeq: 0 }]);
    expect((await capture.page(1, 900)).map(({ seq }) => seq)[0]).toBe(firstSeq);
    await capture.close();
    const again = await Capture.open(dir, options);
    expect(again.stats()).toMatchObject({ firstSeq, nextSeq, removedMessages, removedSegments, messages });
    expect(again.gaps()).toHaveLength(1);
    await again.close();
    expect(indexesIn(dir)).toHaveLength(segmentsIn(dir).length);
  });

  it('counts what a full queue refuses and leaves a gap there', async () => {
    const capture = await Capture.open(tempFolder(), { maxPendingRecords: 10 });
    const writing = capture.append({ messages: messagesOf(1, 4) });
    const full = capture.append({ messages: messagesOf(5, 24) });
    expect(await writing).toEqual([1, 2, 3, 4]);
    expect(await full).toEqual([5, 6, 7, 8, 9, 10, ...new Array<null>(14).fill(null)]);
    expect(await capture.append({ messages: [messageOf(25)] })).toEqual([11]);
    expect(capture.stats()).toMatchObject({ overflow: 14, pendingRecords: 0, pendingBytes: 0, messages: 11 });
    expect(capture.gaps()).toMatchObject([{ reason: 'overflow', lost: 14, afterSeq: 10 }]);
    await capture.close();
  });

  it('writes what waits when it is closed, and takes nothing afterwards', async () => {
    const dir = tempFolder();
    const capture = await Capture.open(dir);
    const waiting = capture.append({ messages: messagesOf(1, 100) });
    await Promise.all([capture.close(), capture.close()]);
    expect((await waiting)[99]).toBe(100);
    await expect(capture.append({ messages: [messageOf(1)] })).rejects.toMatchObject({ code: 'BAD_USE' });
    const reader = await Capture.open(dir, { readOnly: true });
    await expect(reader.append({ messages: [messageOf(1)] })).rejects.toMatchObject({ code: 'BAD_USE' });
    expect(reader.stats()).toMatchObject({ messages: 100, rebuiltIndexes: 0 });
  });

  it('goes on after a message that no line can hold', async () => {
    const capture = await Capture.open(tempFolder());
    const huge = messageOf(2, { payload: new Uint8Array(26 * 1024 * 1024) });
    expect(await capture.append({ messages: [messageOf(1), huge, messageOf(3)] })).toEqual([1, null, 2]);
    expect(await capture.append({ messages: [messageOf(4)] })).toEqual([3]);
    expect(capture.gaps()).toMatchObject([{ lost: 1 }]);
    await capture.close();
  });

  it.each([
    ['sizes that do not go together', { maxBytes: 1024 ** 2, segmentBytes: 1024 ** 2 }],
    ['a size that holds nothing', { maxBytes: 10 }],
  ])('refuses %s', async (_what, options) => {
    await expect(Capture.open(tempFolder(), options)).rejects.toMatchObject({ code: 'BAD_USE' });
  });
});

describe('a folder', () => {
  it('is made with all its parents, and only where that is asked for', async () => {
    const dir = join(tempFolder(), 'a', 'b');
    await expect(Capture.open(dir, { create: false })).rejects.toMatchObject({ code: 'CAPTURE_INVALID' });
    await expect(Capture.openReadOnly(dir)).rejects.toMatchObject({ code: 'CAPTURE_INVALID' });
    const capture = await Capture.open(dir);
    expect(capture.stats()).toMatchObject({ firstSeq: 1, nextSeq: 1, messages: 0 });
    await capture.close();
    expect(readdirSync(dir)).toEqual(['capture.json']);
  });

  it.each([
    ['has other files', 'notes.txt', 'mine'],
    ['has a capture.json of something else', 'capture.json', '{"magic":"video"}'],
    ['has a capture.json that is not JSON', 'capture.json', 'x'],
    ['has a capture.json that is deep', 'capture.json', '['.repeat(50_000)],
    [
      'is of a newer format',
      'capture.json',
      '{"magic":"waku-desk-capture","format":2,"id":"a","created":"b"}',
    ],
  ])('that %s is left as it is', async (_what, name, content) => {
    const dir = tempFolder();
    writeFileSync(join(dir, name), content);
    writeFileSync(join(dir, 'messages-00000001.ndjson'), 'torn');
    for (const open of [() => Capture.open(dir), () => Capture.openReadOnly(dir)])
      await expect(open()).rejects.toMatchObject({ code: 'CAPTURE_INVALID' });
    expect(readdirSync(dir).sort()).toEqual([name, 'messages-00000001.ndjson'].sort());
    expect(readFileSync(join(dir, name), 'utf8')).toBe(content);
  });

  it('that is a file, or below one, is refused', async () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    await expect(Capture.open(file)).rejects.toMatchObject({ code: 'CAPTURE_INVALID' });
    await expect(Capture.open(join(file, 'x'))).rejects.toMatchObject({ code: 'CAPTURE_INVALID' });
  });

  it('cannot lead a writer to files outside through links', async () => {
    const [dir, outside] = [tempFolder(), join(tempFolder(), 'precious')];
    await (await Capture.open(dir)).close();
    writeFileSync(outside, 'no line feed');
    symlinkSync(outside, join(dir, 'messages-00000001.ndjson'));
    mkdirSync(join(dir, 'messages-00000002.ndjson'));
    const capture = await Capture.open(dir);
    expect(capture.stats().segments).toBe(0);
    await capture.append({ messages: [messageOf(1)] });
    await capture.close();
    expect(readFileSync(outside, 'utf8')).toBe('no line feed');
  });
});

function bytesOf(dir: string): number {
  return readdirSync(dir)
    .filter((name) => name.startsWith('messages-'))
    .reduce((sum, name) => sum + (statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}
