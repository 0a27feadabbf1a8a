/** Captures as one: in the order of time, each message once, and where it came from beside it. */
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cancelled } from '../engine/deadline.ts';
import type { Capture } from './capture.ts';
import { MergeOrder } from './merge-order.ts';
import { appendAll, appendCopies, createCapture, UNBOUNDED } from './new-capture.ts';
import type { GapRecord, StoredMessage } from './records.ts';
import { writeFailed } from './stats.ts';

/** In the folder of the merged capture: one line of JSON for the sources, then one for each message. */
export const ORIGINS_FILE = 'origins.ndjson';

export interface MergeReport {
  messages: number;
  /** Messages that were left out because the same message is there already. */
  duplicates: number;
  gaps: number;
  /** Messages whose lines are not what the index says: damaged since. */
  unreadable: number;
}

/** Messages in memory at a time: 38 MB of the largest that the network relays. */
const PORTION = 256;
/** Rows of an index that are looked at between two looks at the signal. */
const INDEX_PORTION = 8_192;

/**
 * Messages keep the times, peer and states of the copy that was received first.
 * @param dir a folder that is empty or not there
 * @throws WakuDeskError CANCELLED, FILE_FAILED; as {@link createCapture}. What was merged until then stays.
 */
export async function mergeCaptures(
  sources: readonly Capture[],
  dir: string,
  signal?: AbortSignal,
): Promise<MergeReport> {
  const order = await orderOf(sources, signal);
  const rows = order.firstCopies();
  const gaps = gapsOf(sources);
  const target = await createCapture(dir, UNBOUNDED);
  try {
    const origins = await open(join(resolve(dir), ORIGINS_FILE), 'wx');
    try {
      const names = sources.map(({ dir: folder, id }) => ({ dir: folder, id }));
      await origins.writeFile(`${JSON.stringify({ kind: 'sources', sources: names })}\n`);
      const report = { messages: 0, duplicates: order.count - rows.length, gaps: gaps.length, unreadable: 0 };
      for (let from = 0; from < rows.length || gaps.length > 0; from += PORTION) {
        stopAt(signal);
        const portion = rows.subarray(from, from + PORTION);
        const read = await readRows(sources, order, portion);
        const isLast = from + PORTION >= rows.length;
        const untilNs = read.at(-1)?.message.receivedNs ?? 0n;
        const due = gaps.splice(0, isLast ? gaps.length : gaps.filter(({ atNs }) => atNs <= untilNs).length);
        await appendAll(target, { gaps: due }, 'capture.merge');
        const seqs = await appendCopies(
          target,
          read.map(({ message }) => message),
          'capture.merge',
        );
        await origins.writeFile(read.map(({ row }, i) => originLine(order, row, seqs[i] ?? 0)).join(''));
        report.messages += read.length;
        report.unreadable += portion.length - read.length;
      }
      return report;
    } finally {
      await origins.close();
    }
  } catch (error) {
    throw writeFailed(error);
  } finally {
    await target.close();
  }
}

/** Of the indexes alone. */
async function orderOf(sources: readonly Capture[], signal: AbortSignal | undefined): Promise<MergeOrder> {
  const stats = sources.map((capture) => capture.stats());
  const order = new MergeOrder(stats.reduce((sum, { firstSeq, nextSeq }) => sum + nextSeq - firstSeq, 0));
  for (const [source, capture] of sources.entries()) {
    const { firstSeq, nextSeq } = capture.stats();
    for (let from = firstSeq; from < nextSeq; from += INDEX_PORTION) {
      stopAt(signal);
      for (const { seq, receivedNs, hash } of await capture.summaries(
        from,
        Math.min(INDEX_PORTION, nextSeq - from),
      ))
        if (seq !== null) order.add({ source, seq, receivedNs }, hash);
    }
  }
  return order;
}

/** By time. A gap finds its place among the messages to within one portion of them. */
function gapsOf(sources: readonly Capture[]): GapRecord[] {
  return sources
    .flatMap((capture) => capture.gaps().map((gap) => ({ ...gap, detail: `${capture.dir}: ${gap.detail}` })))
    .sort((a, b) => (a.atNs < b.atNs ? -1 : 1));
}

/** In the order of the rows, without those that cannot be read. */
async function readRows(
  sources: readonly Capture[],
  order: MergeOrder,
  rows: Uint32Array,
): Promise<{ row: number; message: StoredMessage }[]> {
  const wanted = Array.from(rows, (row) => ({ row, ...order.copy(row) }));
  const found = await Promise.all(
    sources.map(async (capture, index) => {
      const seqs = wanted.filter(({ source }) => source === index).map(({ seq }) => seq);
      const messages = new Map<number, StoredMessage>();
      for await (const part of capture.allMessagesOf(seqs.sort((a, b) => a - b)))
        for (const message of part) messages.set(message.seq, message);
      return messages;
    }),
  );
  return wanted.flatMap(({ row, source, seq }) => {
    const message = found[source]?.get(seq);
    return message === undefined ? [] : { row, message };
  });
}

/** `{"seq":7,"origins":[{"source":0,"seq":3,"receivedNs":"…"},{"source":1,"seq":9,"receivedNs":"…"}]}` */
function originLine(order: MergeOrder, row: number, seq: number): string {
  const origins = order.copiesOf(row).map((copy) => ({ ...copy, receivedNs: String(copy.receivedNs) }));
  return `${JSON.stringify({ seq, origins })}\n`;
}

function stopAt(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled('capture.merge');
}
