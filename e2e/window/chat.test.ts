/** The chat in the window, over real nodes. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_CHAT_TOPIC } from '../../core/waku/chat.ts';
import { chatBytes } from '../chat-bytes.ts';
import { payloadOf } from '../cli-lines.ts';
import { publish, startNode } from '../nodes.ts';
import { serveForTest, useBrowser } from './browser-host.ts';
import { see, type DeskWindow } from './desk-window.ts';

const { openWindow } = useBrowser();

/** Publishes a payload in a room, through a node of its own. */
async function say(
  address: string,
  payload: Uint8Array,
  flags: readonly string[] = [],
  contentTopic = DEFAULT_CHAT_TOPIC,
): Promise<void> {
  const sent = await publish(address, { payload: '-', input: payload, contentTopic, flags });
  expect(sent.exit.code, sent.stderr).toBe(0);
}

const now = (): number => Math.floor(Date.now() / 1_000);

async function chatting(url: string, nick: string): Promise<DeskWindow> {
  const desk = await openWindow(url);
  await desk.goTo('Chat');
  await desk.chat.nick.fill(nick);
  return desk;
}

describe('two hosts', () => {
  it('talk with each other, in the bytes of chat2, and say what became of each line', async () => {
    const bystander = await startNode();
    const host = await serveForTest([`--connect=${bystander.address}`]);
    const other = await serveForTest([`--connect=${host.address}`]);
    const ann = await chatting(host.url, 'ann');
    const ben = await chatting(other.url, 'Bén 👋');
    await ann.expectChip('2 peers');
    await ben.expectChip(/mesh 1\/6/);
    await ann.chat.send('good morning');
    await see(ann.chat.input).toHaveValue('');
    await see(ann.chat.line('good morning')).toContainText('you');
    await see(ann.chat.line('good morning')).toContainText(/sent to 2 peers/);
    await see(ann.chat.line('good morning')).toContainText('echoed');
    await see(ben.chat.line('good morning')).toContainText('ann');
    await see(ben.chat.line('good morning')).not.toContainText('you');

    await ben.chat.input.fill('two lines,');
    await ben.chat.input.press('Shift+Enter');
    await ben.chat.input.pressSequentially('one message ✓');
    await ben.chat.input.press('Enter');
    await see(ann.chat.line('one message ✓')).toContainText('Bén 👋');
    await see(ann.chat.lines).toHaveCount(2);
    await see(ann.chat.days).toHaveText(['Today']);

    const [first, second] = await bystander.cli.waitForCount('message', 2);
    for (const [line, nick, text] of [
      [first, 'ann', 'good morning'],
      [second, 'Bén 👋', 'two lines,\none message ✓'],
    ] as const) {
      const payload = payloadOf(line ?? { payload: '' });
      const seconds = Math.floor(Number(line?.timestampNs) / 1e9);
      expect(payload.toString('hex')).toBe(chatBytes(seconds, nick, text).toString('hex'));
      expect(line?.contentTopic).toBe(DEFAULT_CHAT_TOPIC);
    }
  });
});

describe('what strangers write', () => {
  it('is text, bounded, and what is no chat is shown as such and counted', async () => {
    const host = await serveForTest();
    const desk = await chatting(host.url, 'ann');
    await say(
      host.address,
      chatBytes(now(), 'x'.repeat(10_000), '<img src=x onerror=alert(1)> \u202egnp.exe'),
    );
    await say(host.address, chatBytes(now(), 'ev\u202eil\u001b[31m', 'see https://example.org/a?b=c'));
    await say(host.address, chatBytes(now(), 'long', `${'line\n'.repeat(2_000)}end`));
    await say(host.address, Buffer.from([0xff, 0, 0xff]));
    await say(host.address, chatBytes(1_000, 'late', 'from another time'));
    const { lines } = desk.chat;
    await see(lines).toHaveCount(5);
    await see(desk.chat.line('<img src=x onerror=alert(1)>')).toContainText('\\u{202e}gnp.exe');
    expect((await lines.first().boundingBox())?.height).toBeLessThan(60);
    await see(desk.chat.line('https://example.org')).toContainText('ev\\u{202e}il\\u{1b}[31m');
    await see(desk.chat.log.locator('img, a')).toHaveCount(0);
    await see(lines.nth(3)).toContainText('Not a chat message: 3 B');
    await see(desk.chat.open).toContainText('1 of 5 messages shown is no chat');
    await see(desk.chat.line('from another time')).toContainText('its clock: 1970-01-01T00:16:40Z');
    const long = desk.chat.line('line');
    await see(long).not.toContainText('end');
    await long.getByRole('button', { name: 'Show all 10,003 characters' }).click();
    await see(long).toContainText('end');
    await lines.nth(3).getByRole('button', { name: 'Show its bytes' }).click();
    await desk.expectView('Messages');
    await see(await desk.messages.openTab('Hex')).toContainText('ff 00 ff');
  });
});

describe('a long room', () => {
  it('shows the newest, older ones as one scrolls up, and counts what is new meanwhile', async () => {
    const host = await serveForTest();
    const old = [`--repeat=700`, '--rate=2000'];
    await say(host.address, chatBytes(now(), 'old', 'of long ago'), old);
    await say(host.address, chatBytes(now(), 'ann', 'the last of them'));
    const desk = await chatting(host.url, 'ann');
    const { log, lines, newPill } = desk.chat;
    await see(desk.chat.line('the last of them')).toBeInViewport();
    await see(lines).toHaveCount(100);
    for (const count of [200, 300]) {
      await desk.chat.scrollTo(0);
      await see(lines).toHaveCount(count);
    }
    // Bounded: what was at the end goes, and the view stays with what it showed.
    const top = await lines.nth(0).getAttribute('data-position');
    await desk.chat.scrollTo(0);
    await see(lines.nth(0)).not.toHaveAttribute('data-position', top ?? '');
    await see(lines).toHaveCount(300);
    await see(log.locator(`[data-position="${top ?? ''}"]`)).toBeInViewport();
    await see(desk.chat.line('the last of them')).toHaveCount(0);

    await say(host.address, chatBytes(now(), 'ben', 'something new'));
    await see(newPill).toHaveText('1 new');
    await newPill.click();
    await see(desk.chat.line('something new')).toBeInViewport();
    await see(newPill).toHaveCount(0);
    await say(host.address, chatBytes(now(), 'ben', 'and followed'));
    await see(desk.chat.line('and followed')).toBeInViewport();
  });

  it('goes down again from the middle, page by page, to the end', async () => {
    const host = await serveForTest();
    await say(host.address, chatBytes(now(), 'old', 'of long ago'), ['--repeat=500', '--rate=2000']);
    const desk = await chatting(host.url, 'ann');
    const { lines, newPill } = desk.chat;
    for (let first = 400; first > 0; first -= 100) {
      await see(lines.first()).toHaveAttribute('data-position', String(first));
      await desk.chat.scrollTo(0);
    }
    await see(lines.first()).toHaveAttribute('data-position', '0');
    await see(newPill).toHaveText('Newest');
    await expect
      .poll(
        async () => {
          await desk.chat.scrollTo(1);
          return lines.last().getAttribute('data-position');
        },
        { timeout: 30_000 },
      )
      .toBe('499');
    await see(newPill).toHaveCount(0);
  });
});

describe('a busy room', () => {
  it('lets go of its end while messages pour in, and keeps the place', async () => {
    const host = await serveForTest();
    const desk = await chatting(host.url, 'ann');
    const { chat } = desk;
    const input = chatBytes(now(), 'ben', 'again');
    const pouring = publish(host.address, {
      payload: '-',
      input,
      contentTopic: DEFAULT_CHAT_TOPIC,
      flags: ['--repeat=600', '--rate=100'],
    });
    await see(chat.lines.nth(60)).toBeAttached();
    await chat.scrollTo(0.5);
    await see(chat.newPill).toContainText('new');
    const place = await chat.log.evaluate((element: { scrollTop: number }) => element.scrollTop);
    expect((await pouring).exit.code).toBe(0);
    expect(await chat.log.evaluate((element: { scrollTop: number }) => element.scrollTop)).toBe(place);
    await chat.newPill.click();
    await see(chat.newPill).toHaveCount(0);
  });
});

describe('rooms', () => {
  it('are added by name or topic, count what is unread, and are remembered', async () => {
    const host = await serveForTest();
    const desk = await chatting(host.url, 'ann');
    const { chat } = desk;
    await chat.addRoom('dogs');
    await see(chat.open.getByRole('heading')).toHaveText('dogs');
    await chat.addRoom('/my/1/room/proto');
    await chat.addRoom('a/b');
    await see(chat.newRoom).toHaveAttribute('aria-invalid', 'true');
    await see(chat.newRoom).toHaveValue('a/b');
    await say(host.address, chatBytes(now(), 'ben', 'woof'), ['--repeat=3'], '/toy-chat/2/dogs/proto');
    await see(chat.rooms.filter({ hasText: 'dogs' })).toContainText('3 unread');
    await see(desk.page.getByRole('navigation')).toContainText('3 unread');
    await see(chat.line('woof')).toHaveCount(0);
    await chat.room('dogs').click();
    await see(chat.line('woof')).toHaveCount(3);
    await see(chat.rooms.filter({ hasText: 'dogs' })).not.toContainText('unread');
    await chat.rooms.getByRole('button', { name: 'Remove the room /my/1/room/proto' }).click();
    await see(chat.rooms).toHaveCount(2);
    await desk.toasts.getByRole('button', { name: 'Undo' }).click();
    await see(chat.rooms).toHaveCount(3);
    await chat.input.fill('not sent yet');
    await chat.room('huilong').click();
    await see(chat.input).toHaveValue('');
    await chat.room('dogs').click();
    await see(chat.input).toHaveValue('not sent yet');
    await desk.page.reload();
    await desk.goTo('Chat');
    await see(chat.rooms).toHaveCount(3);
    await see(chat.nick).toHaveValue('ann');
  });

  it('on a shard that the node does not relay say so, and it is relayed by one press', async () => {
    // toy-chat version 2 is on shard 7 of 8.
    const host = await serveForTest(['--num-shards-in-network=8', '--shard=1']);
    const far = await startNode(['--num-shards-in-network=8', '--shard=7', `--connect=${host.address}`]);
    const desk = await chatting(host.url, 'ann');
    const { chat } = desk;
    await see(chat.unheard).toContainText('on shard 7, which this node does not relay');
    await chat.input.fill('not yet');
    await see(chat.note).toContainText('The node is not subscribed to /waku/2/rs/16/7.');
    await see(chat.sendButton).toBeDisabled();
    await chat.unheard.getByRole('button', { name: 'Relay shard 7' }).click();
    await see(chat.unheard).toHaveCount(0);
    await see(chat.shard).toContainText('shard 7, by content topic');
    await far.cli.waitFor('meshChanged', { where: ({ peerIds }) => peerIds.length === 1 });
    await chat.send('heard on its shard');
    expect(await far.cli.waitFor('message')).toMatchObject({ pubsubTopic: '/waku/2/rs/16/7' });
    await chat.shard.selectOption('shard 1');
    await see(chat.line('heard on its shard')).toContainText('on shard 7');
  });
});

describe('a line that cannot be sent', () => {
  it('says so while it is typed, and goes nowhere', async () => {
    const host = await serveForTest();
    const desk = await openWindow(host.url);
    await desk.page.keyboard.press('c');
    await desk.expectView('Chat');
    const { chat } = desk;
    await see(chat.input).toBeFocused();
    await see(chat.empty).toContainText('No peers yet');
    await chat.input.fill('who am I');
    await see(chat.note).toContainText('Choose a nick');
    await see(chat.sendButton).toBeDisabled();
    await chat.nick.fill('a\u200bb');
    await see(chat.nick).toHaveAttribute('aria-invalid', 'true');
    await chat.nick.fill('ann');
    await chat.input.fill('x'.repeat(160_000));
    await see(chat.note).toContainText(/160,0\d\d of 153,\d{3} B/);
    await see(chat.input).toHaveAttribute('aria-invalid', 'true');
    await chat.input.press('Enter');
    await see(chat.input).toHaveValue('x'.repeat(160_000));
    await see(chat.lines).toHaveCount(0);
    await chat.send('to nobody');
    await see(chat.line('to nobody')).toContainText('sent to 0 peers');
    await chat.line('to nobody').getByRole('button', { name: 'Send again' }).click();
    await see(chat.lines).toHaveCount(2);
    await chat.input.press('Escape');
    await see(chat.log).toBeFocused();
  });

  it('stays on the page when the host is gone, and can be edited', async () => {
    const host = await serveForTest();
    const desk = await chatting(host.url, 'ann');
    const { chat } = desk;
    host.cli.signal('SIGSTOP');
    await chat.send('does it arrive');
    await see(chat.line('does it arrive')).toContainText('sending');
    host.cli.signal('SIGKILL');
    await see(chat.line('does it arrive')).toContainText('HOST_DISCONNECTED');
    await see(chat.note).toContainText('There is no connection to the host.');
    await chat.line('does it arrive').getByRole('button', { name: 'Edit' }).click();
    await see(chat.input).toHaveValue('does it arrive');
    await see(chat.lines).toHaveCount(0);
  });
});
