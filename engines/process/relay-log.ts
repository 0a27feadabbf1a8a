/** A file that gets an embedded node's lines of received and sent messages, as node libraries print theirs. */
import { open, rename, type FileHandle } from 'node:fs/promises';
import { describeCause } from '../../core/engine/errors.ts';
import { MAX_NODE_LOG_BYTES } from '../native/node-log.ts';
import { BEFORE } from './node-log.ts';

/** Waiting for the disk at most; beyond it lines are left out and counted. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

export interface RelayLogOptions {
  /** Hears once why the file gets no more lines. */
  onBroken: (why: string) => void;
  /** As of a library's node.log: half of it in the file, half in the one before. */
  maxBytes?: number;
}

export class RelayLog {
  readonly #path: string;
  readonly #onBroken: (why: string) => void;
  readonly #maxFileBytes: number;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #left = 0;
  #isBroken = false;
  #file: FileHandle | null = null;
  #writing: Promise<void> | null = null;

  /** Appends to the file, which is made where it is missing; a disk that refuses costs lines, never the node. */
  constructor(path: string, { onBroken, maxBytes = MAX_NODE_LOG_BYTES }: RelayLogOptions) {
    this.#path = path;
    this.#onBroken = onBroken;
    this.#maxFileBytes = maxBytes / 2;
    // A file that cannot be opened is told of at once.
    this.#writing = this.#write();
  }

  take(line: string): void {
    if (this.#isBroken) return;
    if (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#left++;
      return;
    }
    if (this.#left > 0) {
      const left = this.#left;
      this.#left = 0;
      this.#add(`${String(left)} lines of messages were left out here: the disk was too slow\n`);
    }
    this.#add(`${line}\n`);
    this.#writing ??= this.#write();
  }

  /** Resolves when what was taken is in the file. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file?.close();
    this.#file = null;
  }

  #add(text: string): void {
    this.#waiting.push(text);
    this.#waitingBytes += text.length;
  }

  /** Never rejects. */
  async #write(): Promise<void> {
    try {
      this.#file ??= await open(this.#path, 'a');
      while (this.#waiting.length > 0) {
        const text = this.#waiting.join('');
        this.#waiting = [];
        this.#waitingBytes = 0;
        this.#file = await this.#roomFor(Buffer.byteLength(text), this.#file);
        await this.#file.appendFile(text);
      }
    } catch (error) {
      this.#isBroken = true;
      this.#waiting = [];
      this.#onBroken(describeCause(error));
    }
    this.#writing = null;
  }

  /** The same file, or a new one where it would become too long. */
  async #roomFor(bytes: number, file: FileHandle): Promise<FileHandle> {
    const { size } = await file.stat();
    if (size === 0 || size + bytes <= this.#maxFileBytes) return file;
    await file.close();
    await rename(this.#path, this.#path + BEFORE);
    return open(this.#path, 'a');
  }
}
