/** Peers as the admin API shows them. */
import * as z from 'zod';
import type { PeerOrigin } from '../../core/engine/events.ts';
import type { KnownPeer } from './known-peers.ts';

export const peerSchema = z.object({
  multiaddr: z.string(),
  protocols: z.array(z.string()),
  shards: z.array(z.int()),
  connected: z.enum(['Connected', 'CanConnect']),
  agent: z.string(),
  origin: z.enum(['Static', 'UnknownOrigin']),
});
/** Where relay is asked for, gossipsub's score stands beside it, of engines that tell it. */
export const relayPeerSchema = peerSchema.extend({ score: z.number().optional() });
export type PeerJson = z.output<typeof peerSchema>;

export const shardPeersSchema = z.object({ shard: z.int(), peers: z.array(relayPeerSchema) });

/** wakunode2 knows no origin of peers that were connected by hand, or that dialled. */
const ORIGINS: Readonly<Record<PeerOrigin, PeerJson['origin']>> = {
  static: 'Static',
  manual: 'UnknownOrigin',
  discovered: 'UnknownOrigin',
  inbound: 'UnknownOrigin',
};

export function peerJson({ info, connected }: KnownPeer): PeerJson {
  const { peerId, addresses, protocols, shards, agent, origin } = info;
  const [address = ''] = addresses;
  return {
    multiaddr: address.includes('/p2p/') ? address : `${address}/p2p/${peerId}`,
    protocols,
    shards: shards ?? [],
    connected: connected ? 'Connected' : 'CanConnect',
    agent,
    origin: ORIGINS[origin],
  };
}
