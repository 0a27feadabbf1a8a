import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { parseNodeConfig } from '../core/engine/config.ts';
import { createClient } from '../core/operations/host-client.ts';
import { SESSION_PATH, SOCKET_PATH } from '../core/operations/web-paths.ts';
import { webSocketChannel } from '../core/operations/web-socket-channel.ts';
import type { Snapshot } from '../core/operations/live-values.ts';
import { Output } from './output.ts';
import { runServe, type ServeOptions } from './serve-command.ts';

const TIMEOUT = { timeout: 120_000 };
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  vi.unstubAllEnvs();
});

interface Served {
  ready: Promise<Record<string, unknown>>;
  ended: Promise<void>;
  stop: () => Promise<void>;
}

function serve(options: Partial<ServeOptions> = {}): Served {
  const stdout = new PassThrough();
  const output = new Output(true, stdout, new PassThrough().resume());
  const controller = new AbortController();
  const flags = { engine: 'js', port: 0, captureMaxSize: 1024 ** 3, ...options } as ServeOptions;
  const ended = runServe(flags, {
    config: parseNodeConfig({}),
    unhonoured: [],
    version: '0.0.0-fixture',
    output,
    signal: controller.signal,
  });
  ended.catch(() => undefined);
  const stop = async (): Promise<void> => {
    controller.abort();
    await ended.catch(() => undefined);
  };
  ends.push(stop);
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    stdout.once('data', (line: Buffer) => {
      resolve(JSON.parse(line.toString()) as Record<string, unknown>);
    });
    ended.catch(reject);
  });
  ready.catch(() => undefined);
  return { ready, ended, stop };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-serve-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What a browser does with the printed address. */
async function openAddress(url: string): Promise<Snapshot> {
  const { origin, host, hash } = new URL(url);
  const { headers, status } = await fetch(origin + SESSION_PATH, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ token: hash.replace('#token=', '') }),
  });
  expect(status).toBe(204);
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  const client = createClient(
    webSocketChannel({
      url: `ws://${host}${SOCKET_PATH}`,
      connect: (address) => new WebSocket(address, { headers: { origin, cookie } }),
    }),
  );
  ends.push(() => {
    client.close();
    return Promise.resolve();
  });
  return new Promise((resolve) => client.onSnapshot(resolve));
}

describe('serve', () => {
  it(
    'prints the address first, serves a running node there, and ends within five seconds',
    TIMEOUT,
    async () => {
      const folder = await temporaryFolder();
      const served = serve({ capture: join(folder, 'capture') });
      const ready = await served.ready;
      expect(Object.keys(ready).slice(0, 2)).toEqual(['event', 'url']);
      expect(ready).toMatchObject({ event: 'ready', capture: join(folder, 'capture'), pid: process.pid });
      const snapshot = await openAddress(String(ready.url));
      expect(snapshot).toMatchObject({ node: { state: 'running', identity: { peerId: ready.peerId } } });
      const startMs = performance.now();
      await served.stop();
      expect(performance.now() - startMs).toBeLessThan(5_000);
      await expect(served.ended).resolves.toBeUndefined();
    },
  );

  it("captures into the user's own folder, and into another one while that is in use", TIMEOUT, async () => {
    const folder = await temporaryFolder();
    vi.stubEnv('XDG_DATA_HOME', folder);
    vi.stubEnv('LOCALAPPDATA', folder);
    const first = serve();
    const { capture } = await first.ready;
    if (process.platform === 'linux') expect(capture).toBe(join(folder, 'waku-desk', 'captures', 'default'));
    expect((await serve().ready).capture).toBe(`${String(capture)}-2`);
    await expect(serve({ capture: String(capture) }).ended).rejects.toMatchObject({
      code: 'CAPTURE_LOCKED',
      message: expect.stringContaining(String(process.pid)) as unknown,
      hint: expect.stringContaining('--capture') as unknown,
    });
    await first.stop();
    const again = serve();
    expect((await again.ready).capture).toBe(capture);
  });

  it('says that its port is in use, and leaves no node behind', TIMEOUT, async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    ends.push(() => new Promise((resolve) => taken.close(resolve)));
    const { port } = taken.address() as AddressInfo;
    const folder = await temporaryFolder();
    const capture = join(folder, 'capture');
    await expect(serve({ port, capture }).ended).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    // The lock is given back, too.
    expect(await serve({ capture }).ready).toMatchObject({ event: 'ready' });
  });
});
