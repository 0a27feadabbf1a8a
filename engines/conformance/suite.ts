/** How the suite registers its tests: skips with a reason, engines that are freed, engines that are shared. */
import { afterAll, beforeAll, it } from 'vitest';
import type { Capabilities, Support } from '../../core/engine/capabilities.ts';
import type { EngineInfo } from '../../core/engine/engine.ts';
import type { EngineAdapter } from './adapter.ts';
import { Stage } from './stage.ts';

type Body = (stage: Stage) => Promise<void>;

/** Capabilities that have one answer; discovery has several. */
type Need = { [K in keyof Capabilities]: Capabilities[K] extends Support ? K : never }[keyof Capabilities];

export interface TestOptions {
  /** Skipped, with the engine's reason, when it declares that it cannot. */
  needs?: Need;
  /** What holds of an engine that declares it cannot, checked before the skip. */
  otherwise?: (stage: Stage, support: Support & { supported: false }) => Promise<void>;
}

const TEST_TIMEOUT_MS = 45_000;

export class Suite {
  readonly adapter: EngineAdapter;
  readonly #titles = new Set<string>();
  /** Engines that tests share now. */
  readonly #shared = new Set<Stage>();
  #info: EngineInfo | null = null;

  constructor(adapter: EngineAdapter) {
    this.adapter = adapter;
  }

  /** Who the engine is; known within tests. */
  get info(): EngineInfo {
    if (this.#info === null) throw new Error('the engine is asked before the tests');
    return this.#info;
  }

  async ask(): Promise<void> {
    const stage = new Stage(this.adapter);
    this.#info = (await stage.engine()).engine.info;
    // What goes wrong here has a test of its own.
    await stage.end().catch(() => undefined);
  }

  test(title: string, body: Body, { needs, otherwise }: TestOptions = {}): void {
    this.#titles.add(title);
    it(title, { timeout: TEST_TIMEOUT_MS }, async (context) => {
      const limit = this.adapter.limits?.[title];
      if (limit !== undefined) context.skip(limit);
      const support = needs === undefined ? null : this.info.capabilities[needs];
      if (support?.supported !== false) {
        await this.#onStage(body);
        for (const stage of this.#shared) stage.check();
        return;
      }
      if (otherwise !== undefined) await this.#onStage((stage) => otherwise(stage, support));
      context.skip(support.reason);
    });
  }

  /** Engines that the tests of a group share. @returns how a test gets at them */
  shared<T>(prepare: (stage: Stage) => Promise<T>): () => T {
    const stage = new Stage(this.adapter);
    let ready: { value: T } | null = null;
    beforeAll(async () => {
      this.#shared.add(stage);
      ready = { value: await prepare(stage) };
    });
    afterAll(async () => {
      this.#shared.delete(stage);
      await stage.end();
    });
    return () => {
      if (ready === null) throw new Error('shared engines are for tests');
      return ready.value;
    };
  }

  /** Limits that no test has, known within tests: none may outlive its test. */
  unknownLimits(): string[] {
    return Object.keys(this.adapter.limits ?? {}).filter((title) => !this.#titles.has(title));
  }

  async #onStage(body: Body): Promise<void> {
    const stage = new Stage(this.adapter);
    try {
      await body(stage);
    } catch (error) {
      // The first failure is the one to read.
      await stage.end().catch(() => undefined);
      throw error;
    }
    await stage.end();
  }
}
