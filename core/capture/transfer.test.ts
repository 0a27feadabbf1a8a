import { createWriteStream, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { Capture } from './capture.ts';
import { exportCapture } from './export.ts';
import { importCapture } from './import.ts';
import { messageOf, messagesOf, segmentsIn, tempFolder } from './testing.ts';

// Every export starts a thread, which loads its modules from source: slow on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

/** Messages, states and gaps in several segments. */
async function filled(): Promise<Capture> {
  const capture = await Capture.open(tempFolder(), { maxBytes: 1024 ** 2, segmentBytes: 20_000 });
  await capture.append({ gaps: [{ reason: 'engine', lost: 2, detail: 'before all', atNs: 1n }] });
  await capture.append({ messages: messagesOf(1, 99) });
  await capture.append({ gaps: [{ reason: 'engine', lost: null, detail: 'it died', atNs: 2n }] });
  await capture.append({ messages: [messageOf(100, {}, { dir: 'out' }), ...messagesOf(101, 700)] });
  await capture.append({
    states: [
      { seq: 100, atNs: 3n, delivery: { state: 'accepted' } },
      { seq: 100, atNs: 4n, delivery: { state: 'sent', peers: 2 } },
    ],
  });
  await capture.append({ gaps: [{ reason: 'disk', lost: 1, detail: 'at the end', atNs: 5n }] });
  return capture;
}

describe('an export', () => {
  it('is imported again as it was', async () => {
    const capture = await filled();
    const file = join(tempFolder(), 'all.ndjson');
    const report = await exportCapture(capture, file);
    expect(report).toEqual({ messages: 700, bytes: readFileSync(file).length });
    const dir = join(tempFolder(), 'new');
    expect(await importCapture(file, dir)).toEqual({
      messages: 700,
      states: 2,
      gaps: 3,
      badCount: 0,
      badLines: [],
    });
    const copy = await Capture.openReadOnly(dir);
    expect(await copy.page(1, 999)).toEqual(await capture.page(1, 999));
    expect(copy.gaps()).toEqual(capture.gaps());
    await capture.close();
  });

  it('takes what the filter matches; numbers then start anew', async () => {
    const capture = await filled();
    const file = join(tempFolder(), 'some.ndjson');
    expect(await exportCapture(capture, file, { filter: 'dir:out' })).toMatchObject({ messages: 1 });
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
    const dir = tempFolder();
    expect(await importCapture(file, dir)).toMatchObject({ messages: 1, states: 2, gaps: 0 });
    const [message] = await (await Capture.openReadOnly(dir)).page(1, 9);
    expect(message).toMatchObject({ seq: 1, dir: 'out', states: [{ seq: 1 }, { seq: 1 }] });
    expect(await exportCapture(capture, file, { fromSeq: 5, toSeq: 8 })).toMatchObject({ messages: 4 });
    await capture.close();
  });

  it("goes to a stream, which is not ended, at the stream's speed", async () => {
    const capture = await filled();
    const stream = new PassThrough({ highWaterMark: 100 });
    let text = '';
    stream.on('data', (data: Buffer) => (text += data.toString()));
    await exportCapture(capture, stream, { filter: 'content:room-1' });
    expect(stream.writableEnded).toBe(false);
    stream.end();
    const lines = text.trim().split('\n');
    expect(lines).toHaveLength(234 + 2);
    for (const line of lines) expect(line).toMatch(/room-1|"kind":"state"/);
    await capture.close();
  });

  it('to a stream or a path that fails is an error, and leaves no half file', async () => {
    const capture = await filled();
    const broken = new Writable({
      write: (_chunk, _encoding, done) => {
        done(new Error('EPIPE'));
      },
    });
    await expect(exportCapture(capture, broken)).rejects.toMatchObject({ code: 'FILE_FAILED' });
    const closed = createWriteStream(join(tempFolder(), 'x'));
    closed.destroy();
    await expect(exportCapture(capture, closed)).rejects.toMatchObject({ code: 'FILE_FAILED' });
    const dir = tempFolder();
    await expect(exportCapture(capture, join(dir, 'no', 'x'))).rejects.toMatchObject({ code: 'FILE_FAILED' });
    const aborting = new AbortController();
    const cancelled = exportCapture(capture, join(dir, 'x'), {
      signal: aborting.signal,
      onProgress: () => {
        aborting.abort();
      },
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(exportCapture(capture, join(dir, 'x'), { filter: 'size>' })).rejects.toMatchObject({
      code: 'FILTER_INVALID',
    });
    expect(readdirSync(dir)).toEqual([]);
    await capture.close();
  });
});

describe('an import', () => {
  it('reports every bad line with its number and a code, and takes all the others', async () => {
    const capture = await Capture.open(tempFolder());
    await capture.append({ messages: messagesOf(1, 4) });
    await capture.close();
    const [head = '', one = '', two = '', three = '', four = ''] = readFileSync(
      segmentsIn(capture.dir)[0] ?? '',
      'utf8',
    ).split('\n');
    const file = join(tempFolder(), 'mixed.ndjson');
    const lines = [
      `\ufeff${head}`,
      one,
      'not json',
      '',
      '{"kind":"weather"}',
      two.replace('"payload":"', '"payload":"AAAA'),
      `${two}\r`,
      `{"kind":"message","x":"${'y'.repeat(5000)}"}`,
      '['.repeat(3000),
      '{"kind":"state","seq":99,"atNs":"1","state":"accepted"}',
      three.replace('"seq":3', '"seq":"3"'),
      three,
      '{"kind":"state","seq":3,"atNs":"1","state":"accepted"}',
      'null',
      four,
    ];
    writeFileSync(file, lines.join('\n'));
    const dir = tempFolder();
    const report = await importCapture(file, dir, { maxLineBytes: 4000 });
    expect(report).toMatchObject({ messages: 4, states: 1, gaps: 0, badCount: 8 });
    expect(report.badLines.map(({ line, code }) => [line, code])).toEqual([
      [3, 'NOT_JSON'],
      [5, 'NOT_A_RECORD'],
      [6, 'HASH_MISMATCH'],
      [8, 'LINE_TOO_LONG'],
      [9, 'NOT_JSON'],
      [10, 'STATE_WITHOUT_MESSAGE'],
      [11, 'NOT_A_RECORD'],
      [14, 'NOT_A_RECORD'],
    ]);
    expect((await (await Capture.openReadOnly(dir)).page(1, 9)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it('takes several captures one after the other, each with its own states', async () => {
    const [a, b] = [await filled(), await filled()];
    await a.close();
    await b.close();
    const file = join(tempFolder(), 'both.ndjson');
    const paths = [...segmentsIn(a.dir), ...segmentsIn(b.dir)];
    writeFileSync(file, Buffer.concat(paths.map((path) => readFileSync(path))));
    const dir = tempFolder();
    expect(await importCapture(file, dir)).toMatchObject({ messages: 1400, states: 4, gaps: 6, badCount: 0 });
    const copy = await Capture.openReadOnly(dir);
    expect((await copy.states(100)).length).toBe(2);
    expect((await copy.states(800)).length).toBe(2);
    expect(copy.gaps().map(({ afterSeq }) => afterSeq)).toEqual([0, 99, 700, 700, 799, 1400]);
  });

  it('survives deep JSON and bytes that are no text', async () => {
    const file = join(tempFolder(), 'hostile');
    const deep = `{"kind":"gap","reason":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}\n`;
    writeFileSync(file, Buffer.concat([Buffer.from(deep), Buffer.alloc(2_000_000, 0xff)]));
    const report = await importCapture(file, tempFolder());
    expect(report.badLines.map(({ code }) => code)).toEqual(['NOT_A_RECORD', 'NOT_JSON']);
  });

  it('goes into a new folder only, and needs its file', async () => {
    const capture = await filled();
    await capture.close();
    const file = segmentsIn(capture.dir)[0] ?? '';
    await expect(importCapture(file, capture.dir)).rejects.toMatchObject({ code: 'CAPTURE_INVALID' });
    const dir = join(tempFolder(), 'none');
    await expect(importCapture(`${file}.x`, dir)).rejects.toMatchObject({ code: 'FILE_FAILED' });
    await expect(importCapture(capture.dir, dir)).rejects.toMatchObject({ code: 'FILE_FAILED' });
  });
});
