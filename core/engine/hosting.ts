/** What an engine that has a process of its own offers beside the contract. */
import type { ProcessFailure, Resources } from './crash-report.ts';
import type { Engine } from './engine.ts';

export interface Hosting {
  /** What the process took of its machine a moment ago; null before the first sample and when it is gone. */
  readonly resources: Resources | null;
  /**
   * Hears that the process ended by itself, or that a node which ran failed: after the change of state.
   * @returns the unsubscribe
   */
  onFailure(listener: (failure: ProcessFailure) => void): () => void;
  /** Ends the process, also of a node that was never started. Idempotent. */
  close(): void | Promise<void>;
}

/** An engine wherever it runs. */
export type HostedEngine = Engine & Partial<Hosting>;
