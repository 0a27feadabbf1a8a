/** Very many events of a node library at once. */
import { buildBridge, buildFixtures } from '../native/build.mjs';
import type { BurstHandlers } from './burst-worker.ts';
import type { Figure } from './figure.ts';
import { makeRow } from './row.ts';
import { WorkerProcess } from './rpc.ts';

export const nativeBurst: Figure = {
  name: 'native-burst',
  about: 'messages/s of 100,000 messages that a library tells at once',
  besidePeer: false,
  how: `Through the bridge, the binding and the native engine; from just before the start of the engine to the last of
100,000 message events (--quick 20,000) with their log lines. What tells them is the fixture library of the tests,
which is no node: it tells as fast as it can, behind the subscription. Every event must arrive, once.`,
  async measure(context, quick) {
    await buildBridge();
    await buildFixtures();
    const [runs, count] = quick ? [3, 20_000] : [5, 100_000];
    const values: number[] = [];
    for (let run = 1; run <= runs; run++) {
      context.progress(`run ${run} of ${runs}`);
      const worker = context.use(new WorkerProcess<BurstHandlers>('./burst-worker.ts'));
      values.push((count / (await worker.call('burst', count))) * 1_000);
      await worker.stop();
    }
    return [makeRow('native-burst', 'messages/s', values)];
  },
};
