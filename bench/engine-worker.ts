/** A worker process with one engine, without a session: in the process itself, or in a child of it. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineKind } from '../core/engine/capabilities.ts';
import { nowNs } from '../core/engine/clock.ts';
import { parseNodeConfig } from '../core/engine/config.ts';
import type { Engine } from '../core/engine/engine.ts';
import { createEngine, type EnginePlace } from '../engines/process/create-engine.ts';
import { ProcessEngine } from '../engines/process/process-engine.ts';
import {
  CLUSTER,
  CONTENT_TOPIC,
  makePayload,
  monotonicNs,
  PUBSUB_TOPIC,
  SHARD,
  Tally,
  whenDue,
  type Receipt,
  type Sending,
} from './load.ts';
import { serve } from './rpc.ts';

const CONNECT_TIMEOUT_MS = 20_000;
const POLL_MS = 10;
const NO_BYTES = new Uint8Array(0);

export interface EngineOrder {
  kind: EngineKind;
  /** Where the node runs, seen from the process that publishes and counts. */
  runsIn: 'process' | 'child';
  place: EnginePlace;
}

let running: Engine | null = null;
let tally: Tally | null = null;

function engine(): Engine {
  if (running === null) throw new Error('start comes first');
  return running;
}

const handlers = {
  /** @returns the multiaddr */
  async start({ kind, runsIn, place }: EngineOrder): Promise<string> {
    const config = parseNodeConfig({ clusterId: CLUSTER, shards: [SHARD] });
    running =
      runsIn === 'child'
        ? await ProcessEngine.create(kind, config, place)
        : await createEngine(kind, config, place);
    running.onEvent((event) => {
      if (event.type === 'messageReceived' && !event.own) tally?.add(event.message.payload, monotonicNs());
    });
    const [address] = (await running.start()).listenAddresses;
    if (address === undefined) throw new Error('the node has no address');
    return address;
  },

  /** Resolves when the peer is in this node's mesh. */
  async connect(multiaddr: string): Promise<void> {
    await engine().connect(multiaddr, { timeoutMs: CONNECT_TIMEOUT_MS });
    const deadlineMs = performance.now() + CONNECT_TIMEOUT_MS;
    while ((await engine().mesh(PUBSUB_TOPIC)).length === 0) {
      if (performance.now() > deadlineMs) throw new Error('no mesh came about');
      await delay(POLL_MS);
    }
  },

  expect(sending: Sending): Promise<void> {
    tally = new Tally(sending);
    return Promise.resolve();
  },

  received(timeoutMs: number): Promise<Receipt> {
    if (tally === null) throw new Error('expect comes first');
    return tally.wait(timeoutMs);
  },

  async send(sending: Sending): Promise<bigint> {
    const startNs = monotonicNs();
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < sending.count) {
        const index = next++;
        await whenDue(sending, index, startNs);
        await publish(makePayload(sending.run, index, sending.payloadBytes));
      }
    };
    await Promise.all(Array.from({ length: sending.inFlight }, lane));
    return startNs;
  },

  /** How long the event loop of this process was kept from its work, the 99th percentile, until `ms` are over. */
  async loopDelayMs(ms: number): Promise<number> {
    const histogram = monitorEventLoopDelay({ resolution: 1 });
    histogram.enable();
    await delay(ms);
    histogram.disable();
    return histogram.percentile(99) / 1e6;
  },

  async stop(): Promise<void> {
    await running?.stop();
  },
};

async function publish(payload: Uint8Array): Promise<void> {
  await engine().publish(PUBSUB_TOPIC, {
    payload,
    contentTopic: CONTENT_TOPIC,
    version: 0,
    timestampNs: nowNs(),
    meta: NO_BYTES,
    rateLimitProof: NO_BYTES,
    ephemeral: false,
  });
}

export type EngineHandlers = typeof handlers;
serve(handlers);
