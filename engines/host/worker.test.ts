/** The embedded engine in a worker: another thread, and an end that nobody asked for. */
import { createServer, type Server } from 'node:net';
import { MessageChannel, Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nowNs } from '../../core/engine/clock.ts';
import type { EngineEvent } from '../../core/engine/events.ts';
import { createMessage } from '../../core/waku/message.ts';
import { connectEngine } from './connect.ts';
import { TOPIC } from './fixture.ts';
import { nodePort } from './port.ts';

const ENTRY = `
  import { workerData } from 'node:worker_threads';
  import { parseNodeConfig } from '../../core/engine/config.ts';
  import { JsEngine } from '../js/engine.ts';
  import { nodePort } from './port.ts';
  import { serveEngine } from './serve.ts';
  serveEngine(new JsEngine(parseNodeConfig({})), nodePort(workerData));
`;

let program = '';
const workers: Worker[] = [];
/** Takes connections and never says a word. */
const silent = createServer();

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  program = outputFiles[0]?.text ?? '';
});

afterAll(async () => {
  silent.close();
  for (const worker of workers) await worker.terminate();
});

async function engineInWorker() {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(program, { eval: true, workerData: port1, transferList: [port1] });
  workers.push(worker);
  const engine = await connectEngine(nodePort(port2));
  const events: EngineEvent[] = [];
  engine.onEvent((event) => events.push(event));
  return { worker, engine, events };
}

describe('an engine in a worker', () => {
  it('sends and hears messages', async () => {
    const [a, b] = await Promise.all([engineInWorker(), engineInWorker()]);
    const [, { listenAddresses }] = await Promise.all([a.engine.start(), b.engine.start()]);
    await a.engine.connect(listenAddresses[0] ?? '');
    await vi.waitFor(async () => {
      expect(await a.engine.mesh(TOPIC)).toHaveLength(1);
    }, 10_000);
    const message = createMessage({
      payload: new Uint8Array(150_000).fill(7),
      contentTopic: '/waku-desk/1/worker/proto',
      timestampNs: nowNs(),
    });
    expect(await a.engine.publish(TOPIC, message)).toEqual({ sentToPeers: 1 });
    await vi.waitFor(() => {
      expect(b.events).toContainEqual(expect.objectContaining({ type: 'messageReceived', message }));
    }, 10_000);
    for (const { engine } of [a, b]) {
      await engine.stop();
      engine.close();
    }
  });

  it('is failed when the worker dies', async () => {
    const { worker, engine, events } = await engineInWorker();
    await engine.start();
    const dialled = new Promise((resolve) => silent.once('connection', resolve));
    const call = engine.connect(`/ip4/127.0.0.1/tcp/${String(portOf(silent))}`);
    const failure = expect(call).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    await dialled;
    await worker.terminate();
    await failure;
    await vi.waitFor(() => {
      expect(engine.state).toBe('failed');
    });
    expect(events.filter(({ type }) => type === 'gapped')).toHaveLength(1);
  });
});
