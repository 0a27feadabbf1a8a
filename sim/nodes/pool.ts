/** The harness's side of processes that several embedded nodes share. */
import { fileURLToPath } from 'node:url';
import type { Resources } from '../../core/engine/crash-report.ts';
import type { NodeConfig } from '../../core/engine/config.ts';
import { connectEngine, type RemoteEngine } from '../../engines/host/connect.ts';
import type { LaunchedProcess } from '../../engines/process/launch.ts';
import { launchNode } from '../../engines/process/launch-node.ts';
import { Mux } from './mux.ts';
import type { PoolOrder } from './pool-process.ts';

const KEPT_LINES = 50;

export class Pool {
  readonly #process: LaunchedProcess;
  readonly #mux: Mux;
  readonly #output: string[] = [];
  #engines: RemoteEngine[] = [];
  #made = 0;

  constructor() {
    this.#process = launchNode(
      (line) => {
        if (line.trim() !== '') this.#output.push(line);
        this.#output.splice(0, this.#output.length - KEPT_LINES);
      },
      entry(import.meta.url),
    );
    this.#mux = new Mux(this.#process.port);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Settles when the process is gone. */
  get ended(): Promise<unknown> {
    return this.#process.ended;
  }

  /** The last lines that the process printed: nobody should, but a crash has last words. */
  get output(): readonly string[] {
    return this.#output;
  }

  /**
   * An embedded engine in the process, not started.
   * @param relayLog gets its lines of received and sent messages
   * @throws as connectEngine
   */
  async engine(config: NodeConfig, relayLog: string): Promise<RemoteEngine> {
    const channel = this.#mux.open(this.#made++);
    channel.post({ kind: 'js', config, harnessPid: process.pid, relayLog } satisfies PoolOrder);
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
    this.#process.port.close();
    await this.#process.ended;
  }
}

/** Beside the source when run from source, beside the bundle when bundled. */
function entry(moduleUrl: string): string {
  const name = moduleUrl.endsWith('.ts') ? './pool-process.ts' : './pool-process.js';
  return fileURLToPath(new URL(name, moduleUrl));
}
