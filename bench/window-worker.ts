/** A worker process that is the window's host: a harness with capture and web host, and a fixture in the engine's place. */
import { setTimeout as delay } from 'node:timers/promises';
import { Capture } from '../core/capture/capture.ts';
import { parseNodeConfig } from '../core/engine/config.ts';
import { FixtureEngine } from '../core/session/fixture-engine.ts';
import { Harness } from '../server/harness/harness.ts';
import { startWebHost } from '../server/web/web-host.ts';
import { serve } from './rpc.ts';

const SLICE_MS = 10;
const ROOMS = 50;

const engine = new FixtureEngine();

const handlers = {
  /** @returns the window's address */
  async host({ dir, uiFolder }: { dir: string; uiFolder: string }): Promise<string> {
    const capture = await Capture.open(dir);
    const harness = await Harness.create({
      createEngine: () => Promise.resolve(engine),
      config: parseNodeConfig({}),
      capture,
      version: 'bench',
    });
    const host = await startWebHost({ harness, uiFolder, port: 0 });
    await harness.node.start();
    engine.emit({ type: 'stateChanged', state: 'running', error: null });
    return host.url;
  },

  /** Messages as from the network, evenly. @returns how many */
  async feed({ perSecond, seconds, payloadBytes }: FeedTask): Promise<number> {
    const payload = new Uint8Array(payloadBytes).fill(120);
    const startMs = performance.now();
    const total = perSecond * seconds;
    for (let sent = 0; sent < total;) {
      const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1_000) * perSecond));
      for (; sent < due; sent++) {
        const timestampNs = BigInt(Date.now()) * 1_000_000n + BigInt(sent % 1_000_000);
        engine.hear(
          { payload, contentTopic: `/bench/1/room-${sent % ROOMS}/proto`, timestampNs },
          {
            receivedNs: timestampNs,
            fromPeer: `16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bU${sent % 6}`,
          },
        );
      }
      await delay(SLICE_MS);
    }
    return total;
  },
};

interface FeedTask {
  perSecond: number;
  seconds: number;
  payloadBytes: number;
}

export type WindowHandlers = typeof handlers;
serve(handlers);
