import {
  appendFileSync,
  cpSync,
  existsSync,
  readFileSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { Capture } from './capture.ts';
import { indexesIn, messageOf, messagesOf, segmentsIn, startWriter, tempFolder } from './testing.ts';

// Processes that load their modules from source start slowly on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const SMALL_SEGMENTS = { maxBytes: 1024 ** 2, segmentBytes: 2000 };

/** A capture as a crash leaves it: nobody closed it, its last segment has no index. */
async function crashed(count: number): Promise<{ dir: string; segment: string }> {
  const dir = tempFolder();
  const capture = await Capture.open(dir);
  await capture.append({ messages: messagesOf(1, count) });
  await capture.close();
  for (const index of indexesIn(dir)) unlinkSync(index);
  return { dir, segment: segmentsIn(dir)[0] ?? '' };
}

/** A capture of several segments, closed. */
async function closed(count: number): Promise<string> {
  const dir = tempFolder();
  const capture = await Capture.open(dir, SMALL_SEGMENTS);
  for (let i = 1; i <= count; i++) await capture.append({ messages: [messageOf(i)] });
  await capture.append({ states: [{ seq: 1, atNs: 1n, delivery: { state: 'confirmed' } }] });
  await capture.close();
  expect(segmentsIn(dir).length).toBeGreaterThan(3);
  return dir;
}

async function seqsIn(dir: string): Promise<number[]> {
  const reader = await Capture.openReadOnly(dir);
  return (await reader.page(1, 10_000)).map(({ seq }) => seq);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('after a crash', () => {
  it('cuts off a last line that was torn at any byte, and keeps everything before it', async () => {
    const { dir, segment } = await crashed(4);
    const whole = readFileSync(segment);
    const lastStart = whole.lastIndexOf(10, whole.length - 2) + 1;
    for (let length = lastStart + 1; length < whole.length; length++) {
      writeFileSync(segment, whole.subarray(0, length));
      const capture = await Capture.open(dir);
      expect(capture.stats()).toMatchObject({ messages: 3, nextSeq: 4, tornBytes: length - lastStart });
      expect(statSync(segment).size).toBe(lastStart);
      if (length % 50 === 0) {
        expect(await capture.append({ messages: [messageOf(4)] })).toEqual([4]);
        expect((await capture.page(1, 9)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
        expect(readFileSync(segment)).toEqual(whole);
      }
      await capture.close();
    }
  });

  it('keeps the whole lines of a batch that was torn in its middle', async () => {
    const { dir, segment } = await crashed(200);
    truncateSync(segment, Math.floor(statSync(segment).size / 2));
    const capture = await Capture.open(dir);
    const { messages, nextSeq, tornBytes, damagedLines } = capture.stats();
    expect(messages).toBeGreaterThan(80);
    expect([nextSeq, damagedLines, tornBytes > 0]).toEqual([messages + 1, 0, true]);
    expect((await capture.page(1, 300)).map(({ seq }) => seq)).toEqual(upTo(messages));
    await capture.close();
    expect((await Capture.openReadOnly(dir)).stats()).toMatchObject({ messages, tornBytes: 0 });
  });

  it('takes a tail of zeros, as a power cut leaves it, for torn', async () => {
    const { dir, segment } = await crashed(3);
    appendFileSync(segment, Buffer.alloc(5000));
    const capture = await Capture.open(dir);
    expect(capture.stats()).toMatchObject({ messages: 3, tornBytes: 5000 });
    await capture.close();
  });

  it('gives the last segment its index also when the next one begins at once', async () => {
    const { dir } = await crashed(20);
    const capture = await Capture.open(dir, SMALL_SEGMENTS);
    await capture.append({ messages: [messageOf(21)] });
    await capture.close();
    expect(segmentsIn(dir)).toHaveLength(2);
    expect(indexesIn(dir)).toHaveLength(2);
    expect(await seqsIn(dir)).toEqual(upTo(21));
  });

  it('has everything that a killed process reported as captured', async () => {
    const dir = tempFolder();
    for (const batchSize of ['1', '50', '2000']) {
      const child = startWriter(dir, batchSize);
      let said = '';
      child.stdout?.on('data', (data: Buffer) => {
        said += data.toString();
      });
      while (said.split('\n').length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
      child.kill('SIGKILL');
      await once(child, 'close');
      const reported = Number(said.trimEnd().split('\n').at(-1));
      expect(reported).toBeGreaterThan(1);
      const capture = await Capture.open(dir, { maxBytes: 1024 ** 3 });
      const { messages, nextSeq, damagedLines } = capture.stats();
      expect(messages).toBeGreaterThanOrEqual(reported);
      expect([nextSeq, damagedLines]).toEqual([messages + 1, 0]);
      expect((await capture.summaries(1, messages)).map(({ seq }) => seq)).toEqual(upTo(messages));
      expect((await capture.page(reported, 1))[0]?.seq).toBe(reported);
      await capture.close();
    }
  });
});

describe('a damaged line', () => {
  it.each([
    ['is overwritten with garbage', (line: string) => 'x'.repeat(line.length)],
    ['lost its end', (line: string) => line.slice(0, line.length / 2)],
    ['became very long', () => `{"kind":"message","a":"${'b'.repeat(3_000_000)}`],
    ['is deep JSON', () => `{"kind":"message","seq":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['has an impossible number', (line: string) => line.replace('"seq":3,', '"seq":9007199254740991,')],
    ['has the number of another', (line: string) => line.replace('"seq":3,', '"seq":2,')],
    ['has a payload that is no base64', (line: string) => line.replace('"payload":"', '"payload":"*')],
  ])('that %s is skipped and counted, and the numbers stay', async (_what, damage) => {
    const { dir, segment } = await crashed(5);
    const lines = readFileSync(segment, 'utf8').split('\n');
    expect(lines[3]).toContain('"seq":3,');
    lines[3] = damage(lines[3] ?? '');
    writeFileSync(segment, lines.join('\n'));
    const capture = await Capture.open(dir);
    expect(capture.stats()).toMatchObject({ messages: 4, nextSeq: 6, damagedLines: 1, tornBytes: 0 });
    expect((await capture.page(1, 9)).map(({ seq }) => seq)).toEqual([1, 2, 4, 5]);
    expect((await capture.summaries(1, 9)).map(({ seq }) => seq)).toEqual([1, 2, 4, 5]);
    expect(await capture.append({ messages: [messageOf(6)] })).toEqual([6]);
    await capture.close();
    expect(await seqsIn(dir)).toEqual([1, 2, 4, 5, 6]);
  });

  it('at the end does not give its number away again', async () => {
    const { dir, segment } = await crashed(3);
    const lines = readFileSync(segment, 'utf8').split('\n');
    lines[3] = (lines[3] ?? '').slice(0, 60);
    writeFileSync(segment, lines.join('\n'));
    const capture = await Capture.open(dir);
    expect(await capture.append({ messages: [messageOf(4)] })).toEqual([4]);
    await capture.close();
    expect(await seqsIn(dir)).toEqual([1, 2, 4]);
  });

  it('that was damaged after its index was written is left out and counted when it is read', async () => {
    const dir = tempFolder();
    const writer = await Capture.open(dir);
    await writer.append({ messages: messagesOf(1, 50) });
    await writer.close();
    const [segment = ''] = segmentsIn(dir);
    const bytes = readFileSync(segment);
    bytes.write('"seq":7,', bytes.indexOf('"seq":2,'));
    writeFileSync(segment, bytes);
    const capture = await Capture.openReadOnly(dir);
    expect((await capture.page(1, 3)).map(({ seq }) => seq)).toEqual([1, 3]);
    expect(capture.stats()).toMatchObject({ unreadable: 1, rebuiltIndexes: 0 });
  });
});

describe('an index', () => {
  it('that fits is not read again line by line', async () => {
    const dir = await closed(40);
    const capture = await Capture.open(dir, SMALL_SEGMENTS);
    expect(capture.stats()).toMatchObject({ messages: 40, states: 1, rebuiltIndexes: 0 });
    await capture.close();
  });

  it.each([
    ['missing', unlinkSync],
    [
      'empty',
      (path: string) => {
        truncateSync(path, 0);
      },
    ],
    [
      'cut off',
      (path: string) => {
        truncateSync(path, statSync(path).size - 1);
      },
    ],
    [
      'longer',
      (path: string) => {
        appendFileSync(path, 'x');
      },
    ],
    [
      'changed in its first bytes',
      (path: string) => {
        flip(path, 1);
      },
    ],
    [
      'changed in its header',
      (path: string) => {
        flip(path, 100);
      },
    ],
    [
      'of another segment',
      (path: string) => {
        cpSync(indexesIn(join(path, '..'))[2] ?? '', path);
      },
    ],
  ])('that is %s is made again silently, and counted', async (_what, damage) => {
    const dir = await closed(40);
    const [, index = ''] = indexesIn(dir);
    const good = readFileSync(index);
    damage(index);
    const reader = await Capture.openReadOnly(dir);
    expect(reader.stats()).toMatchObject({ messages: 40, rebuiltIndexes: 1 });
    expect(existsSync(index) && readFileSync(index).equals(good)).toBe(false);
    const capture = await Capture.open(dir, SMALL_SEGMENTS);
    expect(capture.stats()).toMatchObject({ messages: 40, rebuiltIndexes: 1, damagedLines: 0 });
    expect((await capture.page(1, 99)).map(({ seq }) => seq)).toEqual(upTo(40));
    await capture.close();
    expect(readFileSync(index)).toEqual(good);
  });

  it('that is changed in its rows is made again when they are needed', async () => {
    const dir = await closed(40);
    const [index = ''] = indexesIn(dir);
    const good = readFileSync(index);
    flip(index, good.length - 200);
    const capture = await Capture.open(dir, SMALL_SEGMENTS);
    expect((await capture.summaries(1, 99)).map(({ seq }) => seq)).toEqual(upTo(40));
    expect(capture.stats()).toMatchObject({ rebuiltIndexes: 1 });
    expect(readFileSync(index)).toEqual(good);
    await capture.close();
  });

  it('of another capture is not believed', async () => {
    const [dir, other] = [await closed(40), await closed(40)];
    cpSync(indexesIn(other)[1] ?? '', indexesIn(dir)[1] ?? '');
    const capture = await Capture.open(dir, SMALL_SEGMENTS);
    expect(capture.stats()).toMatchObject({ messages: 40, rebuiltIndexes: 1 });
    await capture.close();
  });

  it('whose segment is gone is removed, and the other segments stay', async () => {
    const dir = await closed(40);
    const [first = '', second = ''] = segmentsIn(dir);
    unlinkSync(first);
    writeFileSync(`${second.slice(0, -7)}.index.tmp`, 'half');
    const capture = await Capture.open(dir, SMALL_SEGMENTS);
    expect(indexesIn(dir)).toHaveLength(segmentsIn(dir).length);
    expect(existsSync(`${second.slice(0, -7)}.index.tmp`)).toBe(false);
    expect(capture.stats().removedSegments).toBe(1);
    await capture.close();
  });
});

describe('a reader beside a writer', () => {
  it('sees what the writer has written, through rotation and retention', async () => {
    const dir = tempFolder();
    const writer = await Capture.open(dir, { maxBytes: 64 * 1024, segmentBytes: 8000 });
    await writer.append({ messages: messagesOf(1, 5) });
    const reader = await Capture.openReadOnly(dir);
    expect((await reader.page(1, 9)).map(({ seq }) => seq)).toEqual(upTo(5));
    for (let from = 6; from < 500; from += 7) {
      await writer.append({ messages: messagesOf(from, from + 6) });
      await reader.refresh();
      const [mine, theirs] = [reader.stats(), writer.stats()];
      expect([mine.firstSeq, mine.nextSeq]).toEqual([theirs.firstSeq, theirs.nextSeq]);
      expect((await reader.page(from, 7)).map(({ seq }) => seq)).toEqual(upTo(7).map((i) => from + i - 1));
    }
    expect(writer.stats().removedSegments).toBeGreaterThan(3);
    await writer.close();
    await reader.refresh();
    expect(reader.stats().damagedLines).toBe(0);
  });

  it('notices that a writer on a full disk took lines back', async () => {
    const { dir, segment } = await crashed(4);
    const whole = readFileSync(segment);
    const thirdEnd = whole.indexOf('"seq":4,') - '{"kind":"message",'.length;
    const gap = `{"kind":"gap","reason":"disk","lost":1,"afterSeq":3,"atNs":"1","detail":"${'x'.repeat(90)}"}\n`;
    writeFileSync(segment, Buffer.concat([whole.subarray(0, thirdEnd), Buffer.from(gap)]));
    const reader = await Capture.openReadOnly(dir);
    expect(reader.stats()).toMatchObject({ messages: 3, gaps: 1 });
    writeFileSync(segment, whole);
    await reader.refresh();
    expect(reader.stats()).toMatchObject({ messages: 4, gaps: 0, damagedLines: 0 });
  });

  it('gets nothing, and no error, from segments that were removed since it opened', async () => {
    const dir = await closed(40);
    const reader = await Capture.openReadOnly(dir);
    for (const path of segmentsIn(dir).slice(0, 2)) unlinkSync(path);
    const seqs = (await reader.page(1, 99)).map(({ seq }) => seq);
    expect(seqs.length).toBeLessThan(40);
    expect(seqs.at(-1)).toBe(40);
    await reader.refresh();
    expect((await reader.summaries(1, 99)).map(({ seq }) => seq)).toEqual(seqs);
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
