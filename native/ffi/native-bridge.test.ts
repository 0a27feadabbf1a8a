import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { bridgePath, fixturePath } from '../build.mjs';
import { loadBridge } from './bridge-library.ts';
import { FixtureSession, prepare, TOPIC } from './fixture-session.ts';
import type { ClosedRecord, GapRecord } from './records.ts';

const run = promisify(execFile);
const missing = await prepare();
const message = (payload: string): string =>
  JSON.stringify({ payload, contentTopic: '/a/1/b/proto', timestamp: '1700000000123456789' });

beforeEach((context) => {
  if (missing !== undefined) context.skip(missing);
});

/** Blocks JavaScript. */
function blockFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Signals that a thread of this process blocks, one bit each. */
async function blockedSignals(thread: string): Promise<bigint> {
  const status = await readFile(`/proc/self/task/${thread}/status`, 'utf8');
  return BigInt(`0x${/^SigBlk:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
}

/** What was submitted has been told to the native thread. */
function begun(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('a bridge through koffi', () => {
  it.each(['b', 'c'] as const)('carries calls, answers and events of generation %s', async (generation) => {
    const session = await FixtureSession.start({ meshPeers: 2 }, generation);
    expect(session.records[0]).toMatchObject({ kind: 'loaded', ok: true, missing: [] });
    expect(await session.call('waku_start')).toMatchObject({ ret: 0, text: '' });
    expect(await session.call('waku_relay_subscribe', TOPIC)).toMatchObject({ ret: 0 });
    const reply = await session.call('waku_relay_publish', TOPIC, message('ü'), 1_000);
    expect(reply).toMatchObject({ ret: 0, text: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string });
    const events = session.records.flatMap((record) =>
      record.kind === 'event' ? [new TextDecoder().decode(record.bytes)] : [],
    );
    expect(events.at(-1)).toContain('"payload":"ü"');
    // The node echoes before it answers, and that order is kept.
    expect(session.records.at(-1)).toBe(reply);
    expect(reply.timeNs).toBeLessThanOrEqual(process.hrtime.bigint());
    const closed = await session.bridge.close(5_000);
    expect(closed).toMatchObject({ orderly: true });
    expect(session.records.at(-1)).toBe(closed);
    expect(session.errors).toEqual([]);
  });

  it('keeps signals of the process off its threads and those of the library', async (context) => {
    if (process.platform !== 'linux')
      return context.skip('what a thread blocks is read from /proc: Linux only');
    const threads = (): Promise<string[]> => readdir('/proc/self/task');
    const session = await FixtureSession.start({ threads: 1 });
    // Node's own threads are all there; the bridge's second node brings new ones.
    const before = new Set(await threads());
    const other = await FixtureSession.start({ threads: 2 });
    await other.call('waku_start');
    const added = (await threads()).filter((thread) => !before.has(thread));
    // The call thread, the notifier, and what the library started.
    expect(added.length).toBeGreaterThanOrEqual(3);
    const wanted = ['SIGCHLD', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGWINCH', 'SIGUSR2'] as const;
    const mask = wanted.reduce((bits, name) => bits | (1n << BigInt(constants.signals[name] - 1)), 0n);
    for (const thread of added) expect((await blockedSignals(thread)) & mask, thread).toBe(mask);
    const own = await blockedSignals(String(process.pid));
    expect(own & mask).toBe(0n);
    await Promise.all([session.bridge.close(5_000), other.bridge.close(5_000)]);
  });

  it('lets native calls and events complete while JavaScript is blocked for 2 s', async () => {
    const session = await FixtureSession.start({ threads: 2, burst: 20_000, eventThreads: 4 });
    const blockedAtNs = process.hrtime.bigint();
    session.submit('waku_start');
    const ids = Array.from({ length: 100 }, () => session.submit('waku_version'));
    await begun();
    // From here on nothing returns to the event loop.
    blockFor(2_000);
    const unblockedAtNs = process.hrtime.bigint();
    await session.find((record) => record.kind === 'event' && record.number === 20_000);
    await session.find((record) => record.kind === 'reply' && record.callId === ids.at(-1));
    const late = session.records.filter((record) => record.timeNs >= unblockedAtNs);
    const during = session.records.filter((record) => record.timeNs >= blockedAtNs);
    expect(late).toEqual([]);
    expect(during.length).toBeGreaterThan(20_000);
    expect(session.bridge.stats()).toMatchObject({ eventsLost: 0, callsInFlight: 0 });
    // One for what came before, one while blocked.
    expect(session.bridge.stats()?.wakeUps).toBeLessThan(20);
    await session.bridge.close(5_000);
  });

  it('bounds events and tells how many are missing', async () => {
    const session = await FixtureSession.start({ burst: 100_000, eventThreads: 4 }, 'b', {
      maxEvents: 1_000,
    });
    session.submit('waku_start');
    await begun();
    blockFor(2_000);
    await session.find((record) => record.kind === 'gap');
    while (session.bridge.stats()?.events !== 100_000 || session.bridge.stats()?.queuedRecords !== 0)
      await new Promise(setImmediate);
    const lost = session.records
      .filter((record): record is GapRecord => record.kind === 'gap')
      .reduce((sum, gap) => sum + gap.lost, 0);
    expect(session.count('event') + lost).toBe(100_000);
    expect(session.bridge.stats()?.eventsLost).toBe(lost);
    await session.bridge.close(5_000);
  });

  it('counts the messages of batches, told and missing', async () => {
    const session = await FixtureSession.start({ burst: 1_000, batchOf: 7 }, 'b', { maxEvents: 700 });
    session.submit('waku_start');
    await begun();
    blockFor(500);
    await session.find((record) => record.kind === 'gap');
    while (session.bridge.stats()?.events !== 7_000 || session.bridge.stats()?.queuedRecords !== 0)
      await new Promise(setImmediate);
    const lost = session.records
      .filter((record): record is GapRecord => record.kind === 'gap')
      .reduce((sum, gap) => sum + gap.lost, 0);
    expect(session.count('event') * 7 + lost).toBe(7_000);
    await session.bridge.close(5_000);
  });

  it('carries texts larger than its buffer', async () => {
    const session = await FixtureSession.start({ burst: 2, eventBytes: 5_000_000 });
    session.submit('waku_start');
    await session.find((record) => record.kind === 'event' && record.number === 2);
    for (const record of session.records)
      if (record.kind === 'event') expect(record.bytes.byteLength).toBeGreaterThan(5_000_000);
    await session.bridge.close(5_000);
  });

  it('refuses what a release lacks, wrong arguments and calls without a node', async () => {
    const session = await FixtureSession.open('old');
    const loaded = await session.find((record) => record.kind === 'loaded');
    expect(loaded).toMatchObject({ ok: true, generation: 'B' });
    expect(loaded).toHaveProperty('missing', expect.arrayContaining(['waku_is_online']));
    expect(session.bridge.submit('waku_start', 1, [])).toBe('WRONG_STATE');
    expect(session.bridge.submit('waku_is_online', 1, [])).toBe('MISSING_FUNCTION');
    expect(session.bridge.submit('waku_destroy', 1, [])).toBe('UNKNOWN_FUNCTION');
    expect(session.bridge.submit('system', 1, ['x'])).toBe('UNKNOWN_FUNCTION');
    await session.call('waku_new', '{}');
    expect(session.bridge.submit('waku_relay_subscribe', 9, ['a\0b'])).toBe('BAD_ARGUMENT');
    expect(() => session.bridge.submit('waku_relay_subscribe', 9, [])).toThrow(TypeError);
    expect(() => session.bridge.submit('waku_connect', 9, ['a', -1])).toThrow(TypeError);
    await session.bridge.close(5_000);
    expect(session.bridge.submit('waku_version', 10, [])).toBe('CLOSING');
  });

  it.each([
    ['a', 'generation A'],
    ['d', 'generation D'],
  ] as const)('refuses a library of generation %s', async (generation, words) => {
    const session = await FixtureSession.open(generation);
    const loaded = await session.find((record) => record.kind === 'loaded');
    expect(loaded).toMatchObject({ ok: false, reason: expect.stringContaining(words) as string });
    expect(loaded).toHaveProperty('reason', expect.stringContaining('v0.35.0 to v0.37.4'));
    await session.bridge.close(5_000);
  });

  it('hands on what a listener throws, and goes on', async () => {
    const session = await FixtureSession.start({});
    const seen: unknown[] = [];
    const other = await FixtureSession.open('b', {
      onRecords: () => {
        throw new RangeError('mine');
      },
      onError: (error) => seen.push(error),
    });
    await other.bridge.close(5_000);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen[0]).toBeInstanceOf(RangeError);
    await session.bridge.close(5_000);
  });

  it('gives up what hangs in the library at the deadline', async () => {
    const session = await FixtureSession.start({ hangIn: 'waku_stop' });
    await session.call('waku_start');
    const begun = performance.now();
    const closed = await session.bridge.close(300);
    expect(closed.orderly).toBe(false);
    expect(closed.text).toMatch(/Let go after 300 ms: waku_stop .* did not return/);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  it('ends in order under traffic, several times in one process', async () => {
    for (let time = 0; time < 5; time++) {
      const session = await FixtureSession.start({ burst: 1e9, eventThreads: 2, eventBytes: 8 }, 'b', {
        maxEvents: 2_000,
      });
      await session.call('waku_start');
      for (let call = 0; call < 50; call++) session.submit('waku_version');
      const closed = await session.bridge.close(8_000);
      expect(closed).toMatchObject({ orderly: true } satisfies Partial<ClosedRecord>);
      expect(session.count('reply')).toBe(52);
    }
  });

  it('says what is wrong with a library that is none', async () => {
    await expect(loadBridge('/missing/bridge.so')).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      operation: 'native.load',
    });
  });
});

describe('the fixture', () => {
  it("refuses to be called by koffi, on a stack that is not the thread's own", async (context) => {
    if (process.platform === 'win32')
      return context.skip("a Windows stack cannot be told from the thread's own");
    const { default: koffi } = await import('koffi');
    koffi.proto('void fixture_answer(int ret, void *msg, size_t len, void *user_data)');
    const library = koffi.load(fixturePath('b'));
    const create = library.func(
      'void *waku_new(const char *config, fixture_answer *callback, void *user_data)',
    );
    const answers: [number, string][] = [];
    const answer = koffi.register((ret: number, text: unknown, length: number | bigint) => {
      answers.push([ret, koffi.decode(text, 'char', Number(length)) as string]);
    }, 'fixture_answer *');
    expect(create('{}', answer, null)).toBeNull();
    expect(answers).toEqual([[1, "fixture: called on a stack that is not the calling thread's own"]]);
    koffi.unregister(answer);
  });
});

/** Runs a program that uses the bridge in a process of its own. */
async function inProcess(body: string): Promise<{ stdout: string; stderr: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-bridge-'));
  const file = join(folder, 'main.mts');
  const imports = (name: string): string => JSON.stringify(join(import.meta.dirname, name));
  await writeFile(
    file,
    `import { copyFileSync, writeSync } from 'node:fs';
     import { loadBridge, redirectOutput } from ${imports('bridge-library.ts')};
     import { FixtureSession } from ${imports('fixture-session.ts')};
     const folder = ${JSON.stringify(folder)};
     const library = await loadBridge(${JSON.stringify(bridgePath())});
     ${body}`,
  );
  const { stdout, stderr } = await run(process.execPath, [file], { timeout: 20_000 });
  return { stdout, stderr, folder };
}

describe('a process with a bridge', { timeout: 120_000 }, () => {
  it('can exit under traffic, with calls in flight, at any moment', async () => {
    for (const delayMs of [0, 1, 5, 20, 50, 100]) {
      const { stdout, folder } = await inProcess(`
        const session = await FixtureSession.start({ burst: 1e9, eventThreads: 3, silentIn: 'waku_ping_peer' });
        await session.call('waku_start');
        session.submit('waku_ping_peer', 'a', 1);
        writeSync(1, 'under traffic');
        setTimeout(() => process.exit(0), ${String(delayMs)});`);
      await rm(folder, { recursive: true });
      expect(stdout).toBe('under traffic');
    }
  });

  it('lives while the bridge is open, and ends by itself behind a hard end', async () => {
    const { stdout, folder } = await inProcess(`
      const session = await FixtureSession.start({ hangIn: 'waku_stop' });
      await session.call('waku_start');
      const closed = await session.bridge.close(100);
      writeSync(1, closed.orderly ? 'orderly' : 'hard');`);
    await rm(folder, { recursive: true });
    expect(stdout).toBe('hard');
  });

  it('keeps the bridge in memory while its threads run, although koffi unloads it', async (context) => {
    if (process.platform !== 'linux') return context.skip('/proc tells what is loaded: Linux only');
    const { stdout, folder } = await inProcess(`
      const { default: koffi } = await import(${JSON.stringify(createRequire(import.meta.url).resolve('koffi'))});
      const { readFileSync } = await import('node:fs');
      const path = folder + '/bridge.so';
      copyFileSync(${JSON.stringify(bridgePath())}, path);
      const another = koffi.load(path);
      const redirect = another.func(
        'int wb_output_redirect(const char *path, uint64_t max, _Out_ int32_t *saved, _Out_ char *error, uint32_t size)',
      );
      const saved = new Int32Array(2);
      redirect(folder + '/node.log', 1e6, saved, new Uint8Array(99), 99);
      another.unload();
      writeSync(saved[0], readFileSync('/proc/self/maps', 'utf8').includes(path) ? 'stays' : 'gone');`);
    await rm(folder, { recursive: true });
    expect(stdout).toBe('stays');
  });

  it('keeps its output for itself, while the library writes to node.log', async (context) => {
    if (process.platform === 'win32') return context.skip('descriptors of Windows are of each runtime');
    const { stdout, stderr, folder } = await inProcess(`
      const saved = redirectOutput(library, folder + '/node.log', 1_000_000);
      const session = await FixtureSession.start({ lines: 2 }, 'b', { keepOutput: false });
      await session.call('waku_version');
      writeSync(saved.stdout, 'ours');
      writeSync(saved.stderr, 'errors');
      await session.bridge.close(5_000);`);
    const log = await readFile(join(folder, 'node.log'), 'utf8');
    await rm(folder, { recursive: true });
    expect([stdout, stderr.replace(/^.*ExperimentalWarning[\s\S]*$/m, '')]).toEqual(['ours', 'errors']);
    expect(log.match(/a line of the library/g)?.length).toBeGreaterThanOrEqual(2);
  });
});
