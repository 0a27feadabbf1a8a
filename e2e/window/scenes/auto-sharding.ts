/** A node with automatic sharding, and the chat on its shards. */
import { see } from '../desk-window.ts';
import type { WorldPlan } from './world.ts';

export const AUTO_SHARDING: WorldPlan = {
  name: 'auto-sharding',
  args: ['--num-shards-in-network=8', '--shard=1'],
  scenes: [
    {
      name: 'chat-unheard',
      about: 'the room is on a shard that the node does not relay: said, with the act that helps',
      show: async (desk) => {
        await desk.goTo('Chat');
        await see(desk.chat.unheard).toContainText('shard 7');
      },
    },
    {
      name: 'chat-to-nobody',
      about: 'sent while nobody is connected: what became of it, and the way to try again',
      show: async (desk) => {
        await desk.chat.unheard.getByRole('button', { name: 'Relay shard 7' }).click();
        await desk.chat.nick.fill('Rosalind');
        await see(desk.chat.unheard).toHaveCount(0);
        await desk.chat.send('Is anybody there?');
        await see(desk.chat.line('Is anybody there?')).toContainText('sent to 0 peers');
      },
    },
    {
      name: 'chat-empty',
      about: 'a room in which nothing was said yet',
      show: async (desk) => {
        await desk.command('start the demo');
        await desk.expectChip('3 peers');
        await desk.chat.addRoom('dogs');
        await see(desk.chat.empty).toContainText('Nothing was said here yet');
        await desk.toasts.getByRole('button', { name: 'Dismiss' }).first().click();
      },
    },
    {
      name: 'chat-failed',
      about: 'the host was lost while a line was sent: it stays, with its reason and what can be done',
      show: async (desk, { serve }) => {
        serve.cli.signal('SIGSTOP');
        await desk.chat.send('Does this arrive?');
        serve.cli.signal('SIGKILL');
        await see(desk.chat.line('Does this arrive?')).toContainText('HOST_DISCONNECTED');
      },
    },
  ],
};
