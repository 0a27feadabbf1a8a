/** A fixture, for tests: a web host over a node whose network is the test. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { Capture } from '../../core/capture/capture.ts';
import { parseNodeConfig } from '../../core/engine/config.ts';
import type { Engine } from '../../core/engine/engine.ts';
import { createClient, type ClientOptions } from '../../core/operations/host-client.ts';
import type { Client } from '../../core/operations/client.ts';
import type { Batch, Snapshot } from '../../core/operations/live-values.ts';
import { SESSION_PATH, SOCKET_PATH } from '../../core/operations/web-paths.ts';
import { webSocketChannel } from '../../core/operations/web-socket-channel.ts';
import { FixtureEngine } from '../../core/session/fixture-engine.ts';
import { Harness, type HarnessOptions } from '../harness/harness.ts';
import { FixtureList } from './fixture-list.ts';
import { startWebHost, type WebHost, type WebHostOptions } from './web-host.ts';

/** Polls with patience: the machine may be busy. */
export const eventually = <T>(probe: () => T) => expect.poll(probe, { timeout: 20_000, interval: 10 });

export interface FixtureHost {
  /** The one that runs now: new settings make a new one. */
  readonly engine: FixtureEngine;
  harness: Harness;
  host: WebHost;
  folder: string;
  cookie: string;
  close(): Promise<void>;
}

export interface FixtureOptions {
  capture?: boolean;
  createEngine?: () => Promise<Engine>;
  harness?: Partial<HarnessOptions>;
  web?: Partial<WebHostOptions>;
}

export async function startFixtureHost(options: FixtureOptions = {}): Promise<FixtureHost> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-host-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>fixture</title>');
  let engine = new FixtureEngine();
  const createEngine = (): Promise<Engine> => Promise.resolve((engine = new FixtureEngine()));
  const capture = options.capture === false ? null : await Capture.open(join(folder, 'capture'));
  const harness = await Harness.create({
    createEngine: options.createEngine ?? createEngine,
    config: parseNodeConfig({}),
    capture,
    version: '0.0.0-fixture',
    ...options.harness,
  });
  const host = await startWebHost({ harness, uiFolder: folder, port: 0, ...options.web });
  return {
    get engine() {
      return engine;
    },
    harness,
    host,
    folder,
    cookie: await signIn(host),
    async close() {
      await host.close();
      await harness.close();
      await capture?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function signIn(host: WebHost): Promise<string> {
  const { status, headers } = await send(host, {
    method: 'POST',
    path: SESSION_PATH,
    headers: { origin: `http://127.0.0.1:${host.port}` },
    body: JSON.stringify({ token: host.token }),
  });
  const cookie = headers['set-cookie']?.[0]?.split(';')[0];
  if (status !== 204 || cookie === undefined) throw new Error(`signing in answered ${String(status)}`);
  return cookie;
}

export interface Sent {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A request with exactly these headers, which fetch would not send. */
export function send(
  { port }: WebHost,
  {
    path,
    method = 'GET',
    headers = {},
    body = '',
  }: { path: string; method?: string; headers?: OutgoingHttpHeaders; body?: string },
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

export function openSocket(
  { port }: WebHost,
  headers: Record<string, string>,
  path: string = SOCKET_PATH,
): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
}

/** The headers of a page of the host. */
export function pageHeaders({ host, cookie }: Pick<FixtureHost, 'host' | 'cookie'>): Record<string, string> {
  return { origin: `http://127.0.0.1:${host.port}`, cookie };
}

export interface Page {
  client: Client;
  snapshots: Snapshot[];
  batches: Batch[];
  list: FixtureList;
  /** The socket in use: to break it. */
  socket(): WebSocket;
}

/** A client that keeps what it hears, connected. */
export async function openPage(
  fixture: Pick<FixtureHost, 'host' | 'cookie'>,
  options: ClientOptions & { onBatch?: (batch: Batch) => void | Promise<void> } = {},
): Promise<Page> {
  let socket: WebSocket | null = null;
  const client = createClient(
    webSocketChannel({
      url: `ws://127.0.0.1:${fixture.host.port}${SOCKET_PATH}`,
      connect: (url) => (socket = new WebSocket(url, { headers: pageHeaders(fixture) })),
    }),
    { firstRetryMs: 20, ...options },
  );
  const list = new FixtureList(client);
  const snapshots: Snapshot[] = [];
  const batches: Batch[] = [];
  const first = new Promise<void>((resolve) => {
    client.onSnapshot((snapshot) => {
      snapshots.push(snapshot);
      resolve();
    });
  });
  client.onBatch((batch) => {
    batches.push(batch);
    return options.onBatch?.(batch);
  });
  await first;
  return {
    client,
    snapshots,
    batches,
    list,
    socket: () => {
      if (socket === null) throw new Error('the page has no socket');
      return socket;
    },
  };
}
