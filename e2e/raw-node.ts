/** A relay node in this process that sends any bytes at all, past every rule of the program. */
import { multiaddr } from '@multiformats/multiaddr';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { parseNodeConfig } from '../core/engine/config.ts';
import { nodeKey, startNode } from '../engines/js/node.ts';
import { Peers } from '../engines/js/peers.ts';

const MESH_MS = 10_000;

/** Connects to a node and sends it one relay message of these bytes. */
export async function sendRaw(address: string, pubsubTopic: string, bytes: Uint8Array): Promise<void> {
  const config = parseNodeConfig({});
  const nothing = (): void => undefined;
  const node = await startNode({ config, privateKey: await nodeKey(null), onLog: nothing });
  onTestFinished(() => node.stop());
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
  await relay.publish(pubsubTopic, bytes);
}
