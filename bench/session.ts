/** What the session costs between the engine and its subscribers. */
import { join } from 'node:path';
import type { Context, Figure } from './figure.ts';
import { makeRow } from './row.ts';
import { WorkerProcess } from './rpc.ts';
import type { SessionHandlers } from './session-worker.ts';

const WARM_UP = 5_000;

export const session: Figure = {
  name: 'session',
  about: 'messages/s through the session alone, without and with a capture',
  besidePeer: false,
  how: `Messages of 1 KiB made in the process itself go through core/session (relay rules, hash, duplicates,
summary, batch) to one subscriber, at most 2,000 on their way at a time; with a capture each is on disk before.
50,000 messages (--quick 10,000) in a fresh process for each run; 5,000 before them warm up and are not counted.`,
  async measure(context, quick) {
    const runs = quick ? 3 : 5;
    const count = quick ? 10_000 : 50_000;
    const plain: number[] = [];
    const captured: number[] = [];
    for (let run = 1; run <= runs; run++) {
      context.progress(`run ${run} of ${runs}`);
      plain.push(await oneRun(context, null, count));
      captured.push(await oneRun(context, await context.makeFolder(), count));
    }
    return [makeRow('session', 'messages/s', plain), makeRow('session.captured', 'messages/s', captured)];
  },
};

async function oneRun(context: Context, folder: string | null, count: number): Promise<number> {
  const dir = (name: string): string | null => (folder === null ? null : join(folder, name));
  const worker = context.use(new WorkerProcess<SessionHandlers>('./session-worker.ts'));
  await worker.call('receive', { captureDir: dir('warm-up'), count: WARM_UP });
  const rate = await worker.call('receive', { captureDir: dir('counted'), count });
  await worker.stop();
  return rate;
}
