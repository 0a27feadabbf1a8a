import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { prepare } from '../native/ffi/fixture-session.ts';
import type { BurstHandlers } from './burst-worker.ts';
import { FigureContext } from './context.ts';
import { checkComplete, makePayload, PAYLOAD_BYTES, Tally } from './load.ts';
import { parseCommand } from './command.ts';
import { FIGURES } from './figures.ts';
import { BINDING, NativePairs, type End } from './native-pair.ts';
import { planNetwork, tooLarge } from './networks.ts';
import { isBetter, makeRow } from './row.ts';
import { WorkerProcess } from './rpc.ts';
import { median, quantile, round, spread } from './statistics.ts';
import { formatTable } from './table.ts';
import { measureThroughput } from './throughput.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const NO_PEER = { missing: 'not in this test' };

function bench(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', timeout: 60_000 });
}

describe('statistics', () => {
  test('the median of an even number of values lies between the middle two', () => {
    expect(median([4, 1, 100, 2])).toBe(3);
    expect(median([5, 1, 3])).toBe(3);
  });

  test('a quantile is a value that was measured, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_none, i) => 100 - i);
    expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile(hundred, 1)]).toEqual([50, 99, 100]);
    expect(quantile([7], 0.99)).toBe(7);
  });

  test('the spread is from the smallest to the largest, and nothing has no median', () => {
    expect(spread([3, 9, 4])).toBe(6);
    expect(() => median([])).toThrow(RangeError);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });

  test('values keep four digits', () => {
    expect([round(12_345.6), round(0.123456), round(0)]).toEqual([12_350, 0.1235, 0]);
  });
});

describe('a row', () => {
  test('has the median of each side and their ratio', () => {
    expect(makeRow('x', 'ms', [1, 2, 9], { name: 'other', values: [4, 5, 3] })).toEqual({
      name: 'x',
      value: 2,
      unit: 'ms',
      runs: 3,
      spread: 8,
      peer: 'other',
      peerValue: 4,
      ratio: 0.5,
    });
  });

  test('has no trace of a peer that was not measured', () => {
    const row = { name: 'x', value: 2, unit: 'ms', runs: 1, spread: 0 };
    expect(makeRow('x', 'ms', [2])).toEqual(row);
    expect(makeRow('x', 'ms', [2], { name: 'other', values: [] })).toEqual(row);
  });

  test('is better when rates are higher and times and sizes are lower', () => {
    const beside = { name: 'other', values: [2] };
    expect(isBetter(makeRow('x', 'messages/s', [3], beside))).toBe(true);
    expect(isBetter(makeRow('x', 'messages/s', [1], beside))).toBe(false);
    expect(isBetter(makeRow('x', 'ms', [1], beside))).toBe(true);
    expect(isBetter(makeRow('x', 'MiB', [3], beside))).toBe(false);
    expect(isBetter(makeRow('x', 'ms', [2], beside))).toBeNull();
    expect(isBetter(makeRow('x', 'KB/s', [1], beside))).toBeNull();
  });

  test('is a line of the table, with empty places where nobody stands beside it', () => {
    const rows = [
      makeRow('a', 'messages/s', [12_345], { name: 'other', values: [1_000] }),
      makeRow('b', 'ms', [1.5]),
    ];
    const [header, rule, first, second] = formatTable(rows).split('\n');
    expect(header).toMatch(/^figure +median +spread +runs +beside it +median +ratio$/);
    expect(rule).toMatch(/^[- ]+$/);
    expect(first).toMatch(/^a +12,350 messages\/s +0 +1 +other +1,000 +12\.35 better$/);
    expect(second).toMatch(/^b +1\.5 ms +0 +1$/);
  });
});

describe('a tally', () => {
  test('counts each message of its run once, and those that come again', async () => {
    const tally = new Tally({ run: 3, count: 2, rate: null, inFlight: 1, payloadBytes: PAYLOAD_BYTES });
    tally.add(makePayload(3, 0, PAYLOAD_BYTES, 1_000_000n), 3_500_000n);
    tally.add(makePayload(3, 0, PAYLOAD_BYTES, 1_000_000n), 4_000_000n);
    tally.add(makePayload(2, 1, PAYLOAD_BYTES, 1_000_000n), 4_000_000n);
    tally.add(makePayload(3, 2, PAYLOAD_BYTES, 1_000_000n), 4_000_000n);
    tally.add(new Uint8Array(PAYLOAD_BYTES - 1), 4_000_000n);
    const early = await tally.wait(1);
    expect(early).toEqual({
      received: 1,
      repeated: 1,
      missing: [1],
      lastNs: 3_500_000n,
      latenciesMs: Float64Array.of(2.5),
    });
    expect(() => {
      checkComplete(early, 2);
    }).toThrow('of 2 messages 1 were lost (number 1) and 1 came twice');
    tally.add(makePayload(3, 1, PAYLOAD_BYTES, 1_000_000n), 5_000_000n);
    expect((await tally.wait(60_000)).received).toBe(2);
  });
});

describe('networks', () => {
  test.each([3, 10, 25, 50, 100])('of %i nodes have one message a second in all', (count) => {
    const { nodes, messages, senders } = planNetwork('js', count, 30);
    expect([nodes.length, messages]).toEqual([count, 30]);
    const perSecond = senders.reduce(
      (sum, { plan }) => sum + (plan.rate === 'max' ? Infinity : plan.rate),
      0,
    );
    expect(perSecond).toBeCloseTo(1);
  });

  test('that want more memory than there is are left out', () => {
    const GIB = 1024 ** 3;
    const fifty = planNetwork('go-waku', 50, 30);
    expect(tooLarge(fifty, 64 * GIB)).toBeNull();
    expect(tooLarge(fifty, 4 * GIB)).toBe('they take about 7.3 GiB of memory, and 4.0 GiB are free');
  });
});

describe('the command line', () => {
  test('measures everything, or what is named, in the order of the list', () => {
    expect(parseCommand([])).toEqual({ figures: FIGURES, quick: false, json: false });
    const request = parseCommand(['--json', 'latency', 'throughput', '--quick']);
    expect(request).toMatchObject({ quick: true, json: true });
    expect(request?.figures.map(({ name }) => name)).toEqual(['throughput', 'latency']);
  });

  test('refuses an unknown figure with the names of the known ones and exit code 2', () => {
    const { status, stdout, stderr } = bench('--json', 'througput');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    for (const { name } of FIGURES) expect(stderr).toContain(name);
    expect(bench('--slow').status).toBe(2);
  });

  test('explains itself', () => {
    const { status, stdout } = bench('--help');
    expect(status).toBe(0);
    for (const { name, about } of FIGURES) expect(stdout).toContain(`${name.padEnd(18)} ${about}`);
  });
});

describe('a figure', () => {
  test('is measured between two processes that end with it', async () => {
    const context = await FigureContext.begin(NO_PEER, () => undefined);
    try {
      const rows = await measureThroughput(context, { runs: 1, cold: 20, warmUp: 20, counted: 50 });
      expect(rows.map(({ name, unit, runs }) => ({ name, unit, runs }))).toEqual([
        { name: 'throughput', unit: 'messages/s', runs: 1 },
        { name: 'throughput.cold', unit: 'messages/s', runs: 1 },
      ]);
      for (const { value } of rows) expect(value).toBeGreaterThan(0);
    } finally {
      await context.end();
    }
  });

  test(
    'of the binding is measured in this process, in a child and beside the plain Go program, and loses nothing',
    { timeout: 600_000 },
    async (test) => {
      let reason = '';
      const context = await FigureContext.begin(NO_PEER, (text) => {
        reason = text;
      });
      try {
        const pairs = await NativePairs.find(context);
        if (pairs === null) return test.skip(reason);
        const ends: End[] = ['plain', BINDING, { kind: 'go-waku', runsIn: 'child' }];
        for (const end of ends) {
          const { messagesPerSecond, latenciesMs } = await pairs.with(
            end,
            { inFlight: 8, payloadBytes: 100 },
            (link) => link.deliver(50, null),
          );
          expect(messagesPerSecond).toBeGreaterThan(0);
          expect(latenciesMs).toHaveLength(50);
          expect(Math.min(...latenciesMs)).toBeGreaterThan(0);
        }
      } finally {
        await context.end();
      }
    },
  );

  test('of a burst has every message that the library told', { timeout: 120_000 }, async (test) => {
    const reason = await prepare();
    if (reason !== undefined) return test.skip(reason);
    const worker = new WorkerProcess<BurstHandlers>('./burst-worker.ts');
    try {
      expect(await worker.call('burst', 2_000)).toBeGreaterThan(0);
    } finally {
      await worker.stop();
    }
  });

  test('leaves no folder behind', async () => {
    const context = await FigureContext.begin(NO_PEER, () => undefined);
    const folder = await context.makeFolder();
    expect(existsSync(folder)).toBe(true);
    await context.end();
    expect(existsSync(folder)).toBe(false);
  });

  test('is one JSON line per row on standard output with --json, and nothing else', () => {
    const { status, stdout } = bench('--json', '--quick', 'bundle');
    expect(status).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(rows).toMatchObject([
      { name: 'bundle.size', unit: 'KiB', runs: 1, spread: 0 },
      { name: 'bundle.page', unit: 'KiB', runs: 1, spread: 0 },
      { name: 'bundle.help', unit: 'ms', peer: 'node -e 0', runs: 3 },
    ]);
  });
});
