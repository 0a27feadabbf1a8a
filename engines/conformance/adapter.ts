/** What an engine brings to the suite. */
import type { NodeConfigInput } from '../../core/engine/config.ts';
import type { Engine } from '../../core/engine/engine.ts';

export interface EngineAdapter {
  /** Heads the engine's tests in the report. */
  name: string;
  /** A new engine, not started. Several live at the same time. */
  create(config: NodeConfigInput): Engine | Promise<Engine>;
  /** Frees what `create` took; called once per engine, after its stop. */
  dispose?(engine: Engine): Promise<void>;
  /**
   * In how many lanes groups of tests run at the same time: for engines in processes of their own, which do not take
   * each other's turns. 1 by default.
   */
  lanes?: number;
  /**
   * Tests that the engine cannot pass: the test's title, and the reason that the report prints. What `info`
   * declares as unsupported needs no entry. A title that no test has is an error.
   */
  limits?: Readonly<Record<string, string>>;
}
