/** A worker process with a native engine over the fixture library, which pretends to be a node. */
import { FixtureEngine } from '../engines/native/fixture-engine.ts';
import { CLUSTER, durationMs, monotonicNs, SHARD } from './load.ts';
import { serve } from './rpc.ts';

const POLL_MS = 5;
const TIMEOUT_MS = 60_000;

const handlers = {
  /**
   * Starts a node that tells so many messages at once.
   * @returns ms from just before the start to the last message
   * @throws Error when one is missing
   */
  async burst(count: number): Promise<number> {
    const fixture = await FixtureEngine.create(
      { meshPeers: 1, incoming: count },
      { config: { clusterId: CLUSTER, shards: [SHARD] } },
    );
    let received = 0;
    let lastNs = 0n;
    fixture.engine.onEvent(({ type }) => {
      if (type !== 'messageReceived') return;
      received++;
      lastNs = monotonicNs();
    });
    const startNs = monotonicNs();
    await fixture.engine.start();
    while (received < count && durationMs(startNs, monotonicNs()) < TIMEOUT_MS)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const gaps = fixture.told('gapped').length;
    const hashes = new Set(fixture.told('messageReceived').map(({ claimedHash }) => claimedHash));
    await fixture.engine.stop();
    if (hashes.size !== count || received !== count || gaps > 0)
      throw new Error(
        `of ${count} events ${received} came, ${hashes.size} different ones, with ${gaps} gaps`,
      );
    return durationMs(startNs, lastNs);
  },
};

export type BurstHandlers = typeof handlers;
serve(handlers);
