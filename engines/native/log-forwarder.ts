/** Lines of a node library as log events: those of the wanted level, a bounded number of them. */
import { nowNs } from '../../core/engine/clock.ts';
import type { EngineEvent, LogLevel } from '../../core/engine/events.ts';
import type { LogLine } from './log-lines.ts';

const ORDER: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
/** More than people read; the rest is in node.log. */
const MAX_PER_SECOND = 50;
const MAX_TEXT = 2_000;

export class LogForwarder {
  readonly #emit: (event: EngineEvent) => void;
  readonly #least: number;
  #secondMs = 0;
  #told = 0;
  #leftOut = 0;
  /** A machine that is offline prints the same error every second. */
  #last = '';
  #repeats = 0;

  constructor(level: LogLevel, emit: (event: EngineEvent) => void) {
    this.#least = ORDER.indexOf(level);
    this.#emit = emit;
  }

  take({ level, component, text }: Extract<LogLine, { kind: 'words' }>, nowMs: number): void {
    if (ORDER.indexOf(level) < this.#least || text.trim() === '') return;
    if (nowMs - this.#secondMs >= 1_000) this.#newSecond(nowMs);
    if (text === this.#last) {
      this.#repeats++;
      return;
    }
    this.#tellRepeats();
    this.#last = text;
    if (this.#told >= MAX_PER_SECOND) {
      this.#leftOut++;
      return;
    }
    this.#told++;
    this.#tell(level, component, text);
  }

  #newSecond(nowMs: number): void {
    this.#secondMs = nowMs;
    this.#told = 0;
    if (this.#leftOut > 0)
      this.#tell('info', 'log', `${this.#leftOut} more lines stand in the node's log only.`);
    this.#leftOut = 0;
  }

  #tellRepeats(): void {
    if (this.#repeats > 0) this.#tell('info', 'log', `The line before came ${this.#repeats} more times.`);
    this.#repeats = 0;
  }

  #tell(level: LogLevel, component: string, text: string): void {
    // Lines are read as latin1, so that none of their bytes is lost.
    const words = Buffer.from(text.slice(0, MAX_TEXT), 'latin1').toString('utf8');
    this.#emit({ type: 'logged', level, component, text: words, atNs: nowNs() });
  }
}
