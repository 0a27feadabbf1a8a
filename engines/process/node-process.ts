/** One process with an engine in it, supervised. */
import type { ProcessEnd, ProcessFailure, Resources } from '../../core/engine/crash-report.ts';
import { WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import { connectEngine, type RemoteEngine } from '../host/connect.ts';
import { deathOf } from './failures.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { LaunchedProcess, LaunchProcess } from './launch.ts';
import type { NodeOrder } from './main.ts';
import { lastLines } from './node-log.ts';

export interface NodeListeners {
  /** A line that the process printed: nobody should, but libraries do, and last words of a crash. */
  printed: (line: string) => void;
  /** It ended by itself: heard before its engine's state changes, and also where there never was an engine. */
  died: (failure: ProcessFailure) => void;
  /** Takes secrets out of what is printed. */
  redact: (text: string) => string;
  /** Silence after which the process is ended; Infinity for who lets it stand still on purpose. */
  hangMs: number;
}

const MAX_LINE = 2_000;
const KEPT_LINES = 50;
/** A node that is busy for so long has lost its peers. */
export const HANG_MS = 10_000;

/**
 * Starts a process and connects to the engine in it, which is not started yet.
 * @throws WakuDeskError as the engine's making; ENGINE_FAILED when the process ended or does not answer
 */
export async function startNodeProcess(
  order: Omit<NodeOrder, 'harnessPid'>,
  listeners: NodeListeners,
  launch: LaunchProcess,
): Promise<NodeProcess> {
  const child = new Child(order, listeners, launch);
  return new NodeProcess(child, await child.connect(), listeners.hangMs);
}

/** With its engine connected. */
export class NodeProcess {
  readonly remote: RemoteEngine;
  /** Settles when the process is gone. */
  readonly ended: Promise<unknown>;
  readonly #child: Child;

  constructor(child: Child, remote: RemoteEngine, hangMs: number) {
    this.#child = child;
    this.remote = remote;
    this.ended = child.ended;
    const measure = async (): Promise<void> => {
      child.resources = (await remote.measure()) ?? child.resources;
    };
    void measure();
    const stopHeartbeat = startHeartbeat(measure, hangMs, () => {
      child.hangs(hangMs);
    });
    void this.ended.then(stopHeartbeat);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Of a process that ended by itself; null while it runs, and of one that was let go. */
  get failure(): ProcessFailure | null {
    return this.#child.failure;
  }

  /** The last measurement. */
  get resources(): Resources | null {
    return this.#child.resources;
  }

  /** What is known of the process at this moment, for a node in it that failed. */
  describe(end: ProcessEnd, error: ErrorData): ProcessFailure {
    return this.#child.describe(end, error);
  }

  kill(): void {
    this.#child.kill();
  }
}

class Child {
  /** Settles when the process is gone, and `failure` is known. */
  readonly ended: Promise<void>;
  failure: ProcessFailure | null = null;
  resources: Resources | null = null;
  readonly #process: LaunchedProcess;
  readonly #nodeLog: string | undefined;
  readonly #redact: (text: string) => string;
  readonly #startedMs = performance.now();
  readonly #output: string[] = [];
  #silentMs: number | null = null;
  #isLetGo = false;

  constructor(
    order: Omit<NodeOrder, 'harnessPid'>,
    { printed, died, redact }: NodeListeners,
    launch: LaunchProcess,
  ) {
    this.#nodeLog = order.place.nodeLog;
    this.#redact = redact;
    this.#process = launch((line) => {
      if (line.trim() !== '') printed(this.#keep(line));
    });
    // Before anybody listens to the port, so that the failure is known when the state changes.
    this.ended = this.#process.ended.then((end) => {
      if (this.#isLetGo) return;
      this.failure = this.#describeEnd(end);
      died(this.failure);
    });
    this.#process.port.post({ ...order, harnessPid: process.pid } satisfies NodeOrder);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** @throws as {@link startNodeProcess} */
  async connect(): Promise<RemoteEngine> {
    try {
      const { port } = this.#process;
      const close = (): void => {
        this.#isLetGo = true;
        port.close();
      };
      return await connectEngine({ ...port, close });
    } catch (error) {
      await this.ended;
      if (this.failure !== null) throw WakuDeskError.fromData(this.failure.error);
      if (error instanceof WakuDeskError && error.code !== 'TIMED_OUT') throw error;
      throw new WakuDeskError('ENGINE_FAILED', "The node's process does not answer.", {
        operation: 'engine.load',
        hint: 'Look at the log.',
        cause: error,
      });
    }
  }

  describe(end: ProcessEnd, error: ErrorData): ProcessFailure {
    const file = this.#nodeLog;
    const lines = file === undefined ? [] : lastLines(file, KEPT_LINES);
    return {
      end,
      error,
      pid: this.pid ?? null,
      upMs: Math.round(performance.now() - this.#startedMs),
      output: [...this.#output],
      nodeLog: file === undefined ? null : { file, lines: lines.map(this.#redact) },
      resources: this.resources,
    };
  }

  hangs(silentMs: number): void {
    this.#silentMs = silentMs;
    this.#process.kill();
  }

  kill(): void {
    this.#isLetGo = true;
    this.#process.kill();
  }

  #describeEnd(known: ProcessEnd): ProcessFailure {
    const end: ProcessEnd = this.#silentMs === null ? known : { kind: 'silent', silentMs: this.#silentMs };
    return this.describe(end, deathOf(end, this.#output.at(-1)));
  }

  #keep(line: string): string {
    const text = this.#redact(line.slice(0, MAX_LINE));
    this.#output.push(text);
    if (this.#output.length > KEPT_LINES) this.#output.shift();
    return text;
  }
}
