/** What happens in a run, as lines of events.ndjson; and what goes wrong in it, for its result. */
import { asWakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import type { LineFile } from '../results/line-file.ts';

export interface RunProblem {
  /** After the beginning of the traffic; null before. */
  atMs: number | null;
  node: string | null;
  error: ErrorData;
}

const MOST_PROBLEMS = 1_000;

export class Journal {
  readonly problems: RunProblem[] = [];
  /** Told at the run's end when there were more than are kept. */
  moreProblems = 0;
  readonly #file: LineFile;
  readonly #progress: (text: string) => void;
  #trafficStartMs: number | null = null;

  constructor(file: LineFile, progress: (text: string) => void) {
    this.#file = file;
    this.#progress = progress;
  }

  /** Times count from here. */
  trafficBegins(): void {
    this.#trafficStartMs = performance.now();
  }

  /** After the beginning of the traffic, in ms; null before. */
  get atMs(): number | null {
    return this.#trafficStartMs === null ? null : performance.now() - this.#trafficStartMs;
  }

  note(event: string, fields: object = {}): void {
    this.#file.write(JSON.stringify({ at: new Date().toISOString(), atMs: this.atMs, event, ...fields }));
  }

  /** One line for people, and the event. */
  tell(text: string, event: string, fields: object = {}): void {
    this.note(event, fields);
    this.#progress(text);
  }

  problem(error: unknown, node: string | null = null): void {
    const known = asWakuDeskError(error, {
      code: 'ENGINE_FAILED',
      operation: 'sim.run',
      hint: 'Look at events.ndjson and the node.log of the node.',
    });
    const problem = { atMs: this.atMs, node, error: known.toData() };
    this.tell(
      `problem: ${node === null ? '' : `${node}: `}${known.message} [${known.code}]`,
      'problem',
      problem,
    );
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(problem);
    else this.moreProblems++;
  }
}
