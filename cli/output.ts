/** What a command prints: NDJSON or lines for people on standard output, everything else on standard error. */
import type { Writable } from 'node:stream';
import type { WakuDeskError } from '../core/engine/errors.ts';
import { writableOf, type MovedOutput } from './moved-output.ts';

export class Output {
  readonly json: boolean;
  #stdout: Writable;
  #stderr: Writable;
  #onClosed: () => void = () => undefined;
  #closed = false;
  #drain: Promise<void> | null = null;

  constructor(json: boolean, stdout: Writable = process.stdout, stderr: Writable = process.stderr) {
    this.json = json;
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  /** Called when the reader of standard output is gone: nobody is left to work for. */
  onClosed(listener: () => void): void {
    this.#onClosed = listener;
    this.#watch();
  }

  /** A node library took descriptors 1 and 2 of this process: goes on writing to where they led before. */
  moveTo(moved: MovedOutput | null): void {
    if (moved?.stdout !== undefined) {
      this.#stdout = writableOf(moved.stdout);
      this.#watch();
    }
    if (moved?.stderr !== undefined) this.#stderr = writableOf(moved.stderr);
  }

  /** Where results go now, for who has to draw on it. */
  get stdout(): Writable {
    return this.#stdout;
  }

  /** Called when everything that was printed has been written. */
  onFlushed(listener: () => void): void {
    this.#stdout.write('', listener);
  }

  /** One result: as JSON with `event` first, or the text for people (none: nothing is printed for them). */
  result(event: string, fields: object, text: string | null): void {
    if (this.json) this.#write(toJson({ event, ...fields }));
    else if (text !== null) this.#write(text);
  }

  /** A remark for people beside the results. */
  note(text: string): void {
    this.#stderr.write(`${printable(text)}\n`);
  }

  /** The program's own text, on standard error. */
  help(text: string): void {
    this.#stderr.write(`${text}\n`);
  }

  error(error: WakuDeskError): void {
    if (this.json) {
      this.#stderr.write(`${toJson({ event: 'error', ...error.toData() })}\n`);
      return;
    }
    // A filter's message points at the place in lines of its own.
    const message = error.message.split('\n').map(printable).join('\n');
    this.#stderr.write(`error: ${message} [${error.code}]\n  next: ${printable(error.hint)}\n`);
  }

  /** Resolves at once, or when a slow reader has taken what was written: the bound of a fast stream. */
  drained(): Promise<void> {
    if (!this.#stdout.writableNeedDrain || this.#closed) return Promise.resolve();
    // One listener, however many wait.
    this.#drain ??= new Promise((resolve) => {
      this.#stdout.once('drain', () => {
        this.#drain = null;
        resolve();
      });
    });
    return this.#drain;
  }

  #watch(): void {
    this.#stdout.on('error', () => {
      if (this.#closed) return;
      this.#closed = true;
      this.#onClosed();
    });
  }

  #write(line: string): void {
    if (!this.#closed) this.#stdout.write(`${line}\n`);
  }
}

/** JSON of plain data; bigint becomes a decimal string. */
function toJson(value: object): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'bigint' ? field.toString() : field,
  );
}

// Controls, the C1 set, the other line ends, and the marks that turn the direction of writing.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text from the network for one line of a terminal: line ends and escape sequences become visible. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : '\ufffd';
  });
}
