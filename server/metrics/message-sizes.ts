/** wakunode2's histogram of payloads, in kB. */
import type { Family } from './families.ts';

/** Those of libgowaku, so that the engines can be compared. */
const BOUNDS_KB = [0, 5, 15, 50, 100, 300, 700, 1_000, Infinity] as const;

export class MessageSizes {
  readonly #upTo = BOUNDS_KB.map(() => 0);
  #count = 0;
  #bytes = 0;

  add(payloadBytes: number): void {
    this.#count++;
    this.#bytes += payloadBytes;
    for (const [i, boundKb] of BOUNDS_KB.entries())
      if (payloadBytes <= boundKb * 1_000) this.#upTo[i] = (this.#upTo[i] ?? 0) + 1;
  }

  get count(): number {
    return this.#count;
  }

  family(): Family {
    const buckets = BOUNDS_KB.map((boundKb, i) => ({
      suffix: '_bucket',
      labels: { le: boundKb === Infinity ? '+Inf' : String(boundKb) },
      value: this.#upTo[i] ?? 0,
    }));
    const total = [
      { suffix: '_sum', value: this.#bytes / 1_000 },
      { suffix: '_count', value: this.#count },
    ];
    return { name: 'waku_histogram_message_size', type: 'histogram', samples: [...buckets, ...total] };
  }
}
