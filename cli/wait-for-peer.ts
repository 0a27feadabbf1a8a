/** Before a command sends: somebody has to be there who takes it. */
import { delay, withDeadline } from '../core/engine/deadline.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { offers } from '../core/engine/services.ts';
import type { Session } from '../core/session/session.ts';

const POLL_MS = 20;

/**
 * @param pubsubTopic that a neighbour must relay; null: a peer that offers lightpush
 * @throws WakuDeskError TIMED_OUT, NO_SERVICE_PEER
 */
export async function waitForPeer(
  session: Session,
  pubsubTopic: string | null,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const hasPeer = (): boolean => {
    const { topics, peers } = session.snapshot();
    if (pubsubTopic === null) return peers.some((peer) => offers(peer, 'lightpush'));
    return topics.some((topic) => topic.pubsubTopic === pubsubTopic && topic.meshPeers.length > 0);
  };
  try {
    await withDeadline('cli.waitForPeer', { timeoutMs, signal }, async (ended) => {
      while (!hasPeer() && !ended.aborted) await delay(POLL_MS, ended);
    });
  } catch (error) {
    if (!(error instanceof WakuDeskError) || error.code !== 'TIMED_OUT') throw error;
    if (pubsubTopic === null)
      throw new WakuDeskError('NO_SERVICE_PEER', 'No connected peer offers lightpush.', {
        operation: 'cli.waitForPeer',
        hint: 'Connect to a service node, or allow more time with --timeout-ms.',
      });
    throw new WakuDeskError('TIMED_OUT', `No connected peer relays ${pubsubTopic}.`, {
      operation: 'cli.waitForPeer',
      hint: 'Check the shard and cluster of the other node, or allow more time with --timeout-ms.',
    });
  }
}
