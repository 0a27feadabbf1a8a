/** Processes that the check starts; it ends every one of them. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

const QUOTED_BYTES = 8_000;
const QUOTED_LINES = 3;
const STOP_MS = 10_000;

const running = new Set<Started>();
process.on('exit', () => {
  for (const started of running) started.kill();
});

/** One process and what it says. */
export class Started {
  readonly child: ChildProcess;
  /** The end of its standard error. */
  words = '';
  readonly #lines: string[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(command: string, args: readonly string[], options: SpawnOptions = {}) {
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    running.add(this);
    this.#hear(this.child.stdout, (line) => this.#lines.push(line));
    this.#hear(this.child.stderr, (line) => (this.words = `${this.words}${line}\n`.slice(-QUOTED_BYTES)));
    const ended = (): void => {
      running.delete(this);
      this.#tell();
    };
    this.child.once('exit', ended);
    this.child.once('error', (error) => {
      this.words += error.message;
      ended();
    });
  }

  get isRunning(): boolean {
    return running.has(this);
  }

  /** The last of what it said, for a message; Chromium complains of much that is not missed. */
  get lastWords(): string {
    const lines = this.words
      .split('\n')
      .filter((line) => line !== '' && !/^\[\d+:\d+\/.*(ERROR|WARNING):/.test(line));
    return lines.length === 0 ? '' : `; it said: ${lines.slice(-QUOTED_LINES).join(' | ')}`;
  }

  /** What `find` makes of a line of standard output, that was or that comes. @throws when none comes */
  async find<T>(what: string, timeoutMs: number, find: (line: string) => T | null): Promise<T> {
    let seen = 0;
    return this.until(what, timeoutMs, () => {
      for (; seen < this.#lines.length; seen += 1) {
        const found = find(this.#lines[seen] ?? '');
        if (found !== null) return found;
      }
      return null;
    });
  }

  /** What `look` gives when it is not null; asked after each line. @throws at the process's end, and when time is up */
  until<T>(what: string, timeoutMs: number, look: () => T | null): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(watch);
        act();
      };
      const fail = (why: string): void => {
        settle(() => {
          reject(new Error(`${what}: ${why}${this.lastWords}`));
        });
      };
      const watch = (): void => {
        const found = look();
        if (found !== null)
          settle(() => {
            resolve(found);
          });
        else if (!this.isRunning) fail('the process has ended');
      };
      const timer = setTimeout(() => {
        fail(`nothing within ${timeoutMs / 1_000} s`);
      }, timeoutMs);
      this.#watchers.add(watch);
      watch();
    });
  }

  /** In order, by force after ten seconds. @returns whether it ended in order */
  async stop(): Promise<boolean> {
    if (!this.isRunning) return true;
    let inOrder = true;
    const timer = setTimeout(() => {
      inOrder = false;
      this.kill();
    }, STOP_MS);
    this.child.kill('SIGTERM');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    clearTimeout(timer);
    return inOrder;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  #hear(stream: Readable | null, take: (line: string) => unknown): void {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
      this.#tell();
    });
  }

  #tell(): void {
    for (const watch of [...this.#watchers]) watch();
  }
}
