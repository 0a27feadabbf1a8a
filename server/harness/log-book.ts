/** The newest lines of the log. The same text again is the same line, counted. */
import type { LogLevel } from '../../core/engine/events.ts';
import type { LogLine } from '../../core/operations/live-values.ts';

export interface NewLogLine {
  level: LogLevel;
  component: string;
  text: string;
  atNs: bigint;
}

/** Where a reader is: it has this line with so many repeats, and all before it. */
export interface LogCursor {
  id: number;
  repeats: number;
}

const MAX_LINES = 10_000;
const MAX_TEXT = 4_096;

export class LogBook {
  #lines: LogLine[] = [];
  #nextId = 0;

  add({ level, component, text, atNs }: NewLogLine): void {
    const shown = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
    const last = this.#lines.at(-1);
    if (last?.text === shown && last.component === component && last.level === level) {
      this.#lines[this.#lines.length - 1] = { ...last, lastNs: atNs, repeats: last.repeats + 1 };
      return;
    }
    const id = this.#nextId++;
    this.#lines.push({ id, level, component, text: shown, firstNs: atNs, lastNs: atNs, repeats: 1 });
    if (this.#lines.length > MAX_LINES) this.#lines = this.#lines.slice(MAX_LINES / 10);
  }

  get end(): LogCursor {
    const last = this.#lines.at(-1);
    return last === undefined ? { id: -1, repeats: 0 } : { id: last.id, repeats: last.repeats };
  }

  /** What is new behind a cursor, the newest `most` of it. */
  since({ id, repeats }: LogCursor, most: number): LogLine[] {
    const first = this.#lines[0]?.id ?? 0;
    const lines = this.#lines.slice(Math.max(0, id - first));
    const [known] = lines;
    if (known?.id === id && known.repeats === repeats) lines.shift();
    return lines.slice(-most);
  }

  /** The newest `count` lines before an id, oldest first. */
  page(count: number, beforeId = Infinity): LogLine[] {
    const first = this.#lines[0]?.id ?? 0;
    const end = Math.min(this.#lines.length, Math.max(0, beforeId - first));
    return this.#lines.slice(Math.max(0, end - count), end);
  }
}
