/** Addresses and peer ids as users give them. */
import type { PeerId } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { WakuDeskError } from './errors.ts';

/** What an address for TCP, or for WebSockets without TLS, consists of. */
const DIALLED_OVER = new Set(['ip4', 'ip6', 'ip6zone', 'dns', 'dns4', 'dns6', 'tcp', 'ws', 'p2p']);

/** @throws WakuDeskError MULTIADDR_INVALID */
export function dialTarget(address: string, operation: string): Multiaddr {
  const example = '/ip4/127.0.0.1/tcp/60000/p2p/16Uiu2…';
  let target: Multiaddr;
  try {
    target = multiaddr(address);
  } catch (error) {
    throw new WakuDeskError('MULTIADDR_INVALID', `${JSON.stringify(address)} is not a multiaddr.`, {
      operation,
      hint: `Write it as ${example}.`,
      cause: error,
    });
  }
  const peerId = peerIdOf(target);
  if (peerId !== null && !isPeerId(peerId))
    throw new WakuDeskError('MULTIADDR_INVALID', `${address} names a peer id that is none.`, {
      operation,
      hint: 'Copy the address whole; a peer id starts with 16Uiu2 or 12D3.',
    });
  const parts = target.getComponents().map(({ name }) => name);
  if (parts.includes('tcp') && parts.every((name) => DIALLED_OVER.has(name))) return target;
  throw new WakuDeskError('MULTIADDR_INVALID', `${address} is no address of TCP or WebSockets.`, {
    operation,
    hint: `Engines here dial TCP, and WebSockets without TLS: write the address as ${example}.`,
  });
}

export function peerIdOf(address: Multiaddr): string | null {
  return (
    address
      .getComponents()
      .filter(({ name }) => name === 'p2p')
      .at(-1)?.value ?? null
  );
}

function isPeerId(text: string): boolean {
  try {
    peerIdFromString(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws WakuDeskError PEER_ID_INVALID */
export function parsePeerId(text: string, operation: string): PeerId {
  try {
    return peerIdFromString(text);
  } catch (error) {
    throw new WakuDeskError('PEER_ID_INVALID', `${JSON.stringify(text)} is not a peer id.`, {
      operation,
      hint: 'Copy it from the list of peers; it starts with 16Uiu2 or 12D3.',
      cause: error,
    });
  }
}
