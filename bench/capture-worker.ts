/** A worker process that writes, opens, reads and scans a capture. One task each: a process is cold once. */
import { createHash } from 'node:crypto';
import { Capture } from '../core/capture/capture.ts';
import type { NewMessage } from '../core/capture/records.ts';
import { SummaryRing } from '../core/capture/summary-ring.ts';
import { createMessage } from '../core/waku/message.ts';
import { PUBSUB_TOPIC } from './load.ts';
import { serve } from './rpc.ts';

/** What the tasks' filters look for. */
const ROOMS = 50;
const NEEDLE_EVERY = 1_000;
const NEEDLE = 'needle';
const FIRST_NS = 1_700_000_000_000_000_000n;

interface WriteTask {
  dir: string;
  count: number;
  /** Messages of one append. */
  batch: number;
  payloadBytes: number;
}

const handlers = {
  /** Writes one batch after the other, and leaves the capture open. @returns ms that the appends took */
  async write({ dir, count, batch, payloadBytes }: WriteTask): Promise<number> {
    const capture = await Capture.open(dir);
    let tookMs = 0;
    for (let first = 0; first < count; first += batch) {
      const messages = Array.from({ length: batch }, (_none, i) => makeRecord(first + i, payloadBytes));
      const startMs = performance.now();
      const seqs = await capture.append({ messages });
      tookMs += performance.now() - startMs;
      if (seqs.includes(null)) throw new Error('a message was not captured');
    }
    return tookMs;
  },

  /** @returns ms of opening it for writing, and of filling the list's memory after that; messages found */
  async open({ dir, close }: { dir: string; close: boolean }): Promise<OpenTimes> {
    const startMs = performance.now();
    const capture = await Capture.open(dir);
    const openMs = performance.now() - startMs;
    await capture.fillRing(new SummaryRing({ capacity: 100_000 }));
    const listMs = performance.now() - startMs;
    const { messages } = capture.stats();
    if (close) await capture.close();
    return { openMs, listMs, messages };
  },

  /** Reads all of it, page by page. @returns ms */
  async read({ dir, pageSize }: { dir: string; pageSize: number }): Promise<number> {
    const capture = await Capture.openReadOnly(dir);
    const { firstSeq, nextSeq } = capture.stats();
    const startMs = performance.now();
    for (let seq = firstSeq; seq < nextSeq;) {
      const page = await capture.page(seq, pageSize);
      if (page[0]?.seq !== seq) throw new Error(`message ${seq} is missing`);
      seq += page.length;
    }
    return performance.now() - startMs;
  },

  async scan({ dir, filter }: { dir: string; filter: string }): Promise<ScanTimes> {
    const capture = await Capture.openReadOnly(dir);
    const startMs = performance.now();
    let matched = 0;
    for await (const seqs of capture.scan({ filter })) matched += seqs.length;
    return { tookMs: performance.now() - startMs, matched };
  },
};

export interface OpenTimes {
  openMs: number;
  listMs: number;
  messages: number;
}

export interface ScanTimes {
  tookMs: number;
  matched: number;
}

/** Text of the size asked for; every thousandth message has the needle. */
function makeRecord(index: number, payloadBytes: number): NewMessage {
  const word = index % NEEDLE_EVERY === 0 ? NEEDLE : 'haystack';
  const payload = Buffer.alloc(payloadBytes, `message ${index} ${word}; `);
  const timestampNs = FIRST_NS + BigInt(index);
  return {
    dir: 'in',
    pubsubTopic: PUBSUB_TOPIC,
    message: createMessage({ payload, contentTopic: `/bench/1/room-${index % ROOMS}/proto`, timestampNs }),
    hash: `0x${createHash('sha256').update(payload).digest('hex')}`,
    receivedNs: timestampNs,
    fromPeer: `16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bU${index % 6}`,
  };
}

export type CaptureHandlers = typeof handlers;
serve(handlers);
