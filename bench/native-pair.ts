/** Pairs of nodes for the figures of the native engines: go-waku through our binding, and plain beside it. */
import { join } from 'node:path';
import type { EngineKind } from '../core/engine/capabilities.ts';
import { buildGoWaku } from '../native/go-waku/build.mjs';
import { EngineNode } from './engine-node.ts';
import type { EngineOrder } from './engine-worker.ts';
import type { Context } from './figure.ts';
import { Link, type BenchNode, type LinkOptions } from './link.ts';
import { LossError } from './load.ts';
import { buildPlainGoWaku } from './plain-build.mjs';
import { PlainNode } from './plain-node.ts';

/** Who is at both ends of a link. */
export type End = 'plain' | EngineEnd;

export interface EngineEnd {
  kind: EngineKind;
  runsIn: EngineOrder['runsIn'];
}

export const BINDING: EngineEnd = { kind: 'go-waku', runsIn: 'process' };
const MAX_ATTEMPTS = 5;
export const PLAIN_NAME = 'plain Go program, same go-waku';

/** What is measured, built where it is not there yet. */
export class NativePairs {
  readonly #context: Context;
  readonly #library: string;
  readonly #program: string;

  private constructor(context: Context, library: string, program: string) {
    this.#context = context;
    this.#library = library;
    this.#program = program;
  }

  /** Null, and a word why, where this machine has no Go. */
  static async find(context: Context): Promise<NativePairs | null> {
    const library = await buildGoWaku();
    const program = await buildPlainGoWaku();
    for (const build of [library, program]) if ('skipped' in build) context.progress(build.skipped);
    if ('skipped' in library || 'skipped' in program) return null;
    return new NativePairs(context, library.path, program.path);
  }

  /**
   * Works with two fresh nodes, that are stopped behind it. With plain ones again when they lose messages: go-waku's
   * subscription holds 1,024, which the binding does not read.
   * @throws LossError of the binding at once
   */
  async with<T>(end: End, options: LinkOptions, work: (link: Link) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const link = await this.open(end, options);
      try {
        return await work(link);
      } catch (error) {
        if (!(error instanceof LossError) || end !== 'plain' || attempt === MAX_ATTEMPTS) throw error;
        this.#context.progress(`the plain Go program: ${error.message}; again`);
      } finally {
        await link.close();
      }
    }
  }

  /** Two fresh nodes. */
  async open(end: End, options: LinkOptions): Promise<Link> {
    const receiver = await this.start(end);
    return Link.between(await this.start(end), receiver, options);
  }

  async start(end: End): Promise<BenchNode> {
    if (end === 'plain') return this.#context.use(await PlainNode.start(this.#program));
    return this.startEngine(end);
  }

  async startEngine({ kind, runsIn }: EngineEnd): Promise<EngineNode> {
    const nodeLog = join(await this.#context.makeFolder(), 'node.log');
    const place = { nodeLog, ...(kind === 'go-waku' && { library: this.#library }) };
    return this.#context.use(await EngineNode.start({ kind, runsIn, place }));
  }
}
