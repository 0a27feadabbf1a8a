/** All nodes of a run: made, started and ended together. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { withDeadline } from '../../core/engine/deadline.ts';
import { inParallel } from '../run/in-parallel.ts';
import type { RunPlan } from '../scenario/plan.ts';
import { Pool } from './pool.ts';
import { SimNode } from './sim-node.ts';

const AT_ONCE = 8;
/** A native library on a cold disk of a busy machine. */
const START_MS = 60_000;
const CLOSE_MS = 8_000;

export interface NodeSetOptions {
  plan: Pick<RunPlan, 'nodes' | 'scenario'>;
  /** Gets a folder for each node. */
  folder: string;
  library: string | undefined;
  signal: AbortSignal;
  problem: (error: unknown, node: string | null) => void;
}

export class NodeSet {
  readonly nodes: readonly SimNode[];
  readonly #pools: readonly Pool[];
  readonly #options: NodeSetOptions;
  #closing = false;

  private constructor(nodes: readonly SimNode[], pools: readonly Pool[], options: NodeSetOptions) {
    this.nodes = nodes;
    this.#pools = pools;
    this.#options = options;
    for (const pool of pools)
      void pool.ended.then(() => {
        if (!this.#closing && pool.output.length > 0)
          options.problem(new Error(pool.output.slice(-5).join('\n')), null);
      });
  }

  /** @returns null when one of them could not be made: why is told as a problem, and nothing is left behind */
  static async make(options: NodeSetOptions): Promise<NodeSet | null> {
    const { plan, folder, library, signal, problem } = options;
    const shared = plan.nodes.filter(({ isAlone }) => !isAlone).length;
    // Spread over the cores, for one process uses one of them.
    const poolCount = Math.min(availableParallelism(), shared);
    const pools = Array.from({ length: poolCount }, () => new Pool());
    const nodes: SimNode[] = [];
    const failed = { by: '' };
    await inParallel(plan.nodes, AT_ONCE, async (planned) => {
      if (failed.by !== '' || signal.aborted) return;
      try {
        const making = SimNode.make({
          planned,
          folder: join(folder, planned.name),
          pool: pools[planned.index % Math.max(1, poolCount)] ?? null,
          library,
          hasCapture: plan.scenario.capture,
        });
        nodes[planned.index] = await making;
      } catch (error) {
        failed.by = planned.name;
        problem(error, planned.name);
      }
    });
    const set = new NodeSet(nodes, pools, options);
    if (failed.by === '' && !signal.aborted) return set;
    await set.close();
    return null;
  }

  /** Whether all of these are up; why not is told as problems. */
  async start(nodes: readonly SimNode[]): Promise<boolean> {
    const { signal, problem } = this.#options;
    const failed = { by: '' };
    await inParallel(nodes, AT_ONCE, async (node) => {
      if (failed.by !== '' || this.#isInterrupted()) return;
      try {
        await withDeadline('sim.start', { timeoutMs: START_MS, signal }, () => node.start());
      } catch (error) {
        failed.by = node.name;
        if (!this.#isInterrupted()) problem(error, node.name);
      }
    });
    return failed.by === '' && !this.#isInterrupted();
  }

  #isInterrupted(): boolean {
    return this.#options.signal.aborted;
  }

  /** Ends everything, at the latest after some seconds. */
  async close(): Promise<void> {
    this.#closing = true;
    const { problem } = this.#options;
    const all = Promise.all(
      this.nodes.map((node) =>
        node.close().catch((error: unknown) => {
          problem(error, node.name);
        }),
      ),
    );
    await withDeadline('sim.close', { timeoutMs: CLOSE_MS }, () => all).catch((error: unknown) => {
      problem(error, null);
    });
    await Promise.all(this.#pools.map((pool) => pool.close()));
  }

  /** How many nodes live in its process. */
  sharing(node: SimNode): number {
    return node.pool === null ? 1 : this.nodes.filter(({ pool }) => pool === node.pool).length;
  }
}
