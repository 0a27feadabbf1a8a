/**
 * A fixture, for tests: starts and stops one node again and again beside one that stays, and prints what this process
 * holds after each time, as JSON.
 *
 *     node --expose-gc fixture-restarts.ts <kind> <times> <node.log>
 */
import { readdirSync, writeSync } from 'node:fs';
import * as z from 'zod';
import { nowNs } from '../../core/engine/clock.ts';
import { ENGINE_KINDS } from '../../core/engine/capabilities.ts';
import { parseNodeConfig } from '../../core/engine/config.ts';
import { createMessage } from '../../core/waku/message.ts';
import { createEngine, movedOutput } from './create-engine.ts';

/** What a process holds after a restart. */
export interface Holding {
  threads: number;
  descriptors: number;
  rssBytes: number;
}

const TOPIC = '/waku/2/rs/16/32';
const [kind, times, nodeLog] = z
  .tuple([z.enum(ENGINE_KINDS), z.coerce.number(), z.string()])
  .parse(process.argv.slice(2));

const create = () => createEngine(kind, parseNodeConfig({ logLevel: 'error' }), { nodeLog });

const staying = await create();
const [address = ''] = (await staying.start()).listenAddresses;
const restarted = await create();
const holdings: Holding[] = [];
for (let n = 0; n < times; n++) {
  await restarted.start();
  await restarted.connect(address);
  const message = {
    payload: new Uint8Array(50_000).fill(1),
    contentTopic: '/growth/1/a/proto',
    timestampNs: nowNs(),
  };
  await restarted.publish(TOPIC, createMessage(message));
  await restarted.stop();
  globalThis.gc?.();
  holdings.push({
    threads: readdirSync('/proc/self/task').length,
    descriptors: readdirSync('/proc/self/fd').length,
    rssBytes: process.memoryUsage.rss(),
  });
}
await staying.stop();
writeSync(movedOutput()?.stdout ?? 1, JSON.stringify(holdings));
process.exit(0);
