/** The TCP port that a node listens on, out of its addresses. */
import type { NodeIdentity } from '../../core/engine/engine.ts';

export function portOf(identity: NodeIdentity | null): number | null {
  const match = /\/tcp\/(\d+)(\/p2p\/|$)/.exec(identity?.listenAddresses[0] ?? '');
  return match === null ? null : Number(match[1]);
}
