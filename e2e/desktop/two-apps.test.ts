/** Two desktop apps beside each other, which know each other by an address that a user carries from one to the other. */
import { describe, it } from 'vitest';
import { see } from '../window/desk-window.ts';
import { useDesktop, type Desk } from './launch-desk.ts';

const desktop = useDesktop();

async function chatting(desk: Desk, nick: string): Promise<Desk['window']['chat']> {
  await desk.window.goTo('Chat');
  await desk.window.chat.nick.fill(nick);
  return desk.window.chat;
}

describe('two apps', () => {
  it('find each other by an address that is copied and pasted, and chat', { timeout: 120_000 }, async () => {
    const [first, second] = await Promise.all([desktop.launch(), desktop.launch()]);
    const { window } = second;
    await Promise.all([first, second].map((desk) => desk.window.expectChip('no peers')));

    await first.window.goTo('Node');
    await first.window.node.copyAddress();
    await window.goTo('Peers');
    await window.peers.address.focus();
    await window.page.keyboard.press('ControlOrMeta+v');
    await see(window.peers.address).toHaveValue(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/16Uiu2HA\w+$/);
    await window.peers.address.press('Enter');
    await Promise.all([first, second].map((desk) => desk.window.expectChip('1 peer')));

    const ann = await chatting(first, 'ann');
    const ben = await chatting(second, 'ben');
    await ann.send('good morning');
    await see(ann.line('good morning')).toContainText('sent to 1 peer');
    await see(ben.line('good morning')).toContainText('ann');
    await ben.send('and to you');
    await see(ann.line('and to you')).toContainText('ben');
    await see(ben.line('and to you')).toContainText('you');
  });
});
