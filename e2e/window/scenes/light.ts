/** A light client of the engine go-waku, and stores. */
import { createMessage } from '../../../core/waku/message.ts';
import { startFixtureStore } from '../../fixture-store.ts';
import { CONTENT_TOPIC } from '../../nodes.ts';
import { see } from '../desk-window.ts';
import { GO_WAKU, needsLibgowaku } from '../../libgowaku.ts';
import type { WorldPlan } from './world.ts';

export const LIGHT: WorldPlan = {
  name: 'light',
  args: [GO_WAKU, '--light', `--content-topic=${CONTENT_TOPIC}`],
  needs: needsLibgowaku,
  scenes: [
    {
      name: 'light-overview',
      about: 'a light client that nobody serves yet: its filters, and why not',
      show: async (desk) => {
        await desk.goTo('Node');
        await see(desk.node.shardLine(32)).toContainText('NO_SERVICE_PEER');
      },
    },
    {
      name: 'light-settings',
      about: 'the mode, and RLN that this engine has not',
      show: async (desk) => {
        await desk.node.openTab('Settings');
        await see(desk.node.settings).toContainText('RLN_NEEDS_NWAKU');
      },
    },
    {
      name: 'light-publish',
      about: 'by lightpush, with nobody to take it',
      show: async (desk) => {
        await desk.goTo('Publish');
        await desk.publish.send('pushed', CONTENT_TOPIC);
        await see(desk.publish.sends.first()).toContainText('NO_SERVICE_PEER');
      },
    },
    {
      name: 'store-empty',
      about: 'a store before anything is asked',
      show: async (desk) => {
        await desk.goTo('Store');
        await see(desk.page.getByRole('main')).toContainText('Nothing asked yet');
      },
    },
    {
      name: 'store-refused',
      about: 'a store that cannot be reached: the query stays typed',
      show: async (desk, { serve, takePort }) => {
        const peerId = /[^/]+$/.exec(serve.address)?.[0] ?? '';
        const port = await takePort(0);
        await desk.store.field('Store node').fill(`/ip4/127.0.0.1/tcp/${port + 1}/p2p/${peerId}`);
        await desk.store.query.click();
        await see(desk.page.getByRole('main').getByRole('alert')).toBeVisible();
      },
    },
    {
      name: 'store-results',
      about: 'what a store gave, page by page, and one of it',
      show: async (desk) => {
        const messages = Array.from({ length: 60 }, (_, i) =>
          createMessage({
            payload: new TextEncoder().encode(`stored ${String(i)}`),
            contentTopic: CONTENT_TOPIC,
            timestampNs: 1_769_860_800_000_000_000n + BigInt(i) * 1_000_000_000n,
          }),
        );
        const { address } = await startFixtureStore(messages);
        await desk.store.field('Store node').fill(address);
        await desk.store.query.click();
        await see(desk.store.more).toBeVisible();
        await desk.store.rows.first().click();
        await see(desk.store.details).toContainText('computed here: the same');
      },
    },
  ],
};
