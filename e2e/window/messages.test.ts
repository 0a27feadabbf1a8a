/** The view of messages, on a real node. */
import { describe, expect, it } from 'vitest';
import { messageHashText } from '../../core/waku/hash.ts';
import { createMessage } from '../../core/waku/message.ts';
import { publish, TOPIC } from '../nodes.ts';
import { serveForTest, type RunningServe, useBrowser } from './browser-host.ts';
import { see, type DeskWindow } from './desk-window.ts';

describe('messages', () => {
  const { openWindow } = useBrowser();

  async function open(): Promise<{ desk: DeskWindow; serve: RunningServe }> {
    const serve = await serveForTest();
    return { serve, desk: await openWindow(serve.url) };
  }

  it('what another node publishes is in the list, with its fields', async () => {
    const { desk, serve } = await open();
    await see(desk.messages.empty).toContainText('No peers yet');
    const sender = await publish(serve.address, { payload: '{"n":1}', contentTopic: '/toy-chat/2/e2e/json' });
    const [published] = sender.lines('published');
    await see(desk.messages.rows).toHaveCount(1);
    const row = desk.messages.rows.first();
    await see(row).toContainText('/toy-chat/2/e2e/json');
    await see(row).toContainText('7 B');
    await row.click();
    const fields = await desk.messages.openTab('Fields');
    await see(fields).toContainText(published?.hash ?? 'no hash');
    await see(fields).toContainText('computed again: the same');
    await see(fields).toContainText('cluster 16, shard 32');
    await see(await desk.messages.openTab('Text')).toContainText('{"n":1}');
    await see(await desk.messages.openTab('JSON')).toContainText('"n": 1');
    await see(await desk.messages.openTab('Hex')).toContainText('7b 22 6e 22 3a 31 7d');
  });

  it('a message is copied as text, as JSON, as hash', async () => {
    const { desk, serve } = await open();
    const sender = await publish(serve.address, { payload: 'to copy' });
    const [published] = sender.lines('published');
    await desk.messages.rows.first().click();
    const clipboard = (): Promise<string> => desk.page.evaluate('navigator.clipboard.readText()');
    await desk.messages.copy('the payload as text');
    await expect.poll(clipboard).toBe('to copy');
    await desk.messages.copy('the hash');
    await expect.poll(clipboard).toBe(published?.hash);
    await desk.messages.copy('the message as JSON');
    await expect.poll(clipboard).toContain('"payload"');
    expect(JSON.parse(await clipboard())).toMatchObject({
      hash: published?.hash,
      payload: Buffer.from('to copy').toString('base64'),
      pubsubTopic: TOPIC,
    });
  });

  it('a filter shows what matches, says what it means, and keeps the last good one', async () => {
    const { desk, serve } = await open();
    const { messages } = desk;
    for (const [payload, contentTopic] of [
      ['hello', '/toy-chat/2/a/proto'],
      ['x'.repeat(2_000), '/toy-chat/2/b/proto'],
      ['other', '/other/1/c/proto'],
    ] as const)
      await publish(serve.address, { payload, contentTopic });
    await see(messages.rows).toHaveCount(3);
    await messages.filter.fill('content:/toy-chat/ size>1kb');
    await see(messages.rows).toHaveCount(1);
    await see(messages.rows).toContainText('/toy-chat/2/b/proto');
    await see(messages.filterWords).toContainText(/^means: .*toy-chat/);
    await see(messages.counters).toContainText('1 of 3');

    await messages.filter.fill('content:/toy-chat/ size>>1kb');
    await see(messages.filter).toHaveAttribute('aria-invalid', 'true');
    await see(messages.filterWords).not.toContainText('means:');
    await see(messages.rows).toHaveCount(1);

    await messages.filter.fill('text:nothing-like-this');
    await see(messages.empty).toContainText('Nothing matches the filter');
    await desk.page.getByRole('main').getByRole('button', { name: 'Clear the filter' }).last().click();
    await see(messages.rows).toHaveCount(3);

    // New messages pass the filter as they come.
    await messages.filter.fill('content:/toy-chat/');
    await see(messages.rows).toHaveCount(2);
    await publish(serve.address, { payload: 'late', contentTopic: '/other/1/c/proto' });
    await publish(serve.address, { payload: 'late too', contentTopic: '/toy-chat/2/late/proto' });
    await see(messages.row('/toy-chat/2/late/proto')).toHaveCount(1);
    await see(messages.counters).toContainText('3 of 5');
  });

  it('pause freezes the view and not the capture, and counts what waits', async () => {
    const { desk, serve } = await open();
    const { messages } = desk;
    await publish(serve.address, { payload: 'before' });
    await see(messages.rows).toHaveCount(1);
    await messages.grid.focus();
    await desk.page.keyboard.press('Space');
    await see(messages.pause).toContainText('Paused');
    await publish(serve.address, { payload: 'while', flags: ['--repeat=25'] });
    await see(messages.pause).toContainText('25');
    await see(messages.rows).toHaveCount(1);
    await messages.pause.click();
    await see(messages.counters).toContainText('26 of 26');
    // Captured all the while: another page has them.
    const second = await openWindow(serve.url);
    await see(second.messages.counters).toContainText('26 of 26');
  });

  it('the list follows its end only when it is there, and the selection stays', async () => {
    const { desk, serve } = await open();
    const { messages, page } = desk;
    await publish(serve.address, { payload: 'first', flags: ['--repeat=300'] });
    await see(messages.counters).toContainText('300 of 300');
    const lastRow = messages.rows.last();
    await see(lastRow).toHaveAttribute('aria-rowindex', '301');
    await messages.grid.focus();
    await page.keyboard.press('Home');
    await see(messages.selectedRow).toHaveAttribute('aria-rowindex', '2');
    await page.keyboard.press('j');
    await see(messages.selectedRow).toHaveAttribute('aria-rowindex', '3');
    const hash = await messages.selectedRow.locator('.cell-hash').innerText();
    await publish(serve.address, { payload: 'second', flags: ['--repeat=40'] });
    await see(messages.newPill).toContainText('40 new');
    await see(messages.selectedRow).toHaveAttribute('aria-rowindex', '3');
    await see(messages.selectedRow.locator('.cell-hash')).toHaveText(hash);
    await messages.newPill.click();
    await see(messages.rows.last()).toHaveAttribute('aria-rowindex', '341');
    await publish(serve.address, { payload: 'third', flags: ['--repeat=10'] });
    await see(messages.rows.last()).toHaveAttribute('aria-rowindex', '351');
  });

  it('hostile payloads and names are shown as text', async () => {
    const { desk, serve } = await open();
    const { messages, page } = desk;
    const html = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
    await publish(serve.address, { payload: html, contentTopic: '/<b>bold<\u202e/1/e2e/proto' });
    const row = messages.rows.first();
    await see(row).toContainText('<b>bold<');
    expect(await row.innerText()).not.toContain('\u202e');
    await row.click();
    await see(await messages.openTab('Text')).toContainText(html);
    await see(messages.details.locator('img, script, b')).toHaveCount(0);
    expect(await page.title()).not.toContain('owned');
    const control = Buffer.concat([Buffer.from('a\u0000b\u001b[31m\u202ec'), Buffer.from([0xff, 0xfe])]);
    await publish(serve.address, { input: control, payload: '-' });
    await see(messages.rows).toHaveCount(2);
    await messages.rows.nth(1).click();
    const text = await messages.openTab('Text');
    await see(text).toContainText('Not UTF-8');
    // eslint-disable-next-line no-control-regex -- looking for them is the point
    expect(await text.innerText()).not.toMatch(/[\u0000\u001b\u202e]/);
  });

  it('the hash in the details is that of the fields', async () => {
    const { desk, serve } = await open();
    const contentTopic = '/waku-desk/1/hash/proto';
    await publish(serve.address, {
      payload: 'hash me',
      contentTopic,
      flags: ['--timestamp=1700000000123456789'],
    });
    const message = createMessage({
      payload: new TextEncoder().encode('hash me'),
      contentTopic,
      timestampNs: 1_700_000_000_123_456_789n,
    });
    await desk.messages.rows.first().click();
    await see(await desk.messages.openTab('Fields')).toContainText(messageHashText(TOPIC, message));
  });

  it('every row of thousands can be reached', async () => {
    const { desk, serve } = await open();
    const { messages, page } = desk;
    await publish(serve.address, { payload: 'many', flags: ['--repeat=5000'] });
    await see(messages.counters).toContainText('5,000 of 5,000');
    await messages.grid.focus();
    for (const [key, row] of [
      ['Home', '2'],
      ['End', '5001'],
    ] as const) {
      await page.keyboard.press(key);
      await see(messages.selectedRow).toHaveAttribute('aria-rowindex', row);
      await see(messages.selectedRow).toContainText('/waku-desk/1/e2e/proto');
    }
  });
});
