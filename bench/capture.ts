/** The message log on disk. */
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaptureHandlers } from './capture-worker.ts';
import type { Context, Figure } from './figure.ts';
import { WorkerProcess } from './rpc.ts';
import { makeRow, type Row } from './row.ts';

const GIB = 1024 ** 3;
/** As much as the session gathers while a write is under way at some 10,000 messages/s. */
const BATCH = 100;
const PAGE = 500;
const SMALL = { payloadBytes: 1_024, full: 100_000, quick: 20_000 };
/** One million of them, with their index, are well below the default bound of 2 GiB. */
const LARGE = { payloadBytes: 200, full: 1_000_000, quick: 100_000 };
/** Of makeRecord in the worker. */
const FILTERS = {
  index: { filter: 'content:/room-7/', every: 50 },
  text: { filter: 'text:needle', every: 1_000 },
};

export const capture: Figure = {
  name: 'capture',
  about: 'messages/s captured, read back and filtered; opening 1,000,000',
  besidePeer: false,
  how: `core/capture in a process of its own, the file system's cache warm, in the temp folder. capture.write:
100,000 messages (--quick 20,000) of 1 KiB in appends of 100, one after the other; an append ends when write() has
returned. capture.read: all of them in pages of 500. The others: a capture of 1,000,000 messages (--quick 100,000)
of 200 bytes, a fresh process for each run. capture.open: until it can be read and written; .list: until the
newest 100,000 summaries are in memory as well; .crashed: opening after its writer was killed. capture.filter:
messages/s looked at by a filter that the index answers (content:, 1 of 50 matches) and by one that reads every
payload (text:, 1 of 1,000), over all of them, starting the scan's thread included.`,
  async measure(context, quick) {
    const runs = quick ? 3 : 5;
    return [
      ...(await measureWriting(context, quick ? SMALL.quick : SMALL.full, runs)),
      ...(await measureLarge(context, quick ? LARGE.quick : LARGE.full, runs)),
    ];
  },
};

async function measureWriting(context: Context, count: number, runs: number): Promise<Row[]> {
  const written: number[] = [];
  const read: number[] = [];
  for (let run = 1; run <= runs; run++) {
    context.progress(`write and read, run ${run} of ${runs}`);
    const dir = join(await context.makeFolder(), 'capture');
    const writeMs = await inWorker(context, (worker) =>
      worker.call('write', { dir, count, batch: BATCH, payloadBytes: SMALL.payloadBytes }),
    );
    const readMs = await inWorker(context, (worker) => worker.call('read', { dir, pageSize: PAGE }));
    written.push((count / writeMs) * 1_000);
    read.push((count / readMs) * 1_000);
  }
  return [makeRow('capture.write', 'messages/s', written), makeRow('capture.read', 'messages/s', read)];
}

async function measureLarge(context: Context, count: number, runs: number): Promise<Row[]> {
  const folder = await context.makeFolder();
  const { bavail, bsize } = await statfs(folder);
  const freeGiB = (bavail * bsize) / GIB;
  if (freeGiB < 2) throw new Error(`the temp folder has ${freeGiB.toFixed(1)} GiB left; 2 are needed`);
  const dir = join(folder, 'capture');
  context.progress(`writing ${count.toLocaleString('en')} messages`);
  const writer = context.use(new WorkerProcess<CaptureHandlers>('./capture-worker.ts'));
  await writer.call('write', { dir, count, batch: 1_000, payloadBytes: LARGE.payloadBytes });
  await writer.kill();

  // A process that ends without closing leaves the capture as a crash does.
  const crashed = await openings(context, { dir, count, runs, close: false });
  await openings(context, { dir, count, runs: 1, close: true });
  const clean = await openings(context, { dir, count, runs, close: true });
  return [
    makeRow('capture.open', 'ms', clean.openMs),
    makeRow('capture.open.list', 'ms', clean.listMs),
    makeRow('capture.open.crashed', 'ms', crashed.openMs),
    makeRow('capture.filter.index', 'messages/s', await scans(context, { dir, count, runs }, FILTERS.index)),
    makeRow('capture.filter.text', 'messages/s', await scans(context, { dir, count, runs }, FILTERS.text)),
  ];
}

interface LargeCapture {
  dir: string;
  count: number;
  runs: number;
}

async function openings(
  context: Context,
  { dir, count, runs, close }: LargeCapture & { close: boolean },
): Promise<{ openMs: number[]; listMs: number[] }> {
  const found = { openMs: [] as number[], listMs: [] as number[] };
  for (let run = 1; run <= runs; run++) {
    context.progress(`open${close ? '' : ' after a crash'}, run ${run} of ${runs}`);
    const times = await inWorker(context, (worker) => worker.call('open', { dir, close }));
    if (times.messages !== count) throw new Error(`${times.messages} of ${count} messages are there`);
    found.openMs.push(times.openMs);
    found.listMs.push(times.listMs);
  }
  return found;
}

async function scans(
  context: Context,
  { dir, count, runs }: LargeCapture,
  { filter, every }: (typeof FILTERS)['index'],
): Promise<number[]> {
  const rates: number[] = [];
  for (let run = 1; run <= runs; run++) {
    context.progress(`filter ${filter}, run ${run} of ${runs}`);
    const { tookMs, matched } = await inWorker(context, (worker) => worker.call('scan', { dir, filter }));
    if (matched !== count / every)
      throw new Error(`${filter} matched ${matched} instead of ${count / every}`);
    rates.push((count / tookMs) * 1_000);
  }
  return rates;
}

async function inWorker<T>(
  context: Context,
  work: (worker: WorkerProcess<CaptureHandlers>) => Promise<T>,
): Promise<T> {
  const worker = context.use(new WorkerProcess<CaptureHandlers>('./capture-worker.ts'));
  const result = await work(worker);
  await worker.stop();
  return result;
}
