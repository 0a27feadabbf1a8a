/** Captures made out of others: filtered, merged, compared. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Capture } from './capture.ts';
import { copyCapture } from './copy.ts';
import { diffCaptures, type DiffCounts, type Side } from './diff.ts';
import { HashTable } from './hash-table.ts';
import { mergeCaptures, ORIGINS_FILE } from './merge.ts';
import type { GapRecord, NewMessage, StoredMessage } from './records.ts';
import { messageOf, messagesOf, START_NS, tempFolder } from './testing.ts';

// Every scan starts a thread, which loads its modules from source: slow on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

async function captureOf(...portions: NewMessage[][]): Promise<Capture> {
  const capture = await Capture.open(tempFolder(), { maxBytes: 1024 ** 2, segmentBytes: 20_000 });
  for (const messages of portions) await capture.append({ messages });
  await capture.close();
  return Capture.openReadOnly(capture.dir);
}

async function contentOf(dir: string): Promise<{ messages: StoredMessage[]; gaps: GapRecord[] }> {
  const capture = await Capture.openReadOnly(dir);
  return { messages: await capture.page(1, 100_000), gaps: capture.gaps() };
}

const newFolder = (): string => join(tempFolder(), 'new');

describe('a filtered copy', () => {
  it('has what matches, with times, peers and states, under new numbers', async () => {
    const source = await Capture.open(tempFolder());
    await source.append({ messages: [...messagesOf(1, 600), messageOf(601, {}, { dir: 'out' })] });
    await source.append({ states: [{ seq: 601, atNs: 5n, delivery: { state: 'sent', peers: 3 } }] });
    const dir = newFolder();
    const filter = 'content:room-1 or dir:out';
    expect(await copyCapture(source, dir, { filter })).toEqual({ messages: 201, scanned: 601 });
    const { messages } = await contentOf(dir);
    expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 201 }, (_, i) => i + 1));
    expect(messages[0]).toMatchObject(messageOf(1));
    expect(messages.at(-1)).toMatchObject({
      ...messageOf(601, {}, { dir: 'out' }),
      states: [{ seq: 201, delivery: { state: 'sent', peers: 3 } }],
    });
    await source.close();
  });

  it('is not made of a filter that cannot be read, nor where a capture is', async () => {
    const source = await captureOf(messagesOf(1, 3));
    const dir = newFolder();
    await expect(copyCapture(source, dir, { filter: 'size>' })).rejects.toMatchObject({
      code: 'FILTER_INVALID',
    });
    expect(existsSync(dir)).toBe(false);
    await expect(copyCapture(source, source.dir, {})).rejects.toMatchObject({ code: 'CAPTURE_INVALID' });
  });
});

describe('a merged capture', () => {
  const late = (i: number): NewMessage => ({
    ...messageOf(i),
    receivedNs: messageOf(i).receivedNs + 400_000n,
  });

  it('has every message once, in the order of time, with where each came from', async () => {
    const a = await captureOf(messagesOf(1, 600));
    const b = await captureOf(Array.from({ length: 600 }, (_, i) => late(301 + i)));
    const dir = newFolder();
    expect(await mergeCaptures([a, b], dir)).toEqual({
      messages: 900,
      duplicates: 300,
      gaps: 0,
      unreadable: 0,
    });
    const { messages } = await contentOf(dir);
    expect(messages.map(({ hash }) => hash)).toEqual(messagesOf(1, 900).map(({ hash }) => hash));
    // Of the copy that came first.
    expect(messages[400]?.receivedNs).toBe(messageOf(401).receivedNs);
    const lines = readFileSync(join(dir, ORIGINS_FILE), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(901);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      kind: 'sources',
      sources: [
        { dir: a.dir, id: a.id },
        { dir: b.dir, id: b.id },
      ],
    });
    expect(JSON.parse(lines[401] ?? '')).toEqual({
      seq: 401,
      origins: [
        { source: 0, seq: 401, receivedNs: String(messageOf(401).receivedNs) },
        { source: 1, seq: 101, receivedNs: String(late(401).receivedNs) },
      ],
    });
    expect(JSON.parse(lines[900] ?? '')).toMatchObject({ seq: 900, origins: [{ source: 1, seq: 600 }] });
  });

  it('is in order also where a source is not, and where times are the same', async () => {
    const at = (i: number, ms: number): NewMessage =>
      messageOf(i, {}, { receivedNs: START_NS + BigInt(ms) * 1_000_000n });
    const a = await captureOf([at(1, 30), at(2, 10)], [at(3, 20)]);
    const b = await captureOf([at(4, 20), at(5, 5), at(1, 1)]);
    const dir = newFolder();
    expect(await mergeCaptures([a, b], dir)).toMatchObject({ messages: 5, duplicates: 1 });
    const hashes = [1, 5, 2, 3, 4].map((i) => messageOf(i).hash);
    expect((await contentOf(dir)).messages.map(({ hash }) => hash)).toEqual(hashes);
  });

  it('keeps the gaps of its sources, named, at their times', async () => {
    const a = await Capture.open(tempFolder());
    await a.append({ messages: messagesOf(1, 300) });
    const atNs = messageOf(300).receivedNs + 1n;
    await a.append({ gaps: [{ reason: 'disk', lost: 2, detail: 'full', atNs }] });
    await a.append({ messages: messagesOf(301, 700) });
    const b = await captureOf([]);
    const dir = newFolder();
    expect(await mergeCaptures([a, b], dir)).toMatchObject({ messages: 700, gaps: 1 });
    const [gap] = (await contentOf(dir)).gaps;
    expect(gap).toMatchObject({ reason: 'disk', lost: 2, detail: `${a.dir}: full`, atNs });
    expect(Math.abs((gap?.afterSeq ?? 0) - 300)).toBeLessThanOrEqual(256);
    await a.close();
  });

  it('of nothing but gaps has them', async () => {
    const a = await Capture.open(tempFolder());
    await a.append({ gaps: [{ reason: 'engine', lost: null, detail: 'it died', atNs: 1n }] });
    const dir = newFolder();
    expect(await mergeCaptures([a, await captureOf([])], dir)).toMatchObject({ messages: 0, gaps: 1 });
    expect((await contentOf(dir)).gaps).toHaveLength(1);
    await a.close();
  });

  it('is left when the signal fires', async () => {
    const sources = [await captureOf(messagesOf(1, 5)), await captureOf([])];
    await expect(mergeCaptures(sources, newFolder(), AbortSignal.abort())).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

describe('a comparison', () => {
  async function diff(
    a: Capture,
    b: Capture,
    filter = '',
  ): Promise<{ counts: DiffCounts; found: [Side, number][] }> {
    const found: [Side, number][] = [];
    const counts = await diffCaptures(a, b, {
      filter,
      onDifference: (side, { seq }) => {
        found.push([side, seq ?? -1]);
      },
    });
    return { counts, found };
  }

  it('finds nothing between captures of the same messages in another order', async () => {
    const a = await captureOf(messagesOf(1, 700));
    const b = await captureOf(messagesOf(1, 700).reverse());
    expect(await diff(a, b)).toEqual({
      counts: { both: 700, onlyA: 0, onlyB: 0, againA: 0, againB: 0 },
      found: [],
    });
  });

  it('says who missed what, and what is there twice', async () => {
    const a = await captureOf(messagesOf(1, 10), messagesOf(3, 4));
    const b = await captureOf(messagesOf(3, 12), [messageOf(12), messageOf(5)]);
    expect(await diff(a, b)).toEqual({
      counts: { both: 8, onlyA: 2, onlyB: 2, againA: 2, againB: 2 },
      found: [
        ['b', 9],
        ['b', 10],
        ['a', 1],
        ['a', 2],
      ],
    });
  });

  it('looks at what the filter matches alone', async () => {
    const a = await captureOf(messagesOf(1, 30));
    const b = await captureOf(messagesOf(4, 30));
    expect(await diff(a, b, 'content:room-1')).toMatchObject({
      counts: { both: 9, onlyA: 1, onlyB: 0 },
      found: [['a', 1]],
    });
  });
});

describe('a table of hashes', () => {
  it('finds every hash of many, and no other, also where they begin alike', () => {
    const table = new HashTable();
    const hashOf = (i: number): `0x${string}` => `0x${'00'.repeat(4)}${i.toString(16).padStart(56, '0')}`;
    for (let i = 0; i < 5_000; i++) expect(table.add(hashOf(i))).toEqual({ place: i, isNew: true });
    for (let i = 0; i < 5_000; i++) expect(table.add(hashOf(i))).toEqual({ place: i, isNew: false });
    expect(table.find(hashOf(4_999))).toBe(4_999);
    expect(table.find(hashOf(5_000))).toBeNull();
    expect(table.size).toBe(5_000);
  });
});
