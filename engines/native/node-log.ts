/**
 * node.log: what node libraries print. It belongs to the process, for descriptors 1 and 2 do, so there is one for
 * all nodes in it; lines that are data name the node.
 */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RelayLineListener } from '../../core/engine/relay-line.ts';
import { isTransferLine } from './log-lines.ts';
import {
  redirectOutput,
  restoreOutput,
  type BridgeLibrary,
  type SavedOutput,
} from '../../native/ffi/bridge-library.ts';

/** Half of it is in node.log, half in node.log.1, the one before. */
export const MAX_NODE_LOG_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
/** A line of a library that never ends it is cut. */
const MAX_LINE = 16_384;
/** How soon lines are read that come without any event. */
const IDLE_MS = 200;

export type LineListener = (lines: readonly string[]) => void;

let current: NodeLog | null = null;

/** Where this process's own output has gone since a node library was loaded; null while it is where it was. */
export function movedOutput(): SavedOutput | null {
  return current?.saved ?? null;
}

/**
 * What this process prints goes again where it did: for its end, when no node runs any more, so that its last words are
 * not in node.log. Idempotent.
 */
export function giveOutputBack(): void {
  current?.giveBack();
  current = null;
}

/** Hears the lines of this process's nodes that tell of messages received and sent. @returns the unsubscribe */
export function hearRelayLines(listener: RelayLineListener): () => void {
  const heard = (lines: readonly string[]): void => {
    for (const line of lines) if (isTransferLine(line)) listener(line);
  };
  return current?.onLines(heard) ?? ((): void => undefined);
}

/** The file that gets it then; null while there is none. */
export function nodeLogFile(): string | null {
  return current?.path ?? null;
}

export class NodeLog {
  readonly path: string;
  readonly saved: SavedOutput;
  readonly #bridge: BridgeLibrary;
  readonly #listeners = new Set<LineListener>();
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #descriptor: number;
  #inode: number;
  #position: number;
  /** The beginning of a line whose end is not there yet. */
  #rest = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(bridge: BridgeLibrary, path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.path = path;
    this.#bridge = bridge;
    this.saved = redirectOutput(bridge, path, MAX_NODE_LOG_BYTES);
    this.#descriptor = openSync(path, 'r');
    const { ino, size } = fstatSync(this.#descriptor);
    this.#inode = ino;
    // It is appended to: what was in it before is not of this process.
    this.#position = size;
  }

  /**
   * The log of this process; `path` counts the first time.
   * @throws WakuDeskError ENGINE_FAILED when the file cannot be written
   */
  static of(bridge: BridgeLibrary, path: string): NodeLog {
    current ??= new NodeLog(bridge, path);
    return current;
  }

  giveBack(): void {
    restoreOutput(this.#bridge);
  }

  /** Hears every line from now on. @returns the unsubscribe */
  onLines(listener: LineListener): () => void {
    if (this.#listeners.size === 0) {
      this.#position = fstatSync(this.#descriptor).size;
      this.#rest = '';
      this.#timer = setInterval(() => {
        this.read();
      }, IDLE_MS);
      this.#timer.unref();
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearInterval(this.#timer);
    };
  }

  /** Reads what was printed until now, and tells it. */
  read(): void {
    for (;;) {
      if (this.#readDescriptor()) continue;
      // The bridge begins a new file when this one is full, and all of this one has been read here.
      if (this.#position <= MAX_NODE_LOG_BYTES / 2) return;
      const now = statSync(this.path, { throwIfNoEntry: false });
      if (now === undefined || now.ino === this.#inode) return;
      // A thread may have written to the old file between the last look and its replacement.
      this.#readDescriptor();
      closeSync(this.#descriptor);
      this.#descriptor = openSync(this.path, 'r');
      this.#inode = now.ino;
      this.#position = 0;
    }
  }

  /** @returns whether there may be more */
  #readDescriptor(): boolean {
    const count = readSync(this.#descriptor, this.#chunk, 0, CHUNK_BYTES, this.#position);
    if (count === 0) return false;
    this.#position += count;
    // latin1 keeps every byte and costs least; the lines that are data are ASCII.
    const lines = (this.#rest + this.#chunk.toString('latin1', 0, count)).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, MAX_LINE);
    if (lines.length > 0) for (const listener of this.#listeners) listener(lines);
    return count === CHUNK_BYTES;
  }
}
