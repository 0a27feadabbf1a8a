/** `waku-desk peers`: who is at the other end, and what it tells of itself. */
import { delay } from '../core/engine/deadline.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { withClient } from './client.ts';
import type { ClientOptions } from './options.ts';
import { printable, type Output } from './output.ts';

export interface PeersOptions extends ClientOptions {
  /** How long peers and meshes may form. */
  waitMs: number;
  timeoutMs: number;
}

/** @throws WakuDeskError BAD_USE, or of start and connect */
export async function runPeers(options: PeersOptions, output: Output, signal: AbortSignal): Promise<void> {
  if (options.connect.length === 0 && !options.mdns)
    throw new WakuDeskError('BAD_USE', 'There is no node to ask.', {
      operation: 'cli.peers',
      hint: 'Give --connect MULTIADDR, or --mdns.',
    });
  await withClient(options, { timeoutMs: options.timeoutMs, signal, output }, async ({ session }) => {
    await delay(options.waitMs, signal);
    const { peers } = session.snapshot();
    // A peer that does not answer is still a peer.
    await Promise.all(peers.map(({ peerId }) => session.ping(peerId, { signal }).catch(() => undefined)));
    const { peers: measured, topics } = session.snapshot();
    for (const peer of measured) {
      const meshes = topics.filter(({ meshPeers }) => meshPeers.includes(peer.peerId));
      const meshTopics = meshes.map(({ pubsubTopic }) => pubsubTopic);
      const latency = peer.latencyMs === null ? 'no ping' : `${peer.latencyMs.toFixed(1)} ms`;
      output.result(
        'peer',
        { ...peer, meshTopics },
        [
          peer.peerId,
          `  ${peer.direction}, ${peer.origin}, ${peer.agent}, ${latency}`,
          `  shards     ${peer.shards?.join(' ') ?? 'unknown'}`,
          `  mesh       ${meshTopics.join(' ') || 'none'}`,
          ...peer.addresses.map((address) => `  address    ${address}`),
          ...peer.protocols.map((protocol) => `  protocol   ${protocol}`),
        ]
          .map(printable)
          .join('\n'),
      );
    }
    if (measured.length === 0) output.note('no peers');
  });
}
