/** Captures as CSV, and back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Capture } from './capture.ts';
import { CSV_COLUMNS, CSV_HEADER, csvCell, csvText } from './csv.ts';
import { exportCapture } from './export.ts';
import { importCapture, type ImportOptions, type ImportReport } from './import.ts';
import type { DeliveryState } from './records.ts';
import { messageOf, tempFolder } from './testing.ts';

// Every export starts a thread, which loads its modules from source: slow on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

describe('an export', () => {
  it('as CSV has a line per message, and no cell that a spreadsheet runs', async () => {
    const capture = await Capture.open(tempFolder());
    const evil = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', 'a,"b"\r\nc', 'plain'];
    await capture.append({
      messages: evil.map((contentTopic, i) =>
        messageOf(
          i,
          { contentTopic, timestampNs: -5n, payload: Buffer.from([0xf8, i, 1]) },
          { fromPeer: '=peer' },
        ),
      ),
    });
    await capture.append({ states: [{ seq: 1, atNs: 1n, delivery: { state: 'failed', code: '=cmd' } }] });
    const file = join(tempFolder(), 'all.csv');
    await exportCapture(capture, file, { format: 'csv' });
    const [header = [], ...rows] = readCsv(readFileSync(file, 'utf8'));
    expect(rows).toHaveLength(evil.length);
    const column = (name: string): (string | undefined)[] => rows.map((row) => row[header.indexOf(name)]);
    expect(column('content_topic')).toEqual(evil.map((text, i) => (i < 8 ? `'${text}` : text)));
    // Behind blanks, and where semicolons separate.
    expect([' =1', '\u200b=1', 'a;=1;b', 'a=1;b'].map(csvCell)).toEqual([
      "' =1",
      "'\u200b=1",
      "a;'=1;b",
      'a=1;b',
    ]);
    expect(column('payload_base64')[0]).toBe("'+AAB");
    expect(column('timestamp_ns')[0]).toBe("'-5");
    expect(column('from_peer')[0]).toBe("'=peer");
    expect(column('state')).toEqual(['failed =cmd', ...new Array<string>(9).fill('')]);
    expect(column('received')[0]).toBe('2023-11-14T22:13:20.000000000Z');
    for (const row of rows) for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝]/);
    await capture.close();
  });

  it('quotes a cell only where it must', () => {
    expect(['a', 'a b', 'a"b', 'a,b', "'", '', '=x,y'].map(csvCell)).toEqual([
      'a',
      'a b',
      '"a""b"',
      '"a,b"',
      "'",
      '',
      '"\'=x,y"',
    ]);
  });
});

/** Numbers below `limit`, the same for the same seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const PIECES = [
  "'",
  '=',
  '+',
  '-',
  '@',
  '＝',
  ';',
  ',',
  '"',
  '\r',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '\0',
  '\u200b',
  '\ufeff',
];
const MORE_PIECES = [...PIECES, 'a', '0', 'é', '😀', 'true', '[', '{'];

function textOf(below: (limit: number) => number, least: number): string {
  const length = least + below(7);
  return Array.from({ length }, () => MORE_PIECES[below(MORE_PIECES.length)] ?? '').join('');
}

describe('a cell', () => {
  it('is what it was again, whatever it was', () => {
    const below = numbers(1);
    for (let i = 0; i < 20_000; i++) {
      const text = textOf(below, 0);
      const cell = csvCell(text);
      const inner = cell.startsWith('"') ? cell.slice(1, -1).replace(/""/g, '"') : cell;
      expect(csvText(inner)).toBe(text);
      expect(inner).not.toMatch(/^[\s\p{Cf}]*[=+\-@＝]|^[\t\r\n]/u);
    }
  });
});

describe('a capture', () => {
  it.each([1, 2, 3])('that goes to CSV and comes back is the same capture (seed %i)', async (seed) => {
    const below = numbers(seed);
    const bytes = (): Buffer => Buffer.from(Array.from({ length: below(40) }, () => below(256)));
    const int64 = (): bigint => BigInt.asIntN(64, (BigInt(below(2 ** 32)) << 32n) | BigInt(below(2 ** 32)));
    const capture = await Capture.open(tempFolder(), { segmentBytes: 20_000 });
    const count = 150;
    for (let seq = 1; seq <= count; seq++) {
      if (below(20) === 0)
        await capture.append({
          gaps: [{ reason: 'disk', lost: below(9), detail: textOf(below, 0), atNs: 1n }],
        });
      const fields = {
        contentTopic: textOf(below, 0),
        payload: bytes(),
        meta: bytes(),
        rateLimitProof: bytes(),
        timestampNs: int64(),
        version: below(2 ** 32),
        ephemeral: below(2) === 0,
      };
      const fromPeer = below(2) === 0 ? null : textOf(below, 1);
      const dir = below(2) === 0 ? 'in' : 'out';
      const pubsubTopic = textOf(below, 0);
      const message = messageOf(seq, fields, { dir, fromPeer, pubsubTopic, receivedNs: int64() });
      expect(await capture.append({ messages: [message] })).toEqual([seq]);
      const deliveries: DeliveryState[] = [
        { state: 'accepted' },
        { state: 'sent', peers: below(9) },
        { state: 'failed', code: textOf(below, 0) },
      ];
      const states = deliveries.slice(below(4)).map((delivery) => ({ seq, atNs: int64(), delivery }));
      await capture.append({ states });
    }
    await capture.append({ gaps: [{ reason: 'engine', lost: null, detail: 'at the end', atNs: 2n }] });
    const file = join(tempFolder(), 'all.csv');
    await exportCapture(capture, file, { format: 'csv' });
    const dir = tempFolder();
    const report = await importCapture(file, dir, { format: 'csv' });
    expect(report).toMatchObject({ messages: count, badLines: [] });
    const copy = await Capture.openReadOnly(dir);
    expect(await copy.page(1, 999)).toEqual(await capture.page(1, 999));
    expect(copy.gaps()).toEqual(capture.gaps());
    await capture.close();
  });
});

/** Of two messages and their header, without line ends. */
async function rowsOf(): Promise<[string, string, string]> {
  const capture = await Capture.open(tempFolder());
  await capture.append({ messages: [messageOf(1), messageOf(2)] });
  const file = join(tempFolder(), 'two.csv');
  await exportCapture(capture, file, { format: 'csv' });
  await capture.close();
  const [header = '', one = '', two = ''] = readFileSync(file, 'utf8').split('\r\n');
  return [header, one, two];
}

async function importOf(content: string | Buffer, options: ImportOptions = {}): Promise<ImportReport> {
  const file = join(tempFolder(), 'given.csv');
  writeFileSync(file, content);
  return importCapture(file, join(tempFolder(), 'new'), { ...options, format: 'csv' });
}

describe('an import', () => {
  it('names the line and the column of what it cannot read, and takes the others', async () => {
    const [header, one, two] = await rowsOf();
    const wrong = (column: string, cell: string): string => {
      const cells = one.split(',');
      cells[header.split(',').indexOf(column)] = cell;
      return cells.join(',');
    };
    const report = await importOf(
      [
        `\ufeff${header}`,
        one,
        wrong('seq', '1.5'),
        wrong('dir', 'up'),
        wrong('timestamp_ns', '1.70000E+18'),
        wrong('timestamp_ns', '9999999999999999999'),
        '',
        wrong('payload_base64', 'AAAA\0'),
        wrong('payload_base64', 'AAAA'),
        wrong('ephemeral', 'TRUE'),
        wrong('states', '[1'),
        wrong('states', '"[{""kind"":""gap""}]"'),
        wrong('gap', '{}'),
        wrong('content_topic', 'a"b'),
        wrong('content_topic', '"a"b'),
        `${one},more`,
        'one cell',
        wrong('content_topic', '"never closed'),
        'x'.repeat(5_000),
        header,
        two,
        '"open until the end',
      ].join('\n'),
      { maxLineBytes: 4_000 },
    );
    expect(report).toMatchObject({ messages: 2, states: 0, gaps: 0, badCount: report.badLines.length });
    expect(
      report.badLines.map(({ line, code, problem }) => [line, code, problem.replace(/: .*/, '')]),
    ).toEqual([
      [3, 'NOT_A_RECORD', 'seq'],
      [4, 'NOT_A_RECORD', 'dir'],
      [5, 'NOT_A_RECORD', 'timestamp_ns'],
      [6, 'NOT_A_RECORD', 'timestamp_ns'],
      [8, 'NOT_A_RECORD', 'payload_base64'],
      [9, 'HASH_MISMATCH', 'the hash is not that of the message'],
      [10, 'NOT_A_RECORD', 'ephemeral'],
      [11, 'NOT_A_RECORD', 'states'],
      [12, 'NOT_A_RECORD', 'states'],
      [13, 'NOT_A_RECORD', 'gap'],
      [14, 'NOT_CSV', 'a quote stands inside of a cell that is not quoted'],
      [15, 'NOT_CSV', 'a quoted cell goes on behind its quotes'],
      [16, 'NOT_CSV', `has more than ${String(CSV_COLUMNS.length)} cells`],
      [17, 'NOT_CSV', `has 1 cells, the first line ${String(CSV_COLUMNS.length)}`],
      [18, 'LINE_TOO_LONG', 'up to line 19'],
      [22, 'NOT_CSV', 'a quoted cell is not closed until the end of the file'],
    ]);
  });

  it('finds its columns by their names, and leaves others alone', async () => {
    const [header, one] = await rowsOf();
    const turned = (row: string): string => ['note', ...row.split(',').reverse()].join(',');
    expect(await importOf(`${turned(header)}\n${turned(one)}\n`)).toMatchObject({ messages: 1, badCount: 0 });
  });

  it('is refused without its header, before a folder is made', async () => {
    const [, one] = await rowsOf();
    for (const content of [
      '',
      one,
      CSV_HEADER.replaceAll(',', ';'),
      `hash,${CSV_HEADER}`,
      Buffer.alloc(9_000),
    ])
      await expect(importOf(content)).rejects.toMatchObject({ code: 'FILE_FAILED' });
  });

  it('keeps no more of a cell that is never closed than a line may have', async () => {
    const [header] = await rowsOf();
    const report = await importOf(`${header}\n"${'x\n'.repeat(200_000)}`, { maxLineBytes: 100_000 });
    expect(report.badLines[0]).toMatchObject({ line: 2, code: 'LINE_TOO_LONG' });
    expect(report.badLines[0]?.problem).toMatch(/^up to line 50\d\d\d: /);
    expect(report.messages).toBe(0);
  });
});

/** RFC 4180, as a spreadsheet reads it. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|$)/gy;
  for (
    let match = cell.exec(text);
    match !== null && cell.lastIndex <= text.length;
    match = cell.exec(text)
  ) {
    rows[rows.length - 1]?.push(match[1]?.replace(/""/g, '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') rows.push([]);
    if (match[3] === '' || cell.lastIndex >= text.length) break;
  }
  return rows.filter((row) => row.length > 1);
}
