/** What is typed: lines of a terminal, under which lines of others appear, or of a pipe. */
import { createInterface, type Interface } from 'node:readline';
import { WriteStream } from 'node:tty';
import type { Output } from './output.ts';

export class ChatInput {
  /** Somebody types and reads at the same place. */
  readonly isTerminal: boolean;
  readonly #output: Output;
  #reader: Interface | null = null;

  constructor(output: Output) {
    this.#output = output;
    this.isTerminal = process.stdin.isTTY && output.stdout instanceof WriteStream && !output.json;
  }

  /** Ends with the input, or through the signal. @param nick stands before what is typed */
  async *lines(nick: string, signal: AbortSignal): AsyncGenerator<string, void> {
    const reader = createInterface({
      input: process.stdin,
      ...(this.isTerminal && { output: this.#output.stdout, terminal: true }),
      crlfDelay: Infinity,
      signal,
    });
    // A terminal in raw mode leaves Ctrl-C to its reader.
    reader.on('SIGINT', () => {
      process.kill(process.pid, 'SIGINT');
    });
    this.#reader = reader;
    this.prompt(nick);
    try {
      for await (const line of reader) {
        yield line;
        this.#redraw();
      }
    } finally {
      this.#reader = null;
      reader.close();
      process.stdin.unref();
    }
  }

  prompt(nick: string): void {
    this.#reader?.setPrompt(`${nick}> `);
    this.#redraw();
  }

  /** Prints above the line that is being typed. */
  above(print: () => void): void {
    if (this.isTerminal && this.#reader !== null) this.#output.stdout.write('\r\u001b[K');
    print();
    this.#redraw();
  }

  #redraw(): void {
    if (this.isTerminal) this.#reader?.prompt(true);
  }
}
