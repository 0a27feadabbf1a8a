import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { Capture } from './capture.ts';
import type { NewMessage } from './records.ts';
import { scan, scanWorkerUrl, type ScanOptions, type ScanProgress } from './scan.ts';
import { indexesIn, messageOf, messagesOf, segmentsIn, tempFolder } from './testing.ts';

// Every scan starts a thread, which loads its modules from source: slow on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const COUNT = 600;

/** 600 messages in several sealed segments and an open one; every tenth says so in its payload. */
async function open(): Promise<Capture> {
  const capture = await Capture.open(tempFolder(), { maxBytes: 1024 ** 2, segmentBytes: 40_000 });
  for (let from = 1; from < COUNT; from += 50) {
    const messages = messagesOf(from, from + 49).map((message, i) =>
      (from + i) % 10 === 0
        ? messageOf(from + i, { payload: Buffer.from('the TENTH, überall "}\n') })
        : message,
    );
    await capture.append({ messages });
  }
  expect(capture.stats().segments).toBeGreaterThan(3);
  return capture;
}

async function found(capture: Capture, options: ScanOptions): Promise<number[]> {
  const seqs: number[] = [];
  for await (const batch of capture.scan(options)) for (const seq of batch) seqs.push(seq);
  return seqs;
}

const every = (step: number): number[] => Array.from({ length: COUNT / step }, (_, i) => (i + 1) * step);

describe('a scan', () => {
  it('finds by the index and by the payload, in both directions', async () => {
    const capture = await open();
    expect(await found(capture, {})).toEqual(every(1));
    expect(await found(capture, { filter: 'content:room-0' })).toEqual(every(3));
    expect(await found(capture, { filter: 'text:tenth' })).toEqual(every(10));
    expect(await found(capture, { filter: 'text:"überall"', direction: 'backward' })).toEqual(
      every(10).reverse(),
    );
    expect(await found(capture, { filter: 'content:room-0 text:tenth', direction: 'backward' })).toEqual(
      every(30).reverse(),
    );
    expect(await found(capture, { filter: 'text:nowhere' })).toEqual([]);
    await capture.close();
  });

  it('keeps to its range and its limit', async () => {
    const capture = await open();
    expect(await found(capture, { fromSeq: 95, toSeq: 101 })).toEqual([95, 96, 97, 98, 99, 100, 101]);
    expect(await found(capture, { fromSeq: 95, limit: 2 })).toEqual([95, 96]);
    expect(await found(capture, { toSeq: 101, limit: 2, direction: 'backward' })).toEqual([101, 100]);
    expect(await found(capture, { fromSeq: COUNT + 1 })).toEqual([]);
    expect(await found(capture, { fromSeq: -5, toSeq: 2 })).toEqual([1, 2]);
    await capture.close();
    expect(await found(await Capture.openReadOnly(capture.dir), { filter: 'text:tenth' })).toEqual(every(10));
  });

  it('finds lines that someone has formatted, and leaves out damaged ones', async () => {
    const capture = await open();
    await capture.close();
    const [segment = ''] = segmentsIn(capture.dir);
    const lines = readFileSync(segment, 'utf8').split('\n');
    lines[10] = `${(lines[10] ?? '').slice(0, -1)} }`;
    lines[20] = 'damaged';
    writeFileSync(segment, lines.join('\n'));
    unlinkSync(indexesIn(capture.dir)[0] ?? '');
    const again = await Capture.openReadOnly(capture.dir);
    expect(await found(again, { filter: 'text:tenth' })).toEqual(every(10).filter((seq) => seq !== 20));
  });

  it('tells how far it is', async () => {
    const capture = await open();
    const told: ScanProgress[] = [];
    await found(capture, { filter: 'text:tenth', onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toEqual({ scanned: COUNT, matched: COUNT / 10, total: COUNT });
    await capture.close();
  });

  it('waits for who takes its batches, and loses none', async () => {
    const capture = await Capture.open(tempFolder());
    const count = 100_000;
    await capture.append({ messages: new Array<NewMessage>(count).fill(messageOf(1)) });
    let sum = 0;
    let batches = 0;
    for await (const seqs of capture.scan()) {
      if (++batches < 5) await new Promise((resolve) => setTimeout(resolve, 100));
      sum += seqs.length;
    }
    expect(sum).toBe(count);
    await capture.close();
  });

  it('ends at once when it is cancelled, also before it began, and when nobody listens any more', async () => {
    const capture = await Capture.open(tempFolder());
    await capture.append({ messages: new Array<NewMessage>(20_000).fill(messageOf(1)) });
    const aborting = new AbortController();
    const busy = scan(capture.store, { signal: aborting.signal }, moduleOf('for (;;);'));
    setTimeout(() => {
      aborting.abort();
    }, 300);
    await expect(busy.next()).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(found(capture, { signal: aborting.signal })).rejects.toMatchObject({ code: 'CANCELLED' });

    const later = new AbortController();
    await expect(
      (async () => {
        for await (const seqs of capture.scan({ signal: later.signal })) if (seqs.length > 0) later.abort();
      })(),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
    for await (const seqs of capture.scan()) {
      expect(seqs[0]).toBe(1);
      break;
    }
    expect(await found(capture, { limit: 1 })).toEqual([1]);
    await capture.close();
  });

  it('refuses a filter that cannot be read, before anything starts', async () => {
    const capture = await Capture.open(tempFolder());
    await expect(found(capture, { filter: 'size>>' })).rejects.toMatchObject({ code: 'FILTER_INVALID' });
    await capture.close();
  });

  it.each([
    ['throws', 'throw new Error("boom")'],
    ['ends without a word', 'process.exit(3)'],
    ['cannot be loaded', 'import "./nowhere.js"'],
    [
      'says that it failed',
      `
      import { parentPort } from 'node:worker_threads';
      parentPort.postMessage({ type: 'failed', error: { code: 'FILE_FAILED', operation: 'o', message: 'm', hint: 'h' } });
    `,
    ],
  ])('whose thread %s is an error with a code, and the host lives on', async (_what, source) => {
    const capture = await open();
    await expect(scan(capture.store, {}, moduleOf(source)).next()).rejects.toMatchObject({
      code: 'FILE_FAILED',
    });
    expect(await found(capture, { limit: 1 })).toEqual([1]);
    await capture.close();
  });

  it('leaves out segments that are removed meanwhile', async () => {
    const capture = await open();
    await capture.close();
    const reader = await Capture.openReadOnly(capture.dir);
    for (const path of [...segmentsIn(capture.dir).slice(0, 1), ...indexesIn(capture.dir).slice(0, 1)])
      unlinkSync(path);
    const left = await found(reader, { filter: 'text:tenth' });
    expect(left.length).toBeLessThan(COUNT / 10);
    expect(left.at(-1)).toBe(COUNT);
  });
});

it('finds its thread beside the source, or beside the bundle', () => {
  expect(scanWorkerUrl(pathToFileURL('/p/core/capture/scan.ts').href).pathname).toBe(
    '/p/core/capture/scan-worker.ts',
  );
  expect(scanWorkerUrl(pathToFileURL('/p/dist/waku-desk.js').href).pathname).toBe('/p/dist/scan-worker.js');
});

function moduleOf(source: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}
