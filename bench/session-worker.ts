/** A worker process with a session whose network is this process: what the session itself costs. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Capture } from '../core/capture/capture.ts';
import { parseNodeConfig } from '../core/engine/config.ts';
import { FixtureEngine } from '../core/session/fixture-engine.ts';
import { Session } from '../core/session/session.ts';
import { makePayload } from './load.ts';
import { serve } from './rpc.ts';

/** Messages of one turn of the event loop, and those that may be on their way to the subscriber. */
const TURN = 100;
const MAX_UNDELIVERED = 2_000;

const handlers = {
  /** @param captureDir null: no capture @returns messages/s from the engine's event to the subscriber's batch */
  async receive({ captureDir, count }: { captureDir: string | null; count: number }): Promise<number> {
    const capture = captureDir === null ? null : await Capture.open(captureDir);
    const engine = new FixtureEngine();
    const session = new Session({ engine, config: parseNodeConfig({}), capture });
    let delivered = 0;
    session.attach(({ messages }) => {
      delivered += messages.length;
    });
    const payloads = Array.from({ length: count }, (_none, index) => makePayload(0, index));
    const startMs = performance.now();
    for (const [index, payload] of payloads.entries()) {
      engine.hear({ payload });
      if (index % TURN === 0) await nextTurn();
      while (index - delivered > MAX_UNDELIVERED) await nextTurn();
    }
    while (delivered < count) await nextTurn();
    const tookMs = performance.now() - startMs;
    await capture?.close();
    return (count / tookMs) * 1_000;
  },
};

export type SessionHandlers = typeof handlers;
serve(handlers);
