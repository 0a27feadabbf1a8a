/**
 * A relay node that sends any bytes at all, as fast as it can and past every rule of the program.
 * As a program: `node e2e/raw-node.ts ADDRESS PUBSUB_TOPIC` floods a node until it is killed.
 */
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { multiaddr } from '@multiformats/multiaddr';
import { parseNodeConfig } from '../core/engine/config.ts';
import { createMessage, encodeMessage } from '../core/waku/message.ts';
import { nodeKey, startNode, type RelayNode } from '../engines/js/node.ts';
import { Peers } from '../engines/js/peers.ts';

const MESH_MS = 20_000;
/** Messages between two turns of its own event loop. */
const BURST = 2_000;

/** A node in this process, connected and in the other one's mesh. Who makes it stops it. */
export async function startRawNode(address: string, pubsubTopic: string): Promise<RelayNode> {
  const config = parseNodeConfig({});
  const nothing = (): void => undefined;
  const node = await startNode({ config, privateKey: await nodeKey(null), onLog: nothing });
  try {
    const { relay } = node.services;
    relay.subscribe(pubsubTopic);
    const peers = new Peers({ node, config, emit: nothing, log: nothing });
    await peers.start([]);
    await peers.connect(multiaddr(address), 'manual', {});
    const deadline = performance.now() + MESH_MS;
    while (relay.meshPeers(pubsubTopic).length === 0) {
      if (performance.now() > deadline) throw new Error(`${address} did not join the mesh`);
      await delay(20);
    }
    return node;
  } catch (error) {
    await node.stop();
    throw error;
  }
}

async function flood(address: string, pubsubTopic: string): Promise<never> {
  const { relay } = (await startRawNode(address, pubsubTopic)).services;
  const payload = new TextEncoder().encode('hello');
  for (let timestampNs = BigInt(Date.now()) * 1_000_000n; ; timestampNs++) {
    const message = createMessage({ payload, contentTopic: '/flood/1/e2e/proto', timestampNs });
    await relay.publish(pubsubTopic, encodeMessage(message));
    if (timestampNs % BigInt(BURST) === 0n) await delay(1);
  }
}

const [, script, address, pubsubTopic] = process.argv;
if (script === fileURLToPath(import.meta.url) && address !== undefined && pubsubTopic !== undefined)
  await flood(address, pubsubTopic);
