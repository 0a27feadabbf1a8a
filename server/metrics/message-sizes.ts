/** Sizes of payloads: wakunode2's histogram, in kB, and its figures of each pubsub topic, in bytes. */
import { gauge, type Family } from '../../core/engine/metric-families.ts';

/** Those of libgowaku, so that the engines can be compared. */
const BOUNDS_KB = [0, 5, 15, 50, 100, 300, 700, 1_000, Infinity] as const;

interface OfTopic {
  count: number;
  total: number;
  max: number;
}

export class MessageSizes {
  readonly #upTo = BOUNDS_KB.map(() => 0);
  #count = 0;
  #bytes = 0;
  readonly #topics = new Map<string, OfTopic>();

  /** @param pubsubTopic one of this node's own: there is no bound on others */
  add(pubsubTopic: string, payloadBytes: number): void {
    this.#count++;
    this.#bytes += payloadBytes;
    let topic = this.#topics.get(pubsubTopic);
    if (topic === undefined) this.#topics.set(pubsubTopic, (topic = { count: 0, total: 0, max: 0 }));
    topic.count++;
    topic.total += payloadBytes;
    topic.max = Math.max(topic.max, payloadBytes);
    for (const [i, boundKb] of BOUNDS_KB.entries())
      if (payloadBytes <= boundKb * 1_000) this.#upTo[i] = (this.#upTo[i] ?? 0) + 1;
  }

  get count(): number {
    return this.#count;
  }

  families(): Family[] {
    const byTopic = (name: string, valueOf: (sizes: OfTopic) => number): Family =>
      gauge(
        `waku_relay_${name}_msg_bytes_per_shard`,
        [...this.#topics].map(([shard, sizes]) => ({ labels: { shard }, value: valueOf(sizes) })),
      );
    return [
      this.#histogram(),
      byTopic('avg', ({ count, total }) => total / count),
      byTopic('max', ({ max }) => max),
      byTopic('total', ({ total }) => total),
    ];
  }

  #histogram(): Family {
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
