/** The harness's side of processes that several embedded nodes share. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Resources } from '../../core/engine/crash-report.ts';
import type { NodeConfig } from '../../core/engine/config.ts';
import { connectEngine, type RemoteEngine } from '../../engines/host/connect.ts';
import type { Port } from '../../engines/host/port.ts';
import { endOf, portToChild } from '../../engines/process/process-port.ts';
import { Mux } from './mux.ts';
import type { PoolOrder } from './pool-process.ts';

const KEPT_LINES = 50;

export class Pool {
  /** Settles when the process is gone. */
  readonly ended: Promise<void>;
  readonly pid: number | undefined;
  readonly #port: Port;
  readonly #mux: Mux;
  readonly #output: string[] = [];
  #engines: RemoteEngine[] = [];
  #made = 0;

  constructor() {
    const child = fork(entry(import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    this.pid = child.pid;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output.push(...text.split('\n').filter((line) => line.trim() !== ''));
        this.#output.splice(0, this.#output.length - KEPT_LINES);
      });
    this.ended = endOf(child);
    this.#port = portToChild(child, this.ended);
    this.#mux = new Mux(this.#port);
  }

  /** The last lines that the process printed: nobody should, but a crash has last words. */
  get output(): readonly string[] {
    return this.#output;
  }

  /** An embedded engine in the process, not started. @throws as connectEngine */
  async engine(config: NodeConfig): Promise<RemoteEngine> {
    const channel = this.#mux.open(this.#made++);
    channel.post({ kind: 'js', config, harnessPid: process.pid } satisfies PoolOrder);
    const engine = await connectEngine(channel);
    this.#engines.push(engine);
    return engine;
  }

  /** Of the whole process; null before there is a node, and when it is gone. */
  async measure(): Promise<Resources | null> {
    return (await this.#engines[0]?.measure()) ?? null;
  }

  /** Ends it with all of its nodes. Idempotent. */
  async close(): Promise<void> {
    this.#engines = [];
    this.#port.close();
    await this.ended;
  }
}

/** Beside the source when run from source, beside the bundle when bundled. */
function entry(moduleUrl: string): string {
  const name = moduleUrl.endsWith('.ts') ? './pool-process.ts' : './pool-process.js';
  return fileURLToPath(new URL(name, moduleUrl));
}
