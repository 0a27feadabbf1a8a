/** `waku-desk node --capture`: what is on disk, also after a kill, and whose folder it is. */
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Capture } from '../core/capture/capture.ts';
import { numbers, readCaptureFiles } from './capture-files.ts';
import { payloadOf, textOf } from './cli-lines.ts';
import { runCli, startCli } from './cli-process.ts';
import { including, matching } from './matchers.ts';
import { freePort, publish, publishArgs, startNode, temporaryFolder, TOPIC } from './nodes.ts';

async function newCapture(): Promise<string> {
  return join(await temporaryFolder(), 'capture');
}

describe('a capture', () => {
  it('has every message as a line of JSON, under the number that was printed', async () => {
    const folder = await newCapture();
    const { cli, address } = await startNode([`--capture=${folder}`]);
    await publish(address, { payload: 'one of twenty', flags: ['--repeat=20'] });
    const printed = await cli.waitForCount('message', 20);
    expect(await cli.terminate()).toMatchObject({ code: 0 });

    const { messages, gaps, segments } = await readCaptureFiles(folder);
    expect(messages.map(({ seq }) => seq)).toEqual(numbers(1, 20));
    expect(messages.map(({ seq, hash }) => ({ seq, hash }))).toEqual(
      printed.map(({ seq, hash }) => ({ seq, hash })),
    );
    expect(messages[0]).toMatchObject({ dir: 'in', pubsubTopic: TOPIC, payload: printed[0]?.payload });
    expect(gaps).toEqual([]);
    expect(segments).toHaveLength(1);
  });

  it('goes on with the next number after a restart, and of subscribe as well', async () => {
    const folder = await newCapture();
    for (const round of [0, 1]) {
      const { cli, address } = await startNode([`--capture=${folder}`]);
      await publish(address, { flags: ['--repeat=5'] });
      const printed = await cli.waitForCount('message', 5);
      expect(printed.map(({ seq }) => seq)).toEqual(numbers(1 + 5 * round, 5 + 5 * round));
      await cli.terminate();
    }
    const port = await freePort();
    const subscriber = startCli([
      'subscribe',
      `--tcp-port=${port}`,
      `--capture=${folder}`,
      '--count=1',
      '--timeout-ms=60000',
      '--json',
    ]);
    await subscriber.until('its address', () => (subscriber.stderr.includes('reachable') ? true : undefined));
    await publish(`/ip4/127.0.0.1/tcp/${port}`);
    expect(await subscriber.waitForExit()).toMatchObject({ code: 0 });
    expect(subscriber.lines('message').map(({ seq }) => seq)).toEqual([11]);
    expect((await readCaptureFiles(folder)).messages.map(({ seq }) => seq)).toEqual(numbers(1, 11));
  });

  it('keeps within its size: the oldest messages go and are counted', async () => {
    const folder = await newCapture();
    const limit = 256 * 1024;
    const { cli, address } = await startNode([`--capture=${folder}`, '--capture-max-size=256KiB']);
    await publish(address, { payload: '-', input: 'x'.repeat(4_096), flags: ['--repeat=150'] });
    const printed = await cli.waitForCount('message', 150);
    expect(printed.map(({ seq }) => seq)).toEqual(numbers(1, 150));
    expect(await cli.terminate()).toMatchObject({ code: 0 });

    const { messages, totalBytes } = await readCaptureFiles(folder);
    expect(totalBytes).toBeLessThanOrEqual(limit);
    const first = messages[0]?.seq ?? 0;
    expect(first).toBeGreaterThan(1);
    expect(messages.map(({ seq }) => seq)).toEqual(numbers(first, 150));
    const capture = await Capture.openReadOnly(folder);
    expect(capture.gaps()).toEqual([
      expect.objectContaining({ reason: 'retention', lost: first - 1, afterSeq: 0 }),
    ]);
    await capture.close();
  });
});

describe('a node that is killed while messages come in', () => {
  it('has captured everything that it printed with a number, and the next start goes on', async () => {
    const folder = await newCapture();
    let next = 1;
    for (let round = 1; round <= 3; round++) {
      const { cli, address } = await startNode([`--capture=${folder}`]);
      const publisher = startCli(
        publishArgs(address, { payload: 'x'.repeat(500), flags: ['--repeat=100000', '--rate=2000'] }),
      );
      await cli.waitForCount('message', 50);
      const atMs = Math.round(Math.random() * 700);
      await delay(atMs);
      expect(await cli.terminate('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
      await publisher.end();

      const what = `round ${round}, killed after ${atMs} ms`;
      const printed = cli.lines('message');
      expect(printed[0]?.seq, what).toBe(next);
      const capture = await Capture.open(folder);
      const { firstSeq, nextSeq, damagedLines } = capture.stats();
      expect({ firstSeq, damagedLines }, what).toEqual({ firstSeq: 1, damagedLines: 0 });
      const last = printed.at(-1)?.seq ?? 0;
      expect(nextSeq, what).toBeGreaterThan(last);
      const stored = await capture.page(next, last - next + 1);
      expect(stored.map(({ seq, hash }) => ({ seq, hash }))).toEqual(
        printed.map(({ seq, hash }) => ({ seq, hash })),
      );
      await capture.close();
      const { messages } = await readCaptureFiles(folder);
      expect(
        messages.map(({ seq }) => seq),
        what,
      ).toEqual(numbers(1, nextSeq - 1));
      next = nextSeq;
    }
  });

  it('leaves a lock that does not stop the next start', async () => {
    const folder = await newCapture();
    const { cli } = await startNode([`--capture=${folder}`]);
    await cli.terminate('SIGKILL');
    expect(await readdir(folder)).toContain('writer.lock');
    const { cli: second } = await startNode([`--capture=${folder}`]);
    expect(await second.terminate()).toMatchObject({ code: 0 });
    expect(await readdir(folder)).not.toContain('writer.lock');
  });
});

describe('a last line that was never wholly written', () => {
  it('is cut off at the next start, wherever it is torn, and its number is given again', async () => {
    const folder = await newCapture();
    const first = await startNode([`--capture=${folder}`]);
    await publish(first.address, { flags: ['--repeat=3'] });
    await first.cli.waitForCount('message', 3);
    await first.cli.terminate();
    const [name = ''] = (await readCaptureFiles(folder)).segments;
    const path = join(folder, name);

    for (const where of [1, 0.5, -1]) {
      const bytes = await readFile(path);
      const start = bytes.lastIndexOf(10, bytes.length - 2) + 1;
      const length = bytes.length - start;
      // One byte of the line, half of it, and all but its line feed.
      const kept = where === 0.5 ? Math.floor(length / 2) : where === 1 ? 1 : length - 1;
      await truncate(path, start + kept);
      const { cli, address } = await startNode([`--capture=${folder}`]);
      await publish(address, { payload: `torn at ${kept}` });
      const message = await cli.waitFor('message');
      expect(message.seq, `torn at ${kept}`).toBe(3);
      expect(await cli.terminate()).toMatchObject({ code: 0 });
      const { messages, tornBytes } = await readCaptureFiles(folder);
      expect(tornBytes).toBe(0);
      expect(messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect(messages.map(({ payload }) => textOf({ payload })).at(-1)).toBe(`torn at ${kept}`);
    }
  });

  it('does not hide damage in the middle: the other messages keep their numbers', async () => {
    const folder = await newCapture();
    const first = await startNode([`--capture=${folder}`]);
    await publish(first.address, { flags: ['--repeat=5'] });
    await first.cli.waitForCount('message', 5);
    await first.cli.terminate();
    const [name = ''] = (await readCaptureFiles(folder)).segments;
    const path = join(folder, name);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"seq":3,', '"seq":?,'));
    const { cli, address } = await startNode([`--capture=${folder}`]);
    await publish(address);
    expect(await cli.waitFor('message')).toMatchObject({ seq: 6 });
    await cli.terminate();
    const capture = await Capture.openReadOnly(folder);
    expect((await capture.page(1, 10)).map(({ seq }) => seq)).toEqual([1, 2, 4, 5, 6]);
    expect(capture.stats().damagedLines).toBe(1);
    await capture.close();
  });
});

describe('two writers on one capture', () => {
  it('the second ends with 2 and names the first, which goes on', async () => {
    const folder = await newCapture();
    const { cli, address } = await startNode([`--capture=${folder}`]);
    const second = await runCli(['node', '--json', `--capture=${folder}`]);
    expect(second.exit.code).toBe(2);
    expect(second.error()).toMatchObject({
      code: 'CAPTURE_LOCKED',
      message: including(String(cli.pid)),
      hint: matching(/another folder/),
    });
    expect(second.stdout).toBe('');
    await publish(address, { payload: 'unaffected' });
    const message = await cli.waitFor('message');
    expect([message.seq, textOf(message)]).toEqual([1, 'unaffected']);
    expect(await cli.terminate()).toMatchObject({ code: 0 });
    expect((await readCaptureFiles(folder)).messages).toHaveLength(1);
  });

  it('two that start at the same time: exactly one gets it', async () => {
    const folder = await newCapture();
    const both = [0, 1].map(() => startCli(['node', '--json', `--capture=${folder}`]));
    const outcomes = await Promise.all(
      both.map((cli) =>
        Promise.race([
          cli.waitForExit().then(({ code }) => code),
          cli.waitFor('ready').then(() => 'ready'),
        ]).catch(() => cli.exit?.code),
      ),
    );
    expect(outcomes.map(String).sort()).toEqual(['2', 'ready']);
  });
});

describe('a folder that is not a capture', () => {
  it.each([
    ['has other files in it', { 'thesis.txt': 'years of work' }],
    ["has another program's capture.json", { 'capture.json': '{"packets":[]}' }],
    ['has a capture.json that is no JSON', { 'capture.json': 'not JSON' }],
    [
      'is of a newer format',
      {
        'capture.json': '{"magic":"waku-desk-capture","format":99,"id":"x","created":"2030-01-01T00:00:00Z"}',
      },
    ],
  ])('because it %s: refused, and left as it is', async (_what, files) => {
    const folder = await temporaryFolder();
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const cli = await runCli(['node', '--json', `--capture=${folder}`]);
    expect(cli.exit.code).toBe(2);
    expect(cli.error()).toMatchObject({ code: 'CAPTURE_INVALID', message: including(folder) });
    expect(cli.error().hint).toMatch(/\.$/);
    expect(cli.stdout).toBe('');
    expect(await readdir(folder)).toEqual(Object.keys(files));
    for (const [name, content] of Object.entries(files))
      expect(await readFile(join(folder, name), 'utf8')).toBe(content);
  });

  it('because it is a file: refused, and left as it is', async () => {
    const path = join(await temporaryFolder(), 'a-file');
    await writeFile(path, 'content');
    const cli = await runCli(['node', '--json', `--capture=${path}`]);
    expect(cli.exit.code).toBe(2);
    expect(cli.error().code).toBe('CAPTURE_INVALID');
    expect(await readFile(path, 'utf8')).toBe('content');
  });

  it('but an empty one becomes a capture, and so does one that is not there yet', async () => {
    const parent = await temporaryFolder();
    await mkdir(join(parent, 'empty'));
    for (const folder of ['empty', 'new/and/deep']) {
      const { cli, address } = await startNode([`--capture=${join(parent, folder)}`]);
      await publish(address, { payload: folder });
      expect(payloadOf(await cli.waitFor('message')).toString()).toBe(folder);
      await cli.terminate();
      expect((await readCaptureFiles(join(parent, folder))).messages).toHaveLength(1);
    }
  });
});
