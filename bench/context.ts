/** Keeps what a figure starts, and ends it: also when the figure fails, or the benchmark itself is killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { WatchdogMessage } from '../e2e/cmd-waku/cmd-waku.ts';
import type { Context, Stoppable } from './figure.ts';

/** The end-to-end tests' own: ends processes and removes folders when its parent is gone, however it ended. */
const WATCHDOG = fileURLToPath(new URL('../e2e/cmd-waku/watchdog.mjs', import.meta.url));

/** What lives as long as one figure is measured. */
export class FigureContext implements Context {
  readonly peer: Context['peer'];
  readonly progress: Context['progress'];
  readonly #root: string;
  readonly #watchdog: Writable;
  readonly #resources: Stoppable[] = [];
  #ending: Promise<void> | null = null;

  static async begin(peer: Context['peer'], progress: Context['progress']): Promise<FigureContext> {
    return new FigureContext(peer, progress, await mkdtemp(join(tmpdir(), 'waku-desk-bench-')));
  }

  private constructor(peer: Context['peer'], progress: Context['progress'], root: string) {
    this.peer = peer;
    this.progress = progress;
    this.#root = root;
    // Detached: it must outlive a Ctrl-C, which goes to the whole process group.
    const { stdin } = spawn(process.execPath, [WATCHDOG], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#watchdog = stdin;
    this.#tell({ watch: { pid: process.pid, workDir: root } });
  }

  use<T extends Stoppable>(resource: T): T {
    this.#resources.push(resource);
    return resource;
  }

  guard(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined) return;
    this.#tell({ watch: { pid, workDir: join(this.#root, `of-${pid}`) } });
    child.once('exit', () => {
      this.#tell({ forget: pid });
    });
  }

  makeFolder(): Promise<string> {
    return mkdtemp(join(this.#root, 'folder-'));
  }

  /** Stops everything, the newest first, and removes the folders. Idempotent. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    for (let resource = this.#resources.pop(); resource !== undefined; resource = this.#resources.pop())
      await resource.stop();
    await rm(this.#root, { recursive: true, force: true, maxRetries: 5 });
    this.#tell({ forget: process.pid });
    this.#watchdog.end();
  }

  #tell(message: WatchdogMessage): void {
    if (this.#watchdog.writable) this.#watchdog.write(`${JSON.stringify(message)}\n`);
  }
}
