/** The program as it is shipped: the bundle in dist/, run by the Node that runs the benchmark. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Context, Stoppable } from './figure.ts';
import { CLUSTER, SHARD } from './load.ts';

export const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const BUNDLE = `${DIST}waku-desk.js`;

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 6_000;
const PROBE_INTERVAL_MS = 1;

const readyLine = z.object({
  event: z.literal('ready'),
  listenAddresses: z.array(z.string()).min(1),
  restPort: z.int().nullable(),
});
const stoppedLine = z.object({ event: z.literal('stopped'), received: z.number() });

/** `waku-desk node`, from its start to its end. */
export class ProgramNode implements Stoppable {
  readonly multiaddr: string;
  readonly pid: number;
  /** null: not served. */
  readonly restPort: number | null;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #ending: Promise<number> | null = null;

  /** Resolves at its ready line. @param more flags */
  static async start(context: Context, tcpPort: number, more: readonly string[] = []): Promise<ProgramNode> {
    const flags = ['--cluster-id', String(CLUSTER), '--shard', String(SHARD), '--tcp-port', String(tcpPort)];
    const child = spawn(process.execPath, [BUNDLE, 'node', '--json', '--quiet', ...flags, ...more], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    context.guard(child);
    const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    try {
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const first: unknown = (await lines.next()).value;
      if (typeof first !== 'string') throw new Error('waku-desk node ended at its start: run it to see why');
      return new ProgramNode(child, lines, readyLine.parse(JSON.parse(first)));
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, ready: z.output<typeof readyLine>) {
    this.#child = child;
    this.#lines = lines;
    this.multiaddr = ready.listenAddresses[0] ?? '';
    this.restPort = ready.restPort;
    this.pid = child.pid ?? -1;
  }

  async stop(): Promise<void> {
    await this.end();
  }

  /** Ends it, by force after six seconds. @returns messages that it received */
  end(): Promise<number> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<number> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    let received = 0;
    for (let next = await this.#lines.next(); next.done !== true; next = await this.#lines.next()) {
      const line = stoppedLine.safeParse(JSON.parse(next.value));
      if (line.success) ({ received } = line.data);
    }
    clearTimeout(timer);
    return received;
  }
}

/** How long a program takes that ends by itself. @returns ms @throws Error when it fails */
export async function timeToEnd(context: Context, args: string[], cwd: string): Promise<number> {
  const startMs = performance.now();
  const child = spawn(process.execPath, args, { cwd, stdio: 'ignore', timeout: START_TIMEOUT_MS });
  context.guard(child);
  await once(child, 'exit');
  const tookMs = performance.now() - startMs;
  if (child.exitCode !== 0) throw new Error(`node ${args.join(' ')} failed`);
  return tookMs;
}

/** A port that was free just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when somebody takes connections there. @throws Error after 30 s */
export async function takesConnections(port: number): Promise<void> {
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  while (!(await canConnect(port))) {
    if (performance.now() > deadlineMs) throw new Error(`nobody listens on port ${port}`);
    await delay(PROBE_INTERVAL_MS);
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (connected: boolean) => () => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}
