/** Which services a peer offers, by the protocols that it has told. */
import type { PeerInfo } from './events.ts';

/** Without their versions: filter 2.0.0-beta1, lightpush 2.0.0-beta1 and 3.0.0, store 3.0.0. */
const PROTOCOLS = {
  filter: '/vac/waku/filter-subscribe/',
  lightpush: '/vac/waku/lightpush/',
  store: '/vac/waku/store-query/',
} as const;
export type Service = keyof typeof PROTOCOLS;
export const SERVICES = ['filter', 'lightpush', 'store'] as const satisfies readonly Service[];

export function offers({ protocols }: Pick<PeerInfo, 'protocols'>, service: Service): boolean {
  return protocols.some((protocol) => protocol.startsWith(PROTOCOLS[service]));
}
