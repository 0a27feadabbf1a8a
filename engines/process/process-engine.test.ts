import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { parseNodeConfig } from '../../core/engine/config.ts';
import type { ProcessFailure } from '../../core/engine/crash-report.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import type { EngineEvent } from '../../core/engine/events.ts';
import { createMessage } from '../../core/waku/message.ts';
import { buildBridge } from '../../native/build.mjs';
import { locateNodeLibrary } from '../../native/library/node-library.ts';
import { createEngine } from './create-engine.ts';
import { ProcessEngine } from './process-engine.ts';

/** Polls with patience: the machine may be busy. */
const eventually = <T>(probe: () => T) => expect.poll(probe, { timeout: 20_000, interval: 10 });

const CONFIG = parseNodeConfig({ nodeKey: '22'.repeat(32), shards: [32] });
const TOPIC = '/waku/2/rs/16/32';

const engines: ProcessEngine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

async function create(config = CONFIG) {
  const engine = await ProcessEngine.create('js', config);
  engines.push(engine);
  const events: EngineEvent[] = [];
  engine.onEvent((event) => events.push(event));
  const failures: ProcessFailure[] = [];
  engine.onFailure((failure) => failures.push(failure));
  return { engine, events, failures };
}

function lives(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

const states = (events: EngineEvent[]) =>
  events.flatMap((event) => (event.type === 'stateChanged' ? [event.state] : []));

describe('an engine in a process', () => {
  it(
    'is the contract: it starts, hears its own message, and its process ends with it',
    { timeout: 60_000 },
    async () => {
      const { engine, events } = await create();
      const { pid } = engine;
      expect(pid).not.toBe(process.pid);
      expect(engine.info.kind).toBe('js');
      const { listenAddresses } = await engine.start();
      expect(listenAddresses[0]).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\//);
      expect(await engine.topics()).toEqual([TOPIC]);
      const payload = Uint8Array.of(1, 2, 3);
      await engine
        .publish(TOPIC, createMessage({ payload, contentTopic: '/t/1/a/proto', timestampNs: 5n }))
        .catch(() => undefined);
      await engine.stop();
      expect(engine.state).toBe('stopped');
      expect(states(events)).toEqual(['starting', 'running', 'stopping', 'stopped']);
      expect(lives(pid)).toBe(false);
      expect(await engine.peers()).toEqual([]);
      await expect(engine.subscribe(TOPIC)).rejects.toMatchObject({ code: 'NOT_RUNNING' });
    },
  );

  it('is the same node on the same port in the next process', { timeout: 60_000 }, async () => {
    const { engine } = await create();
    const first = await engine.start();
    const { pid } = engine;
    await engine.stop();
    expect(await engine.start()).toEqual(first);
    expect(engine.pid).not.toBe(pid);
  });

  it(
    'fails with the reason when its process is killed, once and without a gap of its own',
    { timeout: 60_000 },
    async () => {
      const { engine, events, failures } = await create();
      const first = await engine.start();
      const startedMs = performance.now();
      await eventually(() => engine.resources?.rssBytes).toBeGreaterThan(10_000_000);
      const { pid } = engine;
      const ranMs = performance.now() - startedMs;
      if (engine.pid !== undefined) process.kill(engine.pid, 'SIGKILL');
      await eventually(() => engine.state).toBe('failed');
      expect(events.filter(({ type }) => type === 'gapped')).toEqual([]);
      expect(events.at(-1)).toMatchObject({
        state: 'failed',
        error: { code: 'ENGINE_FAILED', message: "The node's process was ended by SIGKILL." },
      });
      expect(failures).toMatchObject([
        { end: { kind: 'signal', signal: 'SIGKILL' }, pid, output: [], nodeLog: null },
      ]);
      // It was up before it was started.
      expect(failures[0]?.upMs).toBeGreaterThanOrEqual(Math.floor(ranMs));
      expect(failures[0]?.resources?.rssBytes).toBeGreaterThan(10_000_000);
      await expect(engine.metrics()).rejects.toMatchObject({ code: 'NOT_RUNNING' });
      expect(engine.resources).toBeNull();
      expect(await engine.start()).toEqual(first);
      expect(engine.state).toBe('running');
    },
  );

  it('gives the codes of the start', { timeout: 60_000 }, async () => {
    const { engine } = await create();
    const { listenAddresses } = await engine.start();
    const tcpPort = Number(/tcp\/(\d+)/.exec(listenAddresses[0] ?? '')?.[1]);
    const { engine: second } = await create({ ...CONFIG, nodeKey: '33'.repeat(32), tcpPort });
    await expect(second.start()).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  });

  it(
    'that cannot be made says why: code, words and hint come from the process',
    { timeout: 60_000 },
    async () => {
      const library = '/nowhere/libwaku.so';
      const why = (error: unknown) => error instanceof WakuDeskError && error.toData();
      const direct = await createEngine('nwaku', CONFIG, { library }).catch(why);
      expect(direct).toMatchObject({ code: 'FILE_FAILED' });
      const place = { library, nodeLog: '/dev/null' };
      expect(await ProcessEngine.create('nwaku', CONFIG, place).catch(why)).toEqual(direct);
    },
  );

  it('fails when its process lives and does not answer', { timeout: 60_000 }, async () => {
    const { engine, events, failures } = await create();
    await engine.start();
    const { pid } = engine;
    if (pid !== undefined) process.kill(pid, 'SIGSTOP');
    await expect.poll(() => engine.state, { timeout: 40_000 }).toBe('failed');
    expect(failures).toMatchObject([{ end: { kind: 'silent', silentMs: 10_000 } }]);
    expect(events.at(-1)).toMatchObject({
      error: { message: "The node's process was ended because it had not answered for 10 s." },
    });
    expect(lives(pid)).toBe(false);
  });

  it(
    'leaves its end to its harness when both are terminated, and ends by itself otherwise',
    { timeout: 60_000 },
    async () => {
      const { engine, failures } = await create();
      for (const isStopped of [true, false]) {
        await engine.start();
        if (engine.pid !== undefined) process.kill(engine.pid, 'SIGTERM');
        await delay(500);
        expect(engine.state).toBe('running');
        if (isStopped) await engine.stop();
        expect(failures).toEqual([]);
      }
      await eventually(() => engine.state).toBe('failed');
      expect(failures).toMatchObject([{ end: { kind: 'exit', exitCode: 0 } }]);
    },
  );

  it('is ended when it hangs', { timeout: 60_000 }, async () => {
    const { engine } = await create();
    await engine.start();
    const { pid } = engine;
    if (pid !== undefined) process.kill(pid, 'SIGSTOP');
    const startMs = performance.now();
    await engine.stop();
    expect(performance.now() - startMs).toBeLessThan(4_500);
    expect(lives(pid)).toBe(false);
  });
});

async function startHarness(mode: string): Promise<{ kill: () => void; pid: number }> {
  const script = fileURLToPath(new URL('./fixture-parent.ts', import.meta.url));
  const parent = spawn(process.execPath, [script, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(parent, 'exit').then(() => Promise.reject(new Error('the harness ended by itself')));
  const [line] = (await Promise.race([once(parent.stdout, 'data'), ended])) as [Buffer];
  ended.catch(() => undefined);
  const pid = Number(line.toString());
  expect(lives(pid)).toBe(true);
  return { pid, kill: () => parent.kill('SIGKILL') };
}

describe('when its harness is killed, the process of a node ends', { timeout: 60_000 }, () => {
  it('at once', async () => {
    const { pid, kill } = await startHarness('js');
    kill();
    await eventually(() => lives(pid)).toBe(false);
  });

  it('at once, also with a node library in it', async (context) => {
    if (!(await locateNodeLibrary('libgowaku')).found) context.skip('libgowaku is not built here');
    await buildBridge();
    const { pid, kill } = await startHarness('go-waku');
    kill();
    await eventually(() => lives(pid)).toBe(false);
  });

  it('also when its main thread hangs for ever', async () => {
    const { pid, kill } = await startHarness('hung');
    kill();
    await eventually(() => lives(pid)).toBe(false);
  });

  it('as soon as it is continued, when it was stopped', async () => {
    const { pid, kill } = await startHarness('js');
    process.kill(pid, 'SIGSTOP');
    kill();
    await delay(1_000);
    expect(lives(pid)).toBe(true);
    process.kill(pid, 'SIGCONT');
    await eventually(() => lives(pid)).toBe(false);
  });
});
