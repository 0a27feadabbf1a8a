/** What a user does with peers. */
import type { PeerInfo } from '../../core/engine/events.ts';
import { shortenMiddle } from '../ui/format.ts';
import type { Desk } from './desk.ts';
import { errorData } from './error-data.ts';
import type { PingState } from './state.ts';

/** Pings that are under way at the same time. */
const PINGS_AT_ONCE = 4;

/** Connects to the address in the bar; it stays there when that fails. */
export async function connectTyped(desk: Desk): Promise<void> {
  const { address, connecting } = desk.store.getState().peers;
  const wanted = address.trim();
  if (wanted === '' || connecting) return;
  desk.update('peers', { connecting: true, error: null });
  try {
    const { peerId } = await desk.client.call('peers.connect', { address: wanted });
    desk.update('peers', ({ address: typed }) => ({ address: typed.trim() === wanted ? '' : typed }));
    desk.toast({ tone: 'good', text: `Connected to ${shortenMiddle(peerId)}.` });
  } catch (error) {
    desk.update('peers', { error: errorData(error, 'peers.connect') });
  } finally {
    desk.update('peers', { connecting: false });
  }
}

/** Disconnects; the toast connects again. */
export async function disconnectPeer(desk: Desk, { peerId, addresses }: PeerInfo): Promise<void> {
  const name = shortenMiddle(peerId);
  try {
    await desk.client.call('peers.disconnect', { peerId });
  } catch (error) {
    desk.toast({ tone: 'bad', text: errorData(error, 'peers.disconnect').message });
    return;
  }
  const address = dialable(peerId, addresses);
  const undo = (): void => {
    void reconnect(desk, name, address ?? '');
  };
  const action = address === null ? null : { label: 'Connect again', run: undo };
  desk.toast({ tone: 'good', text: `Disconnected from ${name}.`, action });
}

async function reconnect(desk: Desk, name: string, address: string): Promise<void> {
  try {
    await desk.client.call('peers.connect', { address });
    desk.toast({ tone: 'good', text: `Connected to ${name} again.` });
  } catch (error) {
    desk.toast({ tone: 'bad', text: `${name}: ${errorData(error, 'peers.connect').message}` });
  }
}

/** An address of a peer with its id; null where none is known. */
export function dialable(peerId: string, [first]: readonly string[]): string | null {
  if (first === undefined) return null;
  return first.includes('/p2p/') ? first : `${first}/p2p/${peerId}`;
}

export async function pingPeer(desk: Desk, peerId: string): Promise<void> {
  const set = (ping: PingState): void => {
    desk.update('peers', ({ pings }) => ({ pings: { ...pings, [peerId]: ping } }));
  };
  if (desk.store.getState().peers.pings[peerId]?.state === 'waiting') return;
  set({ state: 'waiting' });
  try {
    const { latencyMs } = await desk.client.call('peers.ping', { peerId });
    set({ state: 'answered', latencyMs });
  } catch (error) {
    set({ state: 'failed', error: errorData(error, 'peers.ping') });
  }
}

export async function pingAll(desk: Desk): Promise<void> {
  const ids = (desk.store.getState().live?.peers ?? []).map(({ peerId }) => peerId);
  const worker = async (): Promise<void> => {
    for (let peerId = ids.shift(); peerId !== undefined; peerId = ids.shift()) await pingPeer(desk, peerId);
  };
  await Promise.all(Array.from({ length: PINGS_AT_ONCE }, worker));
}
