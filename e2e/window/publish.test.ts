/** The view that publishes: to a real node. */
import { describe, expect, it } from 'vitest';
import { textOf } from '../cli-lines.ts';
import { matching } from '../matchers.ts';
import { startNode, type RunningNode } from '../nodes.ts';
import { serveForTest, useBrowser } from './browser-host.ts';
import { PATIENCE, see, type DeskWindow } from './desk-window.ts';

describe('publish', () => {
  const { openWindow } = useBrowser();

  async function open(): Promise<{ desk: DeskWindow; other: RunningNode }> {
    const other = await startNode();
    const serve = await serveForTest([`--connect=${other.address}`]);
    const desk = await openWindow(serve.url);
    await desk.expectChip(/mesh 1\/6/);
    await desk.goTo('Publish');
    return { desk, other };
  }

  it('every field reaches the other node, and every state is told', async () => {
    const { desk, other } = await open();
    const { publish } = desk;
    await publish.contentTopic.fill('/waku-desk/1/fields/proto');
    await publish.choose('Payload written as', 'Hex');
    await publish.payload.fill('68 69 00 ff');
    await publish.choose('Timestamp from', 'Fixed');
    await publish.field('Unix time in nanoseconds').fill('1700000000123456789');
    await publish.choose('Meta written as', 'Text');
    await publish.field('Meta').fill('note');
    await publish.field('Version').fill('7');
    await publish.form.getByRole('checkbox', { name: /^Ephemeral/ }).check();
    await see(publish.form).toContainText(/hash 0x[0-9a-f]{64}/);
    const hash = /0x[0-9a-f]{64}/.exec(await publish.form.innerText())?.[0];
    await publish.button.click();
    await see(publish.sends.first()).toContainText(/sent to 1/);
    await see(publish.sends.first()).toContainText(/echoed/);
    expect(await other.cli.waitFor('message')).toMatchObject({
      hash,
      contentTopic: '/waku-desk/1/fields/proto',
      payload: Buffer.from('686900ff', 'hex').toString('base64'),
      timestampNs: '1700000000123456789',
      version: 7,
      ephemeral: true,
      meta: Buffer.from('note').toString('base64'),
    });
    // It is in the list as its own, once.
    await desk.goTo('Messages');
    await see(desk.messages.rows).toHaveCount(1);
    await see(desk.messages.rows.locator('.cell-dir')).toHaveText('out');
    await see(desk.messages.rows.locator('.cell-state')).toContainText('sent to 1');
  });

  it('what is wrong is said while it is typed, and what failed stays typed', async () => {
    const { desk } = await open();
    const { publish } = desk;
    await see(publish.button).toBeDisabled();
    await publish.payload.fill('x'.repeat(153_600));
    await see(publish.form).toContainText(/153,600 of 153,\d{3} B|at most/);
    await see(publish.button).toBeDisabled();
    await publish.choose('Payload written as', 'Hex');
    await publish.payload.fill('0g');
    await see(publish.payload).toHaveAttribute('aria-invalid', 'true');
    await publish.choose('Payload written as', 'Text');
    await publish.payload.fill('twice');
    await publish.choose('Timestamp from', 'Fixed');
    await publish.field('Unix time in nanoseconds').fill('1700000000000000001');
    await publish.button.click();
    await see(publish.sends).toHaveCount(1);
    await see(publish.sends.first()).toContainText(/sent to 1/);
    await publish.button.click();
    await see(publish.sends).toHaveCount(2);
    await see(publish.sends.first()).toContainText('MESSAGE_DUPLICATE');
    await see(publish.payload).toHaveValue('twice');
  });

  it('many are sent at a rate, with progress, until they are done or cancelled', async () => {
    const { desk, other } = await open();
    const { publish } = desk;
    await publish.payload.fill('again');
    await publish.form.getByRole('checkbox', { name: 'Send many' }).check();
    await publish.field('How many').fill('30');
    await publish.field('Per second (empty: as fast as they go)').fill('');
    await publish.button.click();
    await see(publish.sends.first()).toContainText('30 of 30 sent');
    const messages = await other.cli.waitForCount('message', 30);
    expect(new Set(messages.map(textOf))).toEqual(new Set(['again']));
    expect(new Set(messages.map(({ hash }) => hash)).size).toBe(30);

    await publish.field('How many').fill('100000');
    await publish.field('Per second (empty: as fast as they go)').fill('20');
    await publish.button.click();
    await see(publish.sends.first()).toContainText(/[1-9]\d* of 100,000 sent/);
    await publish.sends.first().getByRole('button', { name: 'Cancel' }).click();
    await see(publish.sends.first()).toContainText('ended early');
  });

  it('by its content topic it reaches a shard that the node does not relay', async () => {
    const contentTopic = '/waku-desk/1/auto/proto';
    const network = ['--num-shards-in-network=8'];
    const other = await startNode([...network, `--content-topic=${contentTopic}`]);
    const serve = await serveForTest([...network, '--shard=32', `--connect=${other.address}`]);
    const desk = await openWindow(serve.url);
    await desk.expectChip('1 peer');
    await desk.goTo('Publish');
    const { publish } = desk;
    await publish.choose('How the shard is chosen', 'Auto');
    const sent = publish.sends.first();
    // The peer's subscription may be on its way still: until then nobody gets it.
    const sendAgain = async (): Promise<string> => {
      await publish.send('by its content topic', contentTopic);
      await see(sent).toContainText(/sent to \d|NO_PEERS/);
      return sent.innerText();
    };
    await expect.poll(sendAgain, PATIENCE).toContain('sent to 1');
    expect(await other.cli.waitFor('message')).toMatchObject({ contentTopic });
  });

  it('without a peer it is said before and after', async () => {
    const serve = await serveForTest();
    const desk = await openWindow(serve.url);
    await desk.goTo('Publish');
    const { publish } = desk;
    await publish.payload.fill('nobody hears');
    await see(publish.form).toContainText('No peers');
    await publish.button.click();
    await see(publish.sends.first()).toContainText(/sent to 0|NO_PEERS/);
    await see(publish.payload).toHaveValue('nobody hears');
    expect(await publish.contentTopic.inputValue()).toEqual(matching(/^\//));
  });
});
