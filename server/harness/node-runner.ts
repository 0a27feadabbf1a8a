/**
 * Keeps one node running: an engine and its session, started again with growing pauses when the engine fails by
 * itself, until it fails too often. Starts and stops come one after the other.
 */
import type { NodeConfig } from '../../core/engine/config.ts';
import type { ProcessFailure } from '../../core/engine/crash-report.ts';
import type { NodeIdentity, TimedCallOptions } from '../../core/engine/engine.ts';
import { describeCause, WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import type { HostedEngine } from '../../core/engine/hosting.ts';
import { Turns } from '../../core/engine/turns.ts';
import { Session, type SessionOptions } from '../../core/session/session.ts';
import { ManualPeers } from './manual-peers.ts';
import { FAILURES_WITHIN_MS, RestartPolicy } from './restart-policy.ts';

export interface NodeRunnerOptions {
  engine: HostedEngine;
  config: NodeConfig;
  capture: NonNullable<SessionOptions['capture']> | null;
  maxSummaries?: number | undefined;
  /** The status changed in a way that no event of the session tells. */
  changed: () => void;
  note: (level: 'info' | 'warn', text: string) => void;
  /** The engine's process failed, as the `count`th time in a row. */
  crashed: (failure: ProcessFailure, count: number) => void;
}

/** Whether a start failed as any other in this process would. */
export function needsNewProcess(error: unknown): error is WakuDeskError {
  return error instanceof WakuDeskError && error.code === 'RESTART_NEEDS_NEW_PROCESS';
}

export interface Restart {
  attempt: number;
  atMs: number;
}

export class NodeRunner {
  readonly engine: HostedEngine;
  readonly session: Session;
  readonly #options: NodeRunnerOptions;
  readonly #manualPeers = new ManualPeers();
  #restart: Restart | null = null;
  #gaveUp: ErrorData | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** It was up, and nobody stopped it since. */
  #wantsRunning = false;
  #starting = false;
  /** Of the last failure. */
  #reason = '';
  readonly #policy = new RestartPolicy();
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
      if (event.type === 'stateChanged' && event.state === 'failed') {
        this.#reason = event.error?.message ?? '';
        this.#failed();
      }
    });
    engine.onFailure?.((failure) => {
      // A failure while it starts is counted when the start has failed.
      options.crashed(failure, Math.max(1, this.#policy.failures + (this.#starting ? 1 : 0)));
    });
  }

  /** When a failed node is started again; null when none waits. */
  get restart(): Restart | null {
    return this.#restart;
  }

  /** Why a failed node is not started again by itself any more; null while it is. */
  get gaveUp(): ErrorData | null {
    return this.#gaveUp;
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

  /** Peers connected by hand are connected again. @throws as {@link Session.start} */
  restartNow(): Promise<NodeIdentity> {
    this.#callOff();
    return this.#turns.take(async () => {
      await this.#stop();
      const identity = await this.#startWanted();
      this.#dialAgain();
      return identity;
    });
  }

  /** By hand: also after a restart. @throws as {@link Session.connect} */
  async connect(address: string, options?: TimedCallOptions): Promise<string> {
    const peerId = await this.session.connect(address, options);
    this.#manualPeers.connected(peerId, address);
    return peerId;
  }

  /** By hand: not connected again. @throws as {@link Session.disconnect} */
  disconnect(peerId: string): Promise<void> {
    this.#manualPeers.disconnected(peerId);
    return this.session.disconnect(peerId);
  }

  async #stop(): Promise<void> {
    this.#wantsRunning = false;
    await this.#manualPeers.stop();
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
    this.#schedule(Date.now() - this.#startedMs);
  }

  /** @param ranMs 0 where it did not even start */
  #schedule(ranMs: number): void {
    this.#manualPeers.callOff();
    const nowMs = Date.now();
    const pauseMs = this.#policy.failed(nowMs, ranMs);
    if (pauseMs === null) {
      this.#giveUp(this.#failedTooOften());
      return;
    }
    this.#restart = { attempt: this.#policy.attempts, atMs: nowMs + pauseMs };
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
      this.#dialAgain();
      if (this.engine.state === 'failed') this.#failed();
    } catch (error) {
      if (needsNewProcess(error)) {
        // Another try would meet it as well.
        this.#giveUp(this.#endedWithProcess(error));
        return;
      }
      this.#reason = describeCause(error);
      this.#options.note('warn', `The node could not be started again: ${this.#reason}`);
      if (this.#wantsRunning) this.#schedule(0);
    }
  }

  #giveUp(error: WakuDeskError): void {
    this.#gaveUp = error.toData();
    this.#options.note('warn', error.message);
    this.#options.changed();
  }

  #endedWithProcess({ code, message, hint }: WakuDeskError): WakuDeskError {
    return new WakuDeskError(code, `${this.#reason} ${message}`.trim(), { operation: 'node.restart', hint });
  }

  #failedTooOften(): WakuDeskError {
    const times = `${this.#policy.failures} times within ${FAILURES_WITHIN_MS / 60_000} minutes`;
    const message = `The node failed ${times} and is not started again.`;
    return new WakuDeskError('ENGINE_FAILED', message, {
      operation: 'node.restart',
      hint: 'Read the crash report, then start the node by hand.',
      cause: this.#reason,
    });
  }

  #dialAgain(): void {
    this.#manualPeers.dialAgain(this.session, (text) => {
      this.#options.note('warn', text);
    });
  }

  #callOff(): void {
    clearTimeout(this.#timer);
    this.#policy.reset();
    if (this.#restart === null && this.#gaveUp === null) return;
    this.#restart = null;
    this.#gaveUp = null;
    this.#options.changed();
  }
}
