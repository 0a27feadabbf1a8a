/**
 * Keeps one node running: an engine and its session, started again with growing pauses when the engine fails by
 * itself. Starts and stops come one after the other.
 */
import type { NodeConfig } from '../../core/engine/config.ts';
import type { Engine, NodeIdentity } from '../../core/engine/engine.ts';
import { describeCause } from '../../core/engine/errors.ts';
import { Turns } from '../../core/engine/turns.ts';
import { Session, type SessionOptions } from '../../core/session/session.ts';

/** Waiting before a failed node is started again: doubled from the first to the last. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A node that ran this long failed for a new reason. */
const STABLE_MS = 60_000;

export interface NodeRunnerOptions {
  engine: Engine;
  config: NodeConfig;
  capture: NonNullable<SessionOptions['capture']> | null;
  maxSummaries?: number | undefined;
  /** The status changed in a way that no event of the session tells. */
  changed: () => void;
  note: (level: 'info' | 'warn', text: string) => void;
}

export interface Restart {
  attempt: number;
  atMs: number;
}

export class NodeRunner {
  readonly engine: Engine;
  readonly session: Session;
  readonly #options: NodeRunnerOptions;
  #restart: Restart | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** It was up, and nobody stopped it since. */
  #wantsRunning = false;
  #starting = false;
  #attempts = 0;
  #startedMs = 0;
  readonly #turns = new Turns();

  constructor(options: NodeRunnerOptions) {
    const { engine, config, capture, maxSummaries } = options;
    this.#options = options;
    this.engine = engine;
    const memory = maxSummaries === undefined ? {} : { maxSummaries };
    this.session = new Session({ engine, config, capture, ...memory });
    // After the session's own listener, which has the gap by then.
    engine.onEvent((event) => {
      if (event.type === 'stateChanged' && event.state === 'failed') this.#failed();
    });
  }

  /** When a failed node is started again; null when none waits. */
  get restart(): Restart | null {
    return this.#restart;
  }

  get wantsRunning(): boolean {
    return this.#wantsRunning;
  }

  /** On a running node answers at once. A start that fails is not tried again. @throws as {@link Session.start} */
  start(): Promise<NodeIdentity> {
    this.#callOff();
    return this.#turns.take(() => this.#startWanted());
  }

  /** Idempotent. */
  stop(): Promise<void> {
    this.#wantsRunning = false;
    this.#callOff();
    return this.#turns.take(() => this.#stop());
  }

  /** @throws as {@link Session.start} */
  restartNow(): Promise<NodeIdentity> {
    this.#callOff();
    return this.#turns.take(async () => {
      await this.#stop();
      return this.#startWanted();
    });
  }

  async #stop(): Promise<void> {
    this.#wantsRunning = false;
    await this.session.stop();
    this.#options.changed();
  }

  async #startWanted(): Promise<NodeIdentity> {
    this.#wantsRunning = false;
    const identity = await this.#start();
    this.#wantsRunning = true;
    if (this.engine.state === 'failed') this.#failed();
    return identity;
  }

  async #start(): Promise<NodeIdentity> {
    this.#starting = true;
    try {
      const identity = await this.session.start();
      this.#startedMs = Date.now();
      return identity;
    } finally {
      this.#starting = false;
      this.#options.changed();
    }
  }

  /** Only a node that was up is started again; a start that fails tells its caller. */
  #failed(): void {
    if (!this.#wantsRunning || this.#starting || this.#restart !== null) return;
    if (Date.now() - this.#startedMs > STABLE_MS) this.#attempts = 0;
    this.#schedule();
  }

  #schedule(): void {
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.#attempts++, LONGEST_PAUSE_MS);
    this.#restart = { attempt: this.#attempts, atMs: Date.now() + pauseMs };
    this.#options.note('warn', `The node failed; it is started again in ${pauseMs / 1_000} s.`);
    this.#timer = setTimeout(() => {
      void this.#turns.take(() => this.#bringBack());
    }, pauseMs);
    this.#options.changed();
  }

  /** Never rejects: what fails is tried again. */
  async #bringBack(): Promise<void> {
    if (this.#restart === null) return;
    this.#restart = null;
    try {
      await this.#start();
      this.#options.note('info', 'The node runs again.');
      if (this.engine.state === 'failed') this.#failed();
    } catch (error) {
      this.#options.note('warn', `The node could not be started again: ${describeCause(error)}`);
      if (this.#wantsRunning) this.#schedule();
    }
  }

  #callOff(): void {
    clearTimeout(this.#timer);
    this.#attempts = 0;
    if (this.#restart === null) return;
    this.#restart = null;
    this.#options.changed();
  }
}
