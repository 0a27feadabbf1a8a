/** The views, in the order of their digits, and where the chip leads. */
import type { Desk } from '../store/desk.ts';
import type { ViewName } from '../store/state.ts';
import { goTo } from '../store/view-actions.ts';
import type { IconName } from '../ui/icon.tsx';
import type { Chip } from './chip.ts';

export const VIEW_TABLE: readonly { name: ViewName; title: string; icon: IconName; digit: string }[] = [
  { name: 'messages', title: 'Messages', icon: 'messages', digit: '1' },
  { name: 'peers', title: 'Peers', icon: 'peers', digit: '2' },
  { name: 'publish', title: 'Publish', icon: 'publish', digit: '3' },
  { name: 'chat', title: 'Chat', icon: 'chat', digit: '4' },
  { name: 'node', title: 'Node', icon: 'node', digit: '5' },
  { name: 'store', title: 'Store', icon: 'store', digit: '6' },
  { name: 'doctor', title: 'Doctor', icon: 'doctor', digit: '7' },
];

export function leadTo(desk: Desk, place: Chip['leadsTo']): void {
  if (place === 'retry') desk.client.retryNow();
  else if (place === 'peers' || place === 'doctor') goTo(desk, place);
  else {
    desk.update('node', { tab: place === 'settings' ? 'settings' : 'overview' });
    goTo(desk, 'node');
  }
}
