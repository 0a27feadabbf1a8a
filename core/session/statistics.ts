/** The session's counters. */
import type { SessionStatistics } from './types.ts';

const WINDOW_SECONDS = 5;

export class Statistics {
  readonly counts: Omit<SessionStatistics, 'messagesPerSecond'> = {
    received: 0,
    receivedBytes: 0,
    published: 0,
    publishedBytes: 0,
    duplicates: 0,
    refused: {},
    notCaptured: 0,
    dropped: 0,
  };
  /** Messages in each of the last seconds, by second modulo the window. */
  readonly #perSecond = Array.from({ length: WINDOW_SECONDS + 1 }, () => ({ second: -1, messages: 0 }));

  message(dir: 'in' | 'out', bytes: number, nowMs: number): void {
    if (dir === 'in') {
      this.counts.received++;
      this.counts.receivedBytes += bytes;
    } else {
      this.counts.published++;
      this.counts.publishedBytes += bytes;
    }
    const second = Math.floor(nowMs / 1_000);
    const slot = this.#perSecond[second % this.#perSecond.length];
    if (slot === undefined) return;
    if (slot.second !== second) {
      slot.second = second;
      slot.messages = 0;
    }
    slot.messages++;
  }

  refused(code: string): void {
    this.counts.refused[code] = (this.counts.refused[code] ?? 0) + 1;
  }

  /** A copy. The rate counts whole seconds before the current one. */
  read(nowMs: number): SessionStatistics {
    const second = Math.floor(nowMs / 1_000);
    const recent = this.#perSecond.filter(
      (slot) => slot.second < second && slot.second >= second - WINDOW_SECONDS,
    );
    const messages = recent.reduce((sum, slot) => sum + slot.messages, 0);
    return {
      ...this.counts,
      refused: { ...this.counts.refused },
      messagesPerSecond: messages / WINDOW_SECONDS,
    };
  }
}
