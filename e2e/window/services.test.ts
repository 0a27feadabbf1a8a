/** Light client and store in the window: what the engine has, and what it says where it has it not. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createMessage } from '../../core/waku/message.ts';
import { startFixtureStore } from '../fixture-store.ts';
import { GO_WAKU, needsLibgowaku } from '../libgowaku.ts';
import { CONTENT_TOPIC } from '../nodes.ts';
import { serveForTest, useBrowser } from './browser-host.ts';
import { see } from './desk-window.ts';

const { openWindow } = useBrowser();

describe('an engine without light client, store and RLN', () => {
  it('says why not, in words that are on the page, and offers none of them', async () => {
    const serve = await serveForTest();
    const desk = await openWindow(serve.url);
    await desk.goTo('Store');
    const main = desk.page.getByRole('main');
    await see(main).toContainText('The embedded engine relays only; nwaku and go-waku query stores.');
    await see(main).toContainText('UNSUPPORTED');
    await see(desk.store.form).toHaveCount(0);
    await desk.goTo('Node');
    await desk.node.openTab('Settings');
    const { settings } = desk.node;
    await see(settings).toContainText('The embedded engine relays only; go-waku has filter and lightpush.');
    await see(settings).toContainText('RLN_NEEDS_NWAKU');
    await see(settings.getByLabel('Mode')).toBeDisabled();
    await see(settings.getByLabel('RLN')).toBeDisabled();
    await see(settings.getByLabel('Password of the credentials')).toHaveCount(0);
  });
});

describe('the engine go-waku', () => {
  beforeEach(needsLibgowaku);

  it('becomes a light client in the settings, and says that nobody serves it', async () => {
    const serve = await serveForTest([GO_WAKU]);
    const desk = await openWindow(serve.url);
    await desk.goTo('Node');
    await desk.node.openTab('Settings');
    await desk.node.settings.getByLabel('Mode').selectOption('light client');
    await desk.node.settings.getByLabel(/^Content topics/).fill(CONTENT_TOPIC);
    await desk.node.settings.getByRole('button', { name: 'Apply and restart' }).click();
    await desk.expectChip('connect to a service node');
    await desk.node.openTab('Overview');
    const filters = desk.page.getByRole('region', { name: 'Filters' });
    await see(filters).toContainText(CONTENT_TOPIC);
    await see(desk.node.shardLine(32)).toContainText('NO_SERVICE_PEER');
    await filters.getByLabel('Hear by filter').fill('/waku-desk/1/more/proto');
    await filters.getByRole('button', { name: 'Hear', exact: true }).click();
    await see(filters.getByRole('alert')).toContainText('NO_SERVICE_PEER');
    await see(filters.getByLabel('Hear by filter')).toHaveValue('/waku-desk/1/more/proto');
    await desk.goTo('Publish');
    await desk.publish.send('to nobody', CONTENT_TOPIC);
    await see(desk.publish.form).toContainText('By lightpush, and no peer offers it');
    await see(desk.publish.sends.first()).toContainText('NO_SERVICE_PEER');
  });

  it('asks a store, pages on, shows what it gave, and works by keyboard', async () => {
    const messages = Array.from({ length: 70 }, (_, i) =>
      createMessage({
        payload: new TextEncoder().encode(`stored ${String(i)}`),
        contentTopic: CONTENT_TOPIC,
        timestampNs: 1_769_860_800_000_000_000n + BigInt(i) * 1_000_000_000n,
      }),
    );
    const fixture = await startFixtureStore(messages);
    const serve = await serveForTest([GO_WAKU]);
    const desk = await openWindow(serve.url);
    await desk.page.keyboard.press('6');
    await desk.expectView('Store');
    const { store } = desk;
    await see(store.field('Pubsub topic')).toHaveValue('/waku/2/rs/16/32');
    await store.field('Store node').fill(fixture.address);
    await store.field('Store node').press('Enter');
    await see(desk.page.getByRole('main')).toContainText('50 messages, and there are more');
    await store.more.click();
    await see(desk.page.getByRole('main')).toContainText('70 messages, and no more');
    await store.grid.focus();
    await desk.page.keyboard.press('Home');
    await desk.page.keyboard.press('j');
    await see(store.details).toContainText('stored 1');
    await see(store.details).toContainText('computed here: the same');
    await desk.page.keyboard.press('Escape');
    await see(store.details).toHaveCount(0);
    await store.field('From').fill('tomorrow');
    await see(store.query).toBeDisabled();
    await store.field('From').fill('');
    fixture.refuseWith = { code: 503, text: 'busy' };
    await store.query.click();
    await see(desk.page.getByRole('main').getByRole('alert')).toContainText('SERVICE_REFUSED');
    await see(store.field('Store node')).toHaveValue(fixture.address);
    // What was found before goes with the new query; the host answered it.
    expect(fixture.queries.length).toBeGreaterThan(2);
  });
});
