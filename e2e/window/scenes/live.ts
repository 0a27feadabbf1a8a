/** A node in the demo: messages, peers and a chat that are alive. */
import { childrenOf } from '../browser-host.ts';
import { see } from '../desk-window.ts';
import { LIVE_CHAT } from './live-chat.ts';
import { LIVE_MESSAGES } from './live-messages.ts';
import type { WorldPlan } from './world.ts';

export const LIVE: WorldPlan = {
  name: 'live',
  args: ['--demo'],
  scenes: [
    ...LIVE_MESSAGES,
    {
      name: 'peers-selected',
      about: 'peers with mesh and latency, and everything known of one',
      show: async (desk) => {
        await desk.messages.pause.click();
        await desk.goTo('Peers');
        await see(desk.peers.rows).toHaveCount(3);
        await desk.page.getByRole('button', { name: 'Ping all' }).click();
        await desk.peers.rows.first().click();
        await see(desk.peers.rows.locator('.cell-latency').last()).toHaveText(/s$/);
      },
    },
    {
      name: 'publish-sent',
      about: 'what was sent, with its states; a refused one; many with progress',
      show: async (desk) => {
        await desk.goTo('Publish');
        const { publish } = desk;
        await publish.send('hello from the window', '/waku-desk/1/note/plain');
        await see(publish.sends.first()).toContainText('sent to 3');
        await publish.choose('Timestamp from', 'Fixed');
        await publish.field('Unix time in nanoseconds').fill('1700000000000000001');
        await publish.button.click();
        await see(publish.sends.first()).toContainText('sent to 3');
        await publish.button.click();
        await see(publish.sends.first()).toContainText('MESSAGE_DUPLICATE');
        await publish.choose('Timestamp from', 'Now');
        await publish.form.getByRole('checkbox', { name: 'Send many' }).check();
        await publish.field('How many').fill('5000');
        await publish.field('Per second (empty: as fast as they go)').fill('20');
        await publish.button.click();
        await see(publish.sends.first()).toContainText(/[1-9]\d* of 5,000 sent/);
      },
    },
    ...LIVE_CHAT,
    {
      name: 'node-overview',
      about: 'identity, shards with their health, engine, traffic and capture',
      show: async (desk) => {
        await desk.goTo('Node');
        await see(desk.node.shardLine(32)).toContainText('mesh');
      },
    },
    {
      name: 'node-log',
      about: 'what the engine says',
      show: async (desk) => {
        await desk.node.openTab('Log');
      },
    },
    {
      name: 'node-settings',
      about: 'settings, two of them changed',
      show: async (desk) => {
        await desk.node.openTab('Settings');
        await desk.node.settings.getByLabel(/^Agent/).fill('renamed');
        await desk.node.settings.getByLabel(/^TCP port/).fill('99999');
        await see(desk.node.settings).toContainText('from 0 to 65,535');
      },
    },
    {
      name: 'palette',
      about: 'every command by its words',
      show: async (desk) => {
        await desk.page.keyboard.press('ControlOrMeta+k');
        await desk.palette.getByRole('combobox').fill('node');
      },
    },
    {
      name: 'shortcuts',
      about: 'every key',
      show: async (desk) => {
        await desk.page.keyboard.press('Escape');
        await desk.goTo('Messages');
        await desk.messages.grid.focus();
        await desk.page.keyboard.press('?');
        await see(desk.page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
      },
    },
    {
      name: 'messages-thousands',
      about: 'scrolled up in thousands: a pill counts what is new',
      show: async (desk, { publish }) => {
        await desk.page.keyboard.press('Escape');
        await publish({ payload: 'one of many', flags: ['--repeat=5000'] });
        await see(desk.messages.counters).toContainText(/5,\d{3} of 5,\d{3}/);
        await desk.messages.grid.focus();
        await desk.page.keyboard.press('Home');
        await publish({ payload: 'newer', flags: ['--repeat=40'] });
        await see(desk.messages.newPill).toBeVisible();
      },
    },
    {
      name: 'node-restarting',
      about: 'the process of the node was killed: the chip counts down',
      show: async (desk, { serve }) => {
        // Each end makes the pause longer: the fourth leaves time for the pictures.
        for (let i = 0; i < 4; i++) {
          if (i > 0) await desk.expectChip(/online|no peers/);
          for (const pid of await childrenOf(serve.cli.pid)) process.kill(pid, 'SIGKILL');
          await desk.expectChip('restarting');
        }
        await desk.goTo('Node');
        await desk.node.openTab('Overview');
      },
    },
    {
      name: 'host-lost',
      about: 'the host is gone: what was there stays readable',
      show: async (desk, { serve }) => {
        await desk.goTo('Messages');
        await serve.cli.terminate();
        await see(desk.hostNotice).toBeVisible();
      },
    },
  ],
};
