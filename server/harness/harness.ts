/**
 * One node and everything around it, for every window that looks at it: the capture, the node with its session, the
 * live feed. Hosts (the web host, the desktop app) connect their clients to it.
 */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import type { Capture } from '../../core/capture/capture.ts';
import { configuredTopics, type NodeConfig } from '../../core/engine/config.ts';
import type { CrashReport, ProcessFailure } from '../../core/engine/crash-report.ts';
import type { NodeIdentity } from '../../core/engine/engine.ts';
import { checkFits } from '../../core/engine/engine-capabilities.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import type { HostedEngine } from '../../core/engine/hosting.ts';
import { PROFILES, type EngineHost, type ProfileName } from '../../core/engine/profiles.ts';
import { redactor } from '../../core/engine/redact.ts';
import { Turns } from '../../core/engine/turns.ts';
import type { HostKind, Settings, SettingsChange, Snapshot } from '../../core/operations/live-values.ts';
import { withKey } from '../../engines/process/node-key.ts';
import { portOf } from '../../engines/process/port-of.ts';
import { AbsentEngine } from './absent-engine.ts';
import { CrashBook } from './crash-book.ts';
import { crashReport } from './crash-reports.ts';
import { Demo } from './demo.ts';
import { chooseEngine, type EngineChoice, type WantedEngine } from './engine-choice.ts';
import { EndWatch, type EndWatchOptions } from './end-watch.ts';
import type { History } from './history.ts';
import type { LiveFeed } from './live-feed.ts';
import { needsNewProcess, type NodeRunner } from './node-runner.ts';
import { makeRun, type Run } from './run.ts';
import { changedConfig, settingsOf } from './settings.ts';
import type { StreamBounds } from './stream-parts.ts';

export interface HarnessOptions {
  /**
   * Makes an engine that is not started yet; called again when the settings change, or the engine.
   * @param where as the user chose, or `engineHost` says; null where that is not there
   */
  createEngine: (config: NodeConfig, kind: EngineKind, where: EngineHost | null) => Promise<HostedEngine>;
  /** Where an engine runs that nobody moved; left out: nobody can choose that. */
  engineHost?: (kind: EngineKind) => EngineHost;
  /** To begin with: js by default. */
  engine?: EngineKind;
  /** A node library that the user named, for the doctor. */
  library?: string | undefined;
  config: NodeConfig;
  /** Stays the caller's to close, after the harness. */
  capture: Capture | null;
  version: string;
  profile?: ProfileName;
  /** What the windows are in; a browser by default. */
  host?: HostKind;
  /** A window opens also without the engine that is wanted first, and says why; otherwise there is no harness. */
  opensWithoutEngine?: boolean;
  /** Where crash reports are written; left out: they are in memory only. */
  crashFolder?: string;
  /** Hears of every crash, with the report's file where it could be written. */
  onCrash?: (report: CrashReport, file: string | null) => void;
  /** How a program that ended with the node in it is found at its next start; left out: it is not. */
  endWatch?: EndWatchOptions;
  maxSummaries?: number;
  streamBounds?: Partial<StreamBounds>;
}

export class Harness {
  readonly version: string;
  readonly profile: ProfileName;
  readonly host: HostKind;
  readonly capture: Capture | null;
  readonly library: string | undefined;
  /** How many windows look, and how many were let go because they stopped reading. Kept by the host. */
  readonly clients = { connected: 0, dropped: 0 };
  readonly demo = new Demo(this);
  readonly crashes: CrashBook;
  readonly #options: HarnessOptions;
  readonly #endWatch: EndWatch | null;
  readonly #runListeners = new Set<() => void>();
  #run: Run;
  readonly #turns = new Turns();
  readonly #reporting = new Turns();
  #closed = false;

  private constructor(
    options: HarnessOptions,
    engine: HostedEngine,
    config: NodeConfig,
    where: EngineHost | null,
  ) {
    this.#options = options;
    this.#endWatch = options.endWatch === undefined ? null : new EndWatch(options.endWatch);
    this.version = options.version;
    this.profile = options.profile ?? PROFILES.harness.name;
    this.host = options.host ?? 'browser';
    this.capture = options.capture;
    this.library = options.library;
    this.crashes = new CrashBook(options.crashFolder ?? null);
    this.#run = this.#newRun(engine, config, where);
  }

  /** Nothing is started yet. @throws WakuDeskError of the engine's making; nothing is left of it then */
  static async create(options: HarnessOptions): Promise<Harness> {
    const config = withKey(options.config);
    const kind = options.engine ?? 'js';
    const where = options.engineHost?.(kind) ?? null;
    const engine = await options.createEngine(config, kind, where).catch((error: unknown) => {
      if (options.opensWithoutEngine === true && error instanceof WakuDeskError)
        return new AbsentEngine(kind, error);
      throw error;
    });
    const harness = new Harness(options, engine, config, where);
    try {
      await harness.#lookBack(config);
    } catch (error) {
      await harness.close();
      throw error;
    }
    return harness;
  }

  get id(): string {
    return this.#run.id;
  }
  get node(): NodeRunner {
    return this.#run.node;
  }
  get history(): History {
    return this.#run.history;
  }
  get feed(): LiveFeed {
    return this.#run.feed;
  }

  get settings(): Settings {
    return settingsOf(this.#run.config);
  }

  /** Where the engine runs; null where nobody can choose that. */
  get engineHost(): EngineHost | null {
    return this.#run.engineHost;
  }

  /** How the program before this one ended, when not in order. */
  get previousEnd(): Snapshot['previousEnd'] {
    return this.#endWatch?.previous ?? null;
  }

  /** Called when streams of the feed and positions became void. @returns the unsubscribe */
  onNewRun(listener: () => void): () => void {
    this.#runListeners.add(listener);
    return () => {
      this.#runListeners.delete(listener);
    };
  }

  /**
   * A new session with these settings changed, and another engine or elsewhere if one is named; started if the node was running. A
   * node that does not start with them runs again with what was before, unless it had failed already.
   * @throws WakuDeskError CONFIG_INVALID, what the engine cannot do, or of its making, which change nothing; or of the start
   */
  changeSettings(change: SettingsChange, wanted: WantedEngine = {}): Promise<Settings> {
    return this.#turns.take(() => this.#change(change, wanted));
  }

  /**
   * An engine that could not be made before, or that starts only once in a process, is made anew.
   * @throws WakuDeskError of its making, and of the start
   */
  start(): Promise<NodeIdentity> {
    return this.#startOrMake(() => this.node.start());
  }

  /** Stops it first. @throws as {@link start} */
  restart(): Promise<NodeIdentity> {
    return this.#startOrMake(() => this.node.restartNow());
  }

  async #startOrMake(start: () => Promise<NodeIdentity>): Promise<NodeIdentity> {
    if (!(this.node.engine instanceof AbsentEngine))
      try {
        return await start();
      } catch (error) {
        if (!needsNewProcess(error)) throw error;
      }
    await this.changeSettings({});
    return this.node.start();
  }

  /** Stops the node; everything heard until then is in the capture. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.demo.stop();
    await this.#turns.settled();
    await this.#run.node.stop();
    await this.#run.node.engine.close?.();
    await this.#reporting.settled();
  }

  async #change(change: SettingsChange, wanted: WantedEngine): Promise<Settings> {
    const before = this.#run;
    const snapshot = before.node.session.snapshot();
    const config = withKey(changedConfig(before.config, snapshot, change));
    if (this.#closed) return this.settings;
    // Refused before anything is stopped.
    const { wantsRunning, engine } = before.node;
    const running = { kind: engine.info.kind, where: before.engineHost };
    const choice = chooseEngine(running, wanted, this.profile, this.#options.engineHost);
    configuredTopics(config);
    checkFits(choice.kind, config);
    const { identity, state } = snapshot;
    await this.#replace(config, choice, portOf(identity));
    if (!wantsRunning && state !== 'failed') return this.settings;
    try {
      await this.#run.node.start();
    } catch (error) {
      // Neither would what was before start in this process.
      if (wantsRunning && !needsNewProcess(error))
        await this.#goBack(before.config, running, portOf(identity));
      throw error;
    }
    return this.settings;
  }

  /** To settings that worked a moment ago; if they do not now, the state tells why. */
  async #goBack(config: NodeConfig, choice: EngineChoice, port: number | null): Promise<void> {
    await this.#replace(config, choice, port);
    this.#run.feed.note(
      'warn',
      'The node did not start with the new settings; those before are in force again.',
    );
    await this.#run.node.start().catch(() => undefined);
  }

  /** @param port of the node before: a free port stays the same one, since others know it by now */
  async #replace(config: NodeConfig, { kind, where }: EngineChoice, port: number | null): Promise<void> {
    const kept = config.tcpPort === 0 && port !== null ? { ...config, tcpPort: port } : config;
    const { node } = this.#run;
    const engine = await this.#options.createEngine(kept, kind, where);
    await node.stop();
    await node.engine.close?.();
    this.#run = this.#newRun(engine, config, where);
    for (const listener of this.#runListeners) listener();
  }

  #newRun(engine: HostedEngine, config: NodeConfig, engineHost: EngineHost | null): Run {
    const { version, capture, clients, crashes } = this;
    const { maxSummaries, streamBounds } = this.#options;
    return makeRun(engine, {
      config,
      engineHost,
      version,
      capture,
      clients,
      crashes,
      endWatch: this.#endWatch,
      maxSummaries,
      streamBounds,
      crashed: (failure, count, node, feed) => {
        void this.#reporting.take(() => this.#report(failure, count, node, feed));
      },
    });
  }

  /** A program before this one that did not end in order gets its report now. */
  async #lookBack(config: NodeConfig): Promise<void> {
    const report = (await this.#endWatch?.lookBack(this.capture, redactor(config))) ?? null;
    if (report !== null) await this.#keep(report, this.feed);
  }

  /** Never rejects. */
  async #report(failed: ProcessFailure, failure: number, node: NodeRunner, feed: LiveFeed): Promise<void> {
    // What was heard until then is in the capture, so that its position is the last one.
    await node.session.delivered();
    await this.#keep(
      crashReport(failed, { node, capture: this.capture, version: this.version, failure }),
      feed,
    );
  }

  async #keep(report: CrashReport, feed: LiveFeed): Promise<void> {
    const { summary, problem } = await this.crashes.add(report);
    if (problem !== null) feed.note('warn', `The crash report could not be written: ${problem}`);
    else if (summary.file !== null) feed.note('warn', `The crash report is in ${summary.file}.`);
    this.#options.onCrash?.(report, summary.file);
    feed.touch();
  }
}
