/** A worker process with one node: the embedded engine under a session, as every host has it. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseNodeConfig } from '../core/engine/config.ts';
import { Session } from '../core/session/session.ts';
import { JsEngine } from '../engines/js/engine.ts';
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

const config = parseNodeConfig({ clusterId: CLUSTER, shards: [SHARD] });
const session = new Session({ engine: new JsEngine(config), config });
let tally: Tally | null = null;

session.attach(({ messages }) => {
  const nowNs = monotonicNs();
  for (const { dir, message } of messages) if (dir === 'in') tally?.add(message.payload, nowNs);
});

const handlers = {
  /** @returns the multiaddr */
  async start(): Promise<string> {
    const [address] = (await session.start()).listenAddresses;
    if (address === undefined) throw new Error('the node has no address');
    return address;
  },

  /** Resolves when the peer is in this node's mesh. */
  async connect(multiaddr: string): Promise<void> {
    await session.connect(multiaddr, { timeoutMs: CONNECT_TIMEOUT_MS });
    const deadlineMs = performance.now() + CONNECT_TIMEOUT_MS;
    while (session.snapshot().topics[0]?.meshPeers.length === 0) {
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

  /** Publishes one after the other. */
  async send(sending: Sending): Promise<bigint> {
    const startNs = monotonicNs();
    for (let index = 0; index < sending.count; index++) {
      await whenDue(sending, index, startNs);
      const payload = makePayload(sending.run, index);
      await session.publish({ payload, contentTopic: CONTENT_TOPIC, pubsubTopic: PUBSUB_TOPIC });
    }
    return startNs;
  },
};

export type RelayHandlers = typeof handlers;
serve(handlers);
