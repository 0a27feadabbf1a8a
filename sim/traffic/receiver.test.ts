import { describe, expect, it } from 'vitest';
import { Samples } from './distribution.ts';
import { encodeTraffic, MIN_PAYLOAD_BYTES, type TrafficHeader } from './payload.ts';
import { TrafficReceiver, type ReceivedTraffic } from './receiver.ts';
import { Sequences } from './sequences.ts';

const SENT_NS = 1_700_000_000_000_000_000n;

function hear(receiver: TrafficReceiver, fields: Partial<TrafficHeader>, latencyMs = 1): void {
  const header = { run: 1, sender: 0, sequence: 0, planned: 10, lateMs: 0, sentNs: SENT_NS, ...fields };
  receiver.add(encodeTraffic(header, MIN_PAYLOAD_BYTES), SENT_NS + BigInt(Math.round(latencyMs * 1e6)));
}

function heard(...sequences: number[]): ReceivedTraffic | undefined {
  const receiver = new TrafficReceiver();
  for (const sequence of sequences) hear(receiver, { sequence });
  return receiver.report().senders[0];
}

describe('a receiver', () => {
  it('finds nothing wrong with what came whole and in order', () => {
    expect(heard(...Array(10).keys())).toMatchObject({
      planned: 10,
      received: 10,
      lost: 0,
      notSeen: 0,
      missing: [],
      duplicates: 0,
      outOfOrder: 0,
    });
  });

  it('tells what is missing in between from what is missing at the end', () => {
    expect(heard(2, 3, 6)).toMatchObject({
      received: 3,
      lost: 4,
      notSeen: 3,
      missing: [
        { from: 0, to: 1 },
        { from: 4, to: 5 },
        { from: 7, to: 9 },
      ],
    });
  });

  it('counts what comes again and what comes after a later one', () => {
    expect(heard(0, 2, 1, 1, 3, 0)).toMatchObject({ received: 4, lost: 0, duplicates: 2, outOfOrder: 1 });
  });

  it('has the percentiles of every sender and of all, of first copies only', () => {
    const receiver = new TrafficReceiver();
    for (let sequence = 0; sequence < 100; sequence++)
      hear(receiver, { sequence, planned: 100, lateMs: sequence }, sequence + 1);
    hear(receiver, { sequence: 0, planned: 100 }, 5_000);
    hear(receiver, { sender: 1 }, 200);
    const { senders, latencyMs } = receiver.report();
    expect(senders[0]).toMatchObject({
      latencyMs: { count: 100, exact: true, min: 1, p50: 50, p95: 95, p99: 99, max: 100 },
      firstLatencyMs: 1,
      lateMs: { p50: 49, max: 99 },
    });
    expect(latencyMs).toMatchObject({ count: 101, max: 200 });
  });

  it('keeps runs and senders apart, and leaves out other runs when it follows one', () => {
    const all = new TrafficReceiver();
    const one = new TrafficReceiver({ run: 2 });
    for (const receiver of [all, one])
      for (const fields of [{ run: 1 }, { run: 2, sender: 0 }, { run: 2, sender: 9 }]) hear(receiver, fields);
    expect(all.report().senders.map(({ run, sender }) => [run, sender])).toEqual([
      [1, 0],
      [2, 0],
      [2, 9],
    ]);
    expect(one.report()).toMatchObject({ senders: [{ run: 2, sender: 0 }, { sender: 9 }], others: 1 });
  });

  it('counts what is no traffic', () => {
    const receiver = new TrafficReceiver();
    expect(receiver.add(Buffer.from('hello'), SENT_NS)).toBeNull();
    expect(receiver.report()).toMatchObject({ senders: [], others: 1, latencyMs: null });
  });

  it('keeps times that cannot be out of the latency, and says how many', () => {
    const receiver = new TrafficReceiver();
    hear(receiver, { sequence: 0 }, -3);
    hear(receiver, { sequence: 1 }, 3);
    expect(receiver.report().senders[0]).toMatchObject({
      received: 2,
      beforeSent: 1,
      firstLatencyMs: null,
      latencyMs: { count: 1, min: 3 },
    });
  });

  it('follows a bounded number of senders and counts the rest', () => {
    const receiver = new TrafficReceiver();
    for (let sender = 0; sender < 600; sender++) hear(receiver, { sender });
    expect(receiver.report()).toMatchObject({ ignored: 88 });
    expect(receiver.report().senders).toHaveLength(512);
  });

  it('reports at once also on numbers that are far apart', () => {
    const receiver = new TrafficReceiver();
    for (let sender = 0; sender < 512; sender++)
      hear(receiver, { sender, sequence: 16_777_215, planned: 16_777_216 });
    const startMs = performance.now();
    expect(receiver.report().senders[511]).toMatchObject({
      lost: 16_777_215,
      missing: [{ from: 0, to: 16_777_214 }],
    });
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

describe('sequences', () => {
  it('names the ranges that are missing, across pages', () => {
    const sequences = new Sequences();
    for (let i = 0; i < 20_000; i++) if (i < 4_090 || (i > 9_000 && i !== 12_288)) sequences.add(i);
    expect(sequences.missing(20_010, 5)).toEqual([
      { from: 4_090, to: 9_000 },
      { from: 12_288, to: 12_288 },
      { from: 20_000, to: 20_009 },
    ]);
    expect(sequences.missing(20_010, 1)).toEqual([{ from: 4_090, to: 9_000 }]);
  });
});

describe('samples', () => {
  it('are exact up to their limit', () => {
    const samples = new Samples(1_000);
    for (let value = 1_000; value > 0; value--) samples.add(value);
    expect(samples.distribution()).toEqual({
      count: 1_000,
      exact: true,
      min: 1,
      p50: 500,
      p95: 950,
      p99: 990,
      max: 1_000,
    });
  });

  it('are a fair sample beyond it, with exact ends', () => {
    const samples = new Samples(1_000);
    for (let value = 1; value <= 100_000; value++) samples.add(value);
    const distribution = samples.distribution();
    expect(distribution).toMatchObject({ count: 100_000, exact: false, min: 1, max: 100_000 });
    // Five standard deviations of the median of a thousand.
    expect(Math.abs((distribution?.p50 ?? 0) - 50_000)).toBeLessThan(8_000);
  });
});
