/** Messages as they come: read, filtered, paused. */
import { see } from '../desk-window.ts';
import type { Scene } from './world.ts';

export const LIVE_MESSAGES: readonly Scene[] = [
  {
    name: 'messages-live',
    about: 'a few messages of many kinds',
    show: async (desk, { publish }) => {
      const json = JSON.stringify({
        id: 17,
        kind: 'order',
        items: [{ sku: 'A-1', count: 2 }],
        paid: true,
      });
      await publish({ payload: json, contentTopic: '/shop/1/orders/json' });
      await publish({
        input: new Uint8Array(700).map((_byte, i) => i * 7),
        payload: '-',
        contentTopic: '/sensor/2/frames/binary',
      });
      await publish({
        payload: '<script>alert(1)</script> \u202egnp.exe',
        contentTopic: '/<b>bold</b>/1/x/proto',
      });
      await publish({
        payload: 'z'.repeat(60_000),
        contentTopic: '/bulk/1/large/plain',
        flags: ['--ephemeral'],
      });
      await see(desk.messages.row('/bulk/1/large/plain')).toBeVisible();
      await see(desk.messages.row('/toy-chat/2/huilong/proto').first()).toBeVisible();
      await desk.expectChip('3 peers');
    },
  },
  {
    name: 'messages-fields',
    about: 'the fields of a message, its hash computed again',
    show: async (desk) => {
      await desk.messages.row('/shop/1/orders/json').click();
      await see(await desk.messages.openTab('Fields')).toContainText('computed again');
    },
  },
  {
    name: 'messages-json',
    about: 'JSON in order',
    show: async (desk) => {
      await see(await desk.messages.openTab('JSON')).toContainText('"sku": "A-1"');
    },
  },
  {
    name: 'messages-hostile-text',
    about: 'what means harm is text, and what cannot be seen is written out',
    show: async (desk) => {
      await desk.messages.filter.fill('content:bold');
      await desk.messages.row('bold').click();
      await see(await desk.messages.openTab('Text')).toContainText('<script>');
    },
  },
  {
    name: 'messages-hex',
    about: 'bytes',
    show: async (desk) => {
      await desk.messages.filter.fill('content:/sensor/');
      await desk.messages.row('/sensor/2/frames/binary').click();
      await see(await desk.messages.openTab('Hex')).toContainText('00000000');
    },
  },
  {
    name: 'messages-filtered',
    about: 'a filter and its meaning in words',
    show: async (desk) => {
      await desk.messages.openTab('Fields');
      await desk.messages.filter.fill('content:/toy-chat/ size<1kb');
      await see(desk.messages.filterWords).toContainText('toy-chat');
      await see(desk.messages.rows.first()).toContainText('/toy-chat/');
    },
  },
  {
    name: 'messages-filter-invalid',
    about: 'a filter that cannot be read keeps the last good one',
    show: async (desk) => {
      await desk.messages.filter.fill('content:/toy-chat/ sise>1kb');
      await see(desk.messages.filter).toHaveAttribute('aria-invalid', 'true');
    },
  },
  {
    name: 'messages-no-match',
    about: 'nothing matches: clear the filter',
    show: async (desk) => {
      await desk.messages.filter.fill('text:nothing-like-this');
      await see(desk.messages.empty).toContainText('Nothing matches');
    },
  },
  {
    name: 'messages-paused',
    about: 'paused: the view stands still, what waits is counted',
    show: async (desk, { publish }) => {
      await desk.messages.filter.fill('');
      await see(desk.messages.filterWords).toContainText('every message');
      await desk.messages.pause.click();
      await publish({ payload: 'waits', flags: ['--repeat=12'] });
      await see(desk.messages.pause).toContainText(/1\d waiting/);
    },
  },
];
