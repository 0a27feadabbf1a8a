/** Starts the program as a user does, hears what it prints, and ends it with the test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';
import { parseLine, type LineName, type Lines } from './cli-lines.ts';

export const ROOT = dirname(import.meta.dirname);

const WAIT_MS = 30_000;
// Processes on two cores that do other things as well: a wait must end before its test does, and say what it saw.
vi.setConfig({ testTimeout: 120_000 });

/** Of either stream, in the message of a failed wait. */
const QUOTED_LINES = 15;

export interface CliOptions {
  /** `./waku-desk` of the checkout by default. */
  program?: string;
  /** Nothing is run in the checkout itself, so that a relative path would show. */
  cwd?: string;
  /** Becomes standard input; without it there is none. `open`: what {@link CliProcess.type} gives it. */
  input?: string | Uint8Array | { open: true };
  /** Beside the user's own. */
  environment?: Readonly<Record<string, string>>;
  /** false: standard output is a pipe that nobody reads. */
  readsOutput?: boolean;
  /** Where the program keeps what belongs to its user; the real place by default. */
  dataHome?: string;
}

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** From the start of the process. */
  afterMs: number;
}

/** Started by this test process and not ended yet: none may outlive it. */
const running = new Set<CliProcess>();
process.on('exit', () => {
  for (const cli of running) cli.signal('SIGKILL');
});

/** One run of the program. Who makes it has to call {@link CliProcess.end}; see {@link startCli}. */
export class CliProcess {
  readonly args: readonly string[];
  /** Complete lines of standard output, without their line feeds. */
  readonly stdoutLines: string[] = [];
  stdout = '';
  stderr = '';
  exit: Exit | null = null;
  readonly #child: ChildProcess;
  readonly #events: { event: string }[] = [];
  readonly #startMs = performance.now();
  /** Called when there is more output, and at the end. */
  readonly #watchers = new Set<() => void>();
  #rest = '';

  constructor(args: readonly string[], options: CliOptions = {}) {
    const {
      program = join(ROOT, 'waku-desk'),
      cwd = '/',
      input,
      readsOutput = true,
      dataHome,
      environment = {},
    } = options;
    this.args = args;
    this.#child = spawn(program, args, {
      cwd,
      env: {
        ...userEnvironment(),
        ...(dataHome === undefined ? {} : { XDG_DATA_HOME: dataHome, LOCALAPPDATA: dataHome }),
        ...environment,
      },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    running.add(this);
    this.#child.once('error', (error) => {
      this.stderr += error.message;
      this.#ended(null, null);
    });
    // 'close' and not 'exit': then all of the output is here.
    this.#child.once(readsOutput ? 'close' : 'exit', (code: number | null, signal: NodeJS.Signals | null) => {
      this.#ended(code, signal);
    });
    const { stdin, stdout, stderr } = this.#child;
    if (readsOutput) readText(stdout, this.#heard.bind(this));
    readText(stderr, (text) => {
      this.stderr += text;
      this.#changed();
    });
    // It may end without having read its input.
    stdin?.on('error', () => undefined);
    if (typeof input === 'string' || input instanceof Uint8Array) stdin?.end(input);
  }

  /** A line of standard input, or a part of one. */
  type(text: string, end: '\n' | '\r' | '' = '\n'): void {
    this.#child.stdin?.write(text + end);
  }

  /** Standard input ends. */
  endInput(): void {
    this.#child.stdin?.end();
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** All lines of one kind so far. @throws Error when something else than NDJSON was printed */
  lines<Name extends LineName>(event: Name): Lines[Name][] {
    for (let i = this.#events.length; i < this.stdoutLines.length; i++)
      this.#events.push(parseLine(this.stdoutLines[i] ?? ''));
    return this.#events.filter((line) => line.event === event) as unknown as Lines[Name][];
  }

  /** The error that the program printed with --json. */
  error(): Lines['error'] {
    const line = this.stderr.split('\n').find((text) => text.startsWith('{"event":"error"'));
    if (line === undefined) throw this.#failure('no error was printed');
    return parseLine(line) as unknown as Lines['error'];
  }

  /** The first line of one kind, with `where` the first that it accepts. */
  waitFor<Name extends LineName>(
    event: Name,
    {
      where = () => true,
      timeoutMs = WAIT_MS,
    }: { where?: (line: Lines[Name]) => boolean; timeoutMs?: number } = {},
  ): Promise<Lines[Name]> {
    return this.until(`a line "${event}"`, () => this.lines(event).find(where), timeoutMs);
  }

  /** All lines of one kind, once there are `count`. */
  waitForCount<Name extends LineName>(
    event: Name,
    count: number,
    timeoutMs = WAIT_MS,
  ): Promise<Lines[Name][]> {
    const what = `${count} lines "${event}"`;
    return this.until(
      what,
      () => {
        const lines = this.lines(event);
        return lines.length >= count ? lines : undefined;
      },
      timeoutMs,
    );
  }

  /** Waits until `check` gives something; it is asked again after every output. */
  async until<T>(what: string, check: () => T | undefined, timeoutMs = WAIT_MS): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = check();
      if (found !== undefined) return found;
      if (this.exit !== null) throw this.#failure(`it ended before ${what}`);
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw this.#failure(`no ${what} within ${timeoutMs} ms`);
      await this.#change(leftMs);
    }
  }

  /** Resolves when the process is gone. */
  async waitForExit(timeoutMs = WAIT_MS): Promise<Exit> {
    const deadline = performance.now() + timeoutMs;
    while (this.exit === null) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw this.#failure(`it did not end within ${timeoutMs} ms`);
      await this.#change(leftMs);
    }
    return this.exit;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Sends a signal and waits for the end. @returns the exit, with the time since the signal */
  async terminate(name: NodeJS.Signals = 'SIGTERM', timeoutMs = WAIT_MS): Promise<Exit> {
    const startMs = performance.now();
    this.signal(name);
    const exit = await this.waitForExit(timeoutMs);
    return { ...exit, afterMs: performance.now() - startMs };
  }

  /** Kills it, if it still runs. */
  async end(): Promise<void> {
    if (this.exit !== null) return;
    this.signal('SIGKILL');
    this.#child.stdout?.resume();
    await this.waitForExit();
  }

  #heard(text: string): void {
    this.stdout += text;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.stdoutLines.push(line);
    this.#changed();
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.exit ??= { code, signal, afterMs: performance.now() - this.#startMs };
    running.delete(this);
    this.#changed();
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** Resolves at the next output, or after `atMostMs`. */
  async #change(atMostMs: number): Promise<void> {
    const timer = new AbortController();
    const changed = new Promise<void>((resolve) => {
      this.#watchers.add(resolve);
      timer.signal.addEventListener('abort', () => this.#watchers.delete(resolve));
    });
    const timedOut = delay(atMostMs, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([changed, timedOut]);
    timer.abort();
  }

  #failure(what: string): Error {
    const { code = null, signal = null } = this.exit ?? {};
    const state = this.exit === null ? 'still runs' : `ended with ${String(code ?? signal)}`;
    return new Error(
      [
        `waku-desk ${this.args.join(' ').slice(0, 300)}: ${what} (it ${state})`,
        `last lines on stdout: ${quoted(this.stdout)}`,
        `last lines on stderr: ${quoted(this.stderr)}`,
      ].join('\n'),
    );
  }
}

/** Starts the program for the running test; what still runs at its end is killed. */
export function startCli(args: readonly string[], options: CliOptions = {}): CliProcess {
  const cli = new CliProcess(args, options);
  onTestFinished(() => cli.end());
  return cli;
}

/** Runs the program to its end. */
export async function runCli(
  args: readonly string[],
  { timeoutMs = 30_000, ...options }: CliOptions & { timeoutMs?: number } = {},
): Promise<CliProcess & { exit: Exit }> {
  const cli = startCli(args, options);
  await cli.waitForExit(timeoutMs);
  return cli as CliProcess & { exit: Exit };
}

/**
 * The user's environment: the user's own Node comes first again (npm and vitest put the project's modern one
 * before it), and nothing of npm's and vitest's settings is left.
 */
export function userEnvironment(): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !/node_modules\/\.bin\/?$|node-gyp-bin\/?$/.test(folder));
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_|VITEST|TEST$|FORCE_COLOR$|NO_COLOR$)/.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}

function readText(stream: Readable | null, heard: (text: string) => void): void {
  stream?.setEncoding('utf8').on('data', heard);
}

function quoted(text: string): string {
  const lines = text.trimEnd().split('\n');
  return lines
    .slice(-QUOTED_LINES)
    .map((line) => `\n  ${line.slice(0, 400)}`)
    .join('');
}
