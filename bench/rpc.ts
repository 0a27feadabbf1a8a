/** Calls from the benchmark to its worker processes. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A worker's functions: one structured-cloneable argument each. */
export type Handlers = Record<string, (argument: never) => Promise<unknown>>;
type Argument<Handler> = Handler extends (argument: infer A) => Promise<unknown> ? A : never;
type Answer<Handler> = Handler extends (argument: never) => Promise<infer R> ? R : never;

interface Request {
  id: number;
  name: string;
  argument: unknown;
}

type Reply = { id: number; value: unknown } | { id: number; failure: string };

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

const CALL_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 5_000;

/** In the worker: answers calls until the benchmark is gone. */
export function serve(handlers: Handlers): void {
  const send = (reply: Reply): void => {
    // Nobody waits for it when the benchmark is gone.
    process.send?.(reply, undefined, undefined, () => undefined);
  };
  process.on('message', ({ id, name, argument }: Request) => {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`the worker has no ${name}`);
    // The benchmark's side is typed: it can pass nothing else than the handler's argument.
    handler(argument as never).then(
      (value) => {
        send({ id, value });
      },
      (error: unknown) => {
        send({ id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      },
    );
  });
  process.on('disconnect', () => {
    process.exit();
  });
}

/** A worker process; it runs from the sources, under the Node that runs the benchmark. */
export class WorkerProcess<H extends Handlers> {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** @param name of the file in this folder @param execArgv flags for Node, such as --cpu-prof */
  constructor(name: string, execArgv: string[] = []) {
    this.#child = fork(new URL(name, import.meta.url), {
      serialization: 'advanced',
      execArgv,
      // Standard output belongs to the figures.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.#exited = once(this.#child, 'exit');
    this.#child.on('message', (reply: Reply) => {
      const call = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('failure' in reply) call?.reject(new Error(reply.failure));
      else call?.resolve(reply.value);
    });
    this.#child.on('exit', (code, signal) => {
      for (const call of this.#waiting.values())
        call.reject(new Error(`${name} ended with ${String(code ?? signal)}`));
    });
  }

  /** @throws Error of the handler, or after three minutes */
  async call<Name extends keyof H & string>(
    name: Name,
    argument: Argument<H[Name]>,
  ): Promise<Answer<H[Name]>> {
    const id = ++this.#lastId;
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = new Promise<unknown>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        timer = setTimeout(() => {
          reject(new Error(`${name} did not answer within ${CALL_TIMEOUT_MS / 1_000} s`));
        }, CALL_TIMEOUT_MS);
        this.#child.send({ id, name, argument } satisfies Request, (error) => {
          if (error !== null) reject(error);
        });
      });
      // The worker's side is typed by the same handlers.
      return (await answer) as Answer<H[Name]>;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  get isRunning(): boolean {
    return this.#child.connected;
  }

  /** Ends the process, by force after five seconds. Idempotent. */
  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Ends the process at once, as a crash would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
