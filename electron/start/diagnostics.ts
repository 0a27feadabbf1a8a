/** What the app did since it was started, step by step with durations: in memory, on stderr, and in a file. */
import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

const MAX_LINES = 2_000;
const MAX_LINE = 2_000;

export class Diagnostics {
  readonly #startedMs = performance.now();
  readonly #print: (line: string) => void;
  readonly #lines: string[] = [];
  /** Everything that was left out, since memory and file are bounded. */
  #dropped = 0;
  #file: string | null = null;
  #step = 0;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** From now on, and what was before; the file of the run before is kept beside it. A disk that refuses costs the file only. */
  writeTo(file: string): void {
    try {
      mkdirSync(dirname(file), { recursive: true });
      try {
        renameSync(file, `${file}.1`);
      } catch {
        // There is none before the first run.
      }
      appendFileSync(file, this.text, { mode: 0o600 });
      this.#file = file;
    } catch (error) {
      this.note(`the log cannot be written: ${String(error)}`);
    }
  }

  get text(): string {
    const left = this.#dropped === 0 ? [] : [`… ${this.#dropped} lines were left out`];
    return [...this.#lines, ...left, ''].join('\n');
  }

  /** One step of the start, told with how long it took and how it ended. @throws what the work throws */
  step<T>(name: string, work: () => T): T {
    const number = ++this.#step;
    const beganMs = performance.now();
    const tell = (how: string): void => {
      this.note(`${number} ${name}: ${how}, ${Math.round(performance.now() - beganMs)} ms`);
    };
    const failed = (error: unknown): never => {
      tell(`failed (${error instanceof Error ? error.message : String(error)})`);
      throw error;
    };
    let result: T;
    try {
      result = work();
    } catch (error) {
      return failed(error);
    }
    if (result instanceof Promise)
      return result.then((value: unknown) => {
        tell('done');
        return value;
      }, failed) as T;
    tell('done');
    return result;
  }

  note(text: string): void {
    const sinceS = ((performance.now() - this.#startedMs) / 1_000).toFixed(3);
    const line = `${sinceS} ${text.replace(/[\r\n]+/g, ' ').slice(0, MAX_LINE)}`;
    this.#print(line);
    if (this.#lines.length >= MAX_LINES) {
      this.#dropped++;
      return;
    }
    this.#lines.push(line);
    if (this.#file === null) return;
    try {
      appendFileSync(this.#file, `${line}\n`);
    } catch {
      // The disk is full; memory has it.
    }
  }
}
