/** The engines of one test, or of a group that shares them; all are stopped and freed at the end. */
import { expect } from 'vitest';
import type { NodeConfigInput } from '../../core/engine/config.ts';
import type { EngineAdapter } from './adapter.ts';
import { watched } from './contract-watch.ts';
import { TestNode, TOPIC } from './test-node.ts';

export class Stage {
  readonly #adapter: EngineAdapter;
  readonly #endings: (() => Promise<void>)[] = [];
  readonly #breaches: string[] = [];

  constructor(adapter: EngineAdapter) {
    this.#adapter = adapter;
  }

  /** An engine that has not been started, on loopback and a free port. */
  async engine(config: NodeConfigInput = {}): Promise<TestNode> {
    const engine = await this.#adapter.create({ listenAddress: '127.0.0.1', ...config });
    this.atEnd(async () => {
      await engine.stop();
      await this.#adapter.dispose?.(engine);
    });
    return new TestNode(watched(engine, this.#breaches), config);
  }

  async node(config: NodeConfigInput = {}): Promise<TestNode> {
    const node = await this.engine(config);
    await node.start();
    return node;
  }

  /** Nodes with the same configuration, not connected. */
  async nodes(count: number, config: NodeConfigInput = {}): Promise<TestNode[]> {
    return Promise.all(Array.from({ length: count }, () => this.node(config)));
  }

  async pair(config: NodeConfigInput = {}): Promise<{ a: TestNode; b: TestNode }> {
    const [a, b] = await Promise.all([this.node(config), this.node(config)]);
    return { a, b };
  }

  /** Two nodes, each in the other's mesh. */
  async meshedPair(config: NodeConfigInput = {}): Promise<{ a: TestNode; b: TestNode }> {
    const { a, b } = await this.pair(config);
    await a.engine.connect(b.address);
    await Promise.all([a.untilMesh([b], TOPIC), b.untilMesh([a], TOPIC)]);
    return { a, b };
  }

  atEnd(ending: () => Promise<void>): void {
    this.#endings.push(ending);
  }

  /** Fails when anything that an engine said since the last time was not of the contract. */
  check(): void {
    expect([...new Set(this.#breaches.splice(0))]).toEqual([]);
  }

  /** Frees everything, and checks for the last time. */
  async end(): Promise<void> {
    const outcomes = await Promise.allSettled(this.#endings.reverse().map((ending) => ending()));
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    expect(failures).toEqual([]);
    this.check();
  }
}
