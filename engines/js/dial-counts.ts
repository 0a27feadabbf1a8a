/** Dials by their outcome, under the names of nim-libp2p and of nwaku's peer manager. */
import type { PeerOrigin } from '../../core/engine/events.ts';
import { counter, type Family } from '../../core/engine/metric-families.ts';

/** What nwaku calls where an address came from. */
const SOURCES: Partial<Record<PeerOrigin, string>> = { manual: 'api', static: 'static', discovered: 'mdns' };

export class DialCounts {
  #attempts = 0;
  #failures = 0;
  readonly #successes = new Map<string, number>(Object.values(SOURCES).map((source) => [source, 0]));

  /** Counts the dial, whose result it answers. */
  async count<T>(origin: PeerOrigin, dial: Promise<T>): Promise<T> {
    this.#attempts++;
    try {
      const connection = await dial;
      const source = SOURCES[origin] ?? origin;
      this.#successes.set(source, (this.#successes.get(source) ?? 0) + 1);
      return connection;
    } catch (error) {
      this.#failures++;
      throw error;
    }
  }

  families(): Family[] {
    const successful = [...this.#successes.values()].reduce((sum, count) => sum + count, 0);
    return [
      counter('libp2p_total_dial_attempts', this.#attempts),
      counter('libp2p_successful_dials', successful),
      counter('libp2p_failed_dials', this.#failures),
      counter('waku_peers_dials', [
        { labels: { outcome: 'successful' }, value: successful },
        { labels: { outcome: 'failed' }, value: this.#failures },
      ]),
      counter(
        'waku_node_conns_initiated',
        [...this.#successes].map(([source, value]) => ({ labels: { source }, value })),
      ),
    ];
  }
}
