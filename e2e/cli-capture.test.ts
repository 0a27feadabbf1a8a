/** `waku-desk capture`: captures of two real nodes, converted, filtered, merged and compared. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCaptureFiles } from './capture-files.ts';
import { CliProcess, runCli } from './cli-process.ts';
import { publishArgs, startSharedNode, temporaryFolder } from './nodes.ts';

/** Made once: `early` heard everything, `late` only the second half. */
let folder: string;
const early = (): string => join(folder, 'early');
const late = (): string => join(folder, 'late');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waku-desk-e2e-'));
  const first = await startSharedNode([`--capture=${early()}`]);
  try {
    await send(first.address, 'room-1', 5);
    const second = await startSharedNode([`--capture=${late()}`, `--connect=${first.address}`]);
    try {
      await first.cli.waitFor('meshChanged', { where: ({ peerIds }) => peerIds.includes(second.peerId) });
      await send(first.address, 'room-2', 7);
      await second.cli.waitForCount('message', 7);
      await second.cli.terminate();
      await first.cli.terminate();
    } finally {
      await second.cli.end();
    }
  } finally {
    await first.cli.end();
  }
  return () => rm(folder, { recursive: true, force: true });
});

async function send(address: string, room: string, count: number): Promise<void> {
  const contentTopic = `/${room}/1/e2e/proto`;
  const cli = new CliProcess(publishArgs(address, { contentTopic, flags: [`--repeat=${count}`] }));
  expect(await cli.waitForExit()).toMatchObject({ code: 0 });
}

describe('capture diff', () => {
  it('says what the late node missed, and ends with 1', async () => {
    const cli = await runCli(['capture', 'diff', early(), late(), '--json']);
    expect(cli.exit).toMatchObject({ code: 1 });
    expect(cli.error()).toMatchObject({ code: 'CHECK_FAILED' });
    expect(cli.lines('diffSummary')).toMatchObject([{ both: 7, onlyA: 5, onlyB: 0, againA: 0, againB: 0 }]);
    expect(cli.lines('difference').map(({ missedBy, contentTopic }) => [missedBy, contentTopic])).toEqual(
      Array(5).fill(['b', '/room-1/1/e2e/proto']),
    );
  });

  it('ends with 0 where the captures are the same', async () => {
    const cli = await runCli(['capture', 'diff', early(), late(), '--filter=content:/room-2/', '--json']);
    expect(cli.exit).toMatchObject({ code: 0 });
    expect(cli.lines('diffSummary')).toMatchObject([{ both: 7, onlyA: 0, onlyB: 0 }]);
  });

  it('says it to people, with a limit on the lines', async () => {
    const cli = await runCli(['capture', 'diff', late(), early(), '--limit=2']);
    expect(cli.exit).toMatchObject({ code: 1 });
    expect(cli.stdout).toMatch(
      /^(missed by a {2}\d\d:.* {2}16\/32 {2}\/room-1\/1\/e2e\/proto {2}5 B {2}0x[0-9a-f]{64}\n){2}both {10}7 messages\nmissed by b {3}0 .*\nmissed by a {3}5 /,
    );
  });
});

describe('capture merge', () => {
  it('has each message once, with both origins', async () => {
    const to = join(await temporaryFolder(), 'merged');
    const cli = await runCli(['capture', 'merge', early(), late(), to, '--json']);
    expect(cli.exit).toMatchObject({ code: 0 });
    expect(cli.lines('merged')).toEqual([
      { event: 'merged', messages: 12, duplicates: 7, gaps: 0, unreadable: 0, to },
    ]);
    expect(await runCli(['capture', 'diff', early(), to])).toMatchObject({ exit: { code: 0 } });
    const origins = readFileSync(join(to, 'origins.ndjson'), 'utf8').trim().split('\n');
    const counts = origins.slice(1).map((line) => (JSON.parse(line) as { origins: [] }).origins.length);
    expect(counts).toEqual([...Array<number>(5).fill(1), ...Array<number>(7).fill(2)]);
  });
});

describe('capture filter', () => {
  it('makes a capture of what matches', async () => {
    const to = join(await temporaryFolder(), 'some');
    const cli = await runCli(['capture', 'filter', early(), to, '--filter=content:/room-1/', '--json']);
    expect(cli.lines('filtered')).toEqual([{ event: 'filtered', messages: 5, scanned: 12, to }]);
    expect((await readCaptureFiles(to)).messages).toHaveLength(5);
  });
});

describe('capture convert', () => {
  it.each(['ndjson', 'csv'])('goes to %s and back, and nothing is lost', async (format) => {
    const there = join(await temporaryFolder(), `all.${format}`);
    const back = join(await temporaryFolder(), 'back');
    expect((await runCli(['capture', 'convert', early(), there])).exit).toMatchObject({ code: 0 });
    const cli = await runCli(['capture', 'convert', there, back, '--json']);
    expect(cli.lines('converted')).toMatchObject([{ messages: 12, badCount: 0 }]);
    expect((await runCli(['capture', 'diff', early(), back])).exit).toMatchObject({ code: 0 });
  });

  it('goes to standard output', async () => {
    const cli = await runCli([
      'capture',
      'convert',
      early(),
      '-',
      '--format=csv',
      '--filter=content:/room-2/',
    ]);
    expect(cli.stdout.trim().split('\r\n')).toHaveLength(8);
    expect(cli.stdout).toMatch(/^seq,dir,received,/);
    expect(cli.stderr).toMatch(/^7 messages in /);
  });

  it('says which lines of a file are bad, keeps the rest, and ends with 1', async () => {
    const file = join(await temporaryFolder(), 'bad.ndjson');
    const to = join(await temporaryFolder(), 'new');
    await runCli(['capture', 'convert', early(), file]);
    appendFileSync(file, 'no JSON\n');
    const cli = await runCli(['capture', 'convert', file, to, '--json']);
    expect(cli.exit).toMatchObject({ code: 1 });
    expect(cli.lines('badLine')).toMatchObject([{ code: 'NOT_JSON' }]);
    expect(cli.lines('converted')).toMatchObject([{ messages: 12, badCount: 1 }]);
  });
});

describe('capture refuses', () => {
  it.each([
    ['a folder that is not there', () => ['diff', early(), '/nowhere'], 'CAPTURE_INVALID'],
    ['a file that is not there', () => ['convert', '/nowhere.ndjson', '/tmp/x'], 'FILE_FAILED'],
    ['a name that tells no format', () => ['convert', early(), '/tmp/waku-desk-none.txt'], 'BAD_USE'],
    ['to write over a file', () => ['convert', early(), '/etc/hostname', '--format=csv'], 'FILE_FAILED'],
    ['to write into a capture', () => ['merge', early(), late(), early()], 'CAPTURE_INVALID'],
    ['CSV that is none of ours', () => ['convert', '/etc/hostname', '/tmp/x', '--format=csv'], 'FILE_FAILED'],
    ['a filter that cannot be read', () => ['diff', early(), late(), '--filter=size>'], 'FILTER_INVALID'],
  ])('%s, with exit code 2', async (_what, args, code) => {
    const cli = await runCli(['capture', ...args(), '--json']);
    expect(cli.exit).toMatchObject({ code: 2 });
    expect(cli.error()).toMatchObject({ code });
  });

  it('a filter before it makes a folder for it', async () => {
    const to = join(await temporaryFolder(), 'new');
    await runCli(['capture', 'filter', early(), to, '--filter=nonsense:']);
    expect(existsSync(to)).toBe(false);
  });
});
