/** What a node library answers about its connected peers. */
import * as z from 'zod';

const infoSchema = z.record(
  z.string(),
  z.object({
    protocols: z.array(z.string()).default([]),
    addresses: z.array(z.string()).default([]),
    /** libgowaku tells these as well. */
    agent: z.string().optional(),
    direction: z.enum(['inbound', 'outbound']).optional(),
    shards: z.array(z.int().min(0)).nullish(),
  }),
);

export interface ConnectedPeer {
  peerId: string;
  /** Null where the release does not tell. */
  protocols: string[] | null;
  /** The connection's own first, each with the peer id. */
  addresses: string[];
  agent: string | null;
  direction: 'inbound' | 'outbound' | null;
  shards: number[] | null;
}

/** From waku_get_connected_peers_info. @throws Error when it is not that */
export function parsePeersInfo(text: string): ConnectedPeer[] {
  return Object.entries(infoSchema.parse(JSON.parse(text))).map(([peerId, info]) => ({
    peerId,
    // The libraries list them in any order.
    protocols: info.protocols.sort(),
    addresses: info.addresses.map((address) => withPeerId(address, peerId)),
    agent: info.agent ?? null,
    direction: info.direction ?? null,
    shards: info.shards ?? null,
  }));
}

/** From waku_get_connected_peers, where the release has nothing better. */
export function parsePeerIds(text: string): ConnectedPeer[] {
  return commaList(text).map((peerId) => ({
    peerId,
    protocols: null,
    addresses: [],
    agent: null,
    direction: null,
    shards: null,
  }));
}

/** The empty text is the empty list. */
export function commaList(text: string): string[] {
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}

function withPeerId(address: string, peerId: string): string {
  return address.includes('/p2p/') ? address : `${address}/p2p/${peerId}`;
}
