/** What stands in the way of a message, or is to be known before it is sent. */
import { offers } from '../../../core/engine/services.ts';
import { useDeskState } from '../../store/use-desk.ts';
import { formatMany } from '../../ui/format.ts';

/** `isReady`: something can be sent; the note may be empty then. */
export function useSendNote(): { isReady: boolean; note: string } {
  const state = useDeskState(({ live }) => live?.node.state);
  const connected = useDeskState(({ connection }) => connection.state === 'connected');
  const peers = useDeskState(({ live }) => live?.peers.length ?? 0);
  const light = useDeskState(({ live }) => live?.settings.light === true);
  const pushers = useDeskState(
    ({ live }) => live?.peers.filter((peer) => offers(peer, 'lightpush')).length ?? 0,
  );
  if (!connected) return { isReady: false, note: 'There is no connection to the host.' };
  if (state !== 'running')
    return { isReady: false, note: 'The node is not running: start it in the node view.' };
  if (light && pushers === 0)
    return { isReady: true, note: 'By lightpush, and no peer offers it: the message goes nowhere.' };
  if (light) return { isReady: true, note: `By lightpush, through ${formatMany(pushers, 'service peer')}.` };
  return { isReady: true, note: peers === 0 ? 'No peers: the message goes nowhere.' : '' };
}
