/** toxiproxy-server (Shopify), which links with faults lead through: started here, driven over its HTTP API. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import * as z from 'zod';
import { delay } from '../../core/engine/deadline.ts';
import { describeCause, WakuDeskError } from '../../core/engine/errors.ts';

const HOST = '127.0.0.1';
const START_MS = 15_000;
const POLL_MS = 50;
const CALL_MS = 10_000;
/** Somebody else may take the port that was free a moment ago. */
const START_TRIES = 3;
const KEPT_CHARACTERS = 4_000;

const versionSchema = z.object({ version: z.string() });
const proxySchema = z.object({ listen: z.string().regex(/:\d+$/) });

/** One way of a link. */
export type Toxic =
  | { type: 'latency'; attributes: { latency: number; jitter: number } }
  /** KB a second. */
  | { type: 'bandwidth'; attributes: { rate: number } };

/** @returns the program's file @throws WakuDeskError FAULT_UNAVAILABLE */
export function findToxiproxy(named: string | undefined): string {
  const candidates =
    named === undefined
      ? (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'toxiproxy-server'))
      : [named];
  for (const path of candidates) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next one.
    }
  }
  throw unavailable(
    named === undefined
      ? 'Faults on links need toxiproxy-server, and there is none on the PATH.'
      : `${named} cannot be run.`,
  );
}

export class Toxiproxy {
  readonly version: string;
  readonly #child: ChildProcess;
  readonly #url: string;

  private constructor(child: ChildProcess, url: string, version: string) {
    this.#child = child;
    this.#url = url;
    this.version = version;
  }

  /** @throws WakuDeskError FAULT_UNAVAILABLE, CANCELLED */
  static async start(path: string, signal: AbortSignal): Promise<Toxiproxy> {
    for (let tries = 1; ; tries++) {
      const port = await freePort();
      const child = spawn(path, ['-host', HOST, '-port', String(port)], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          output = (output + text).slice(-KEPT_CHARACTERS);
        });
      let failure: unknown = null;
      child.once('error', (error) => (failure = error));
      const url = `http://${HOST}:${port}`;
      const deadline = performance.now() + START_MS;
      while (child.exitCode === null && failure === null && performance.now() < deadline && !signal.aborted) {
        const version = await versionAt(url);
        if (version !== null) return new Toxiproxy(child, url, version);
        await delay(POLL_MS, signal);
      }
      child.kill('SIGKILL');
      if (signal.aborted || tries >= START_TRIES)
        throw unavailable(
          `toxiproxy-server does not start: ${failure === null ? output.trim() : describeCause(failure)}`,
        );
    }
  }

  /** Anything that ends it but {@link stop}. */
  onEnd(listener: () => void): void {
    this.#child.once('exit', listener);
  }

  /** @returns the port that leads to `upstreamPort` */
  async open(name: string, upstreamPort: number): Promise<number> {
    const answer = await this.#call('POST', '/proxies', {
      name,
      listen: `${HOST}:0`,
      upstream: `${HOST}:${upstreamPort}`,
      enabled: true,
    });
    return Number(proxySchema.parse(answer).listen.split(':').at(-1));
  }

  /** A proxy that is not enabled hangs up on everybody and takes nobody. */
  async enable(name: string, listenPort: number, enabled: boolean): Promise<void> {
    // Its port would be another one otherwise.
    await this.#call('POST', `/proxies/${name}`, { listen: `${HOST}:${listenPort}`, enabled });
  }

  /** Both ways. */
  async poison(name: string, toxicName: string, toxic: Toxic): Promise<void> {
    for (const stream of ['upstream', 'downstream'])
      await this.#call('POST', `/proxies/${name}/toxics`, {
        ...toxic,
        name: `${toxicName}-${stream}`,
        stream,
        toxicity: 1,
      });
  }

  async cure(name: string, toxicName: string): Promise<void> {
    for (const stream of ['upstream', 'downstream'])
      await this.#call('DELETE', `/proxies/${name}/toxics/${toxicName}-${stream}`);
  }

  async stop(): Promise<void> {
    this.#child.removeAllListeners('exit');
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    let text: string;
    try {
      const response = await fetch(this.#url + path, {
        method,
        signal: AbortSignal.timeout(CALL_MS),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text.trim()}`);
    } catch (error) {
      throw unavailable(`toxiproxy-server does not do ${method} ${path}: ${describeCause(error)}`);
    }
    return text === '' ? null : (JSON.parse(text) as unknown);
  }
}

async function versionAt(url: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/version`, { signal: AbortSignal.timeout(CALL_MS) });
    const text = await response.text();
    return response.ok ? versionSchema.parse(JSON.parse(text)).version : null;
  } catch {
    return null;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export function unavailable(message: string): WakuDeskError {
  return new WakuDeskError('FAULT_UNAVAILABLE', message, {
    operation: 'sim.links',
    hint: 'Install toxiproxy-server 2.12 (github.com/Shopify/toxiproxy) or name its file with --toxiproxy; scenarios without faults on links need none.',
  });
}
