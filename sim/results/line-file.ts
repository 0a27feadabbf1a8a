/** A file of lines that never holds up who writes to it: bounded, and a full disk costs lines that are counted. */
import { open, type FileHandle } from 'node:fs/promises';
import { describeCause } from '../../core/engine/errors.ts';

const MOST_WAITING = 32 * 1024 * 1024;

export class LineFile {
  readonly path: string;
  /** Lines that the disk or the queue did not take. */
  lost = 0;
  /** Why, in words. */
  failure: string | null = null;
  readonly #file: FileHandle;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #pumping: Promise<void> | null = null;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** Makes the file anew. @throws where that fails */
  static async create(path: string, head?: string): Promise<LineFile> {
    const file = new LineFile(path, await open(path, 'w'));
    if (head !== undefined) file.write(head);
    return file;
  }

  write(line: string): void {
    if (this.#waitingCharacters + line.length > MOST_WAITING) {
      this.lost++;
      this.failure ??= 'the disk is too slow';
      return;
    }
    this.#waiting.push(line);
    this.#waitingCharacters += line.length;
    this.#pumping ??= this.#pump();
  }

  /** Everything written until now is with the system. */
  async flushed(): Promise<void> {
    await this.#pumping;
  }

  async close(): Promise<void> {
    await this.#pumping;
    await this.#file.close().catch(() => undefined);
  }

  async #pump(): Promise<void> {
    // What comes in this turn goes in one write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      this.#waitingCharacters = 0;
      try {
        await this.#file.appendFile(`${lines.join('\n')}\n`);
      } catch (error) {
        this.lost += lines.length;
        this.failure ??= describeCause(error);
      }
    }
    this.#pumping = null;
  }
}
