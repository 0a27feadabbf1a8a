/** How many peers there are, by state, shard and protocol. */
import * as z from 'zod';
import type { KnownPeer } from './known-peers.ts';

/** What wakunode2 counts by, in its order. */
export const WAKU_PROTOCOLS: readonly string[] = [
  '/vac/waku/relay/2.0.0',
  '/vac/waku/filter-subscribe/2.0.0-beta1',
  '/vac/waku/filter-push/2.0.0-beta1',
  '/vac/waku/store-query/3.0.0',
  '/vac/waku/store/2.0.0-beta4',
  '/vac/waku/lightpush/3.0.0',
  '/vac/waku/lightpush/2.0.0-beta1',
  '/vac/waku/peer-exchange/2.0.0-alpha1',
  '/vac/waku/reconciliation/1.0.0',
];

const numbers = z.record(z.string(), z.int());
export const statisticsSchema = z.object({
  Sum: numbers,
  'By Connectedness': numbers,
  'Relay peers': numbers,
  'Mesh peers': numbers,
  'By Protocols': numbers,
});

export function peerStatistics(
  peers: readonly KnownPeer[],
  relay: ReadonlyMap<number, ReadonlySet<string>>,
  mesh: ReadonlyMap<number, ReadonlySet<string>>,
): z.output<typeof statisticsSchema> {
  const connected = peers.filter((peer) => peer.connected).length;
  const byProtocol = WAKU_PROTOCOLS.map((protocol) => {
    const speaking = peers.filter(({ info }) => info.protocols.includes(protocol));
    return [protocol, speaking.length] as const;
  });
  return {
    Sum: { 'Total peers': peers.length },
    'By Connectedness': {
      Connected: connected,
      NotConnected: 0,
      CannotConnect: 0,
      CanConnect: peers.length - connected,
    },
    'Relay peers': byShard(relay, 'Total relay peers'),
    'Mesh peers': byShard(mesh, 'Total mesh peers'),
    'By Protocols': Object.fromEntries(byProtocol),
  };
}

function byShard(shards: ReadonlyMap<number, ReadonlySet<string>>, total: string): Record<string, number> {
  const all = new Set([...shards.values()].flatMap((peerIds) => [...peerIds]));
  const each = [...shards].map(([shard, peerIds]) => [String(shard), peerIds.size] as const);
  return { ...Object.fromEntries(each), [total]: all.size };
}
