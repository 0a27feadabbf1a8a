/** The chat of the demo, and what strangers write in it. */
import { DEFAULT_CHAT_TOPIC as TOY_CHAT } from '../../../core/waku/chat.ts';
import { chatBytes } from '../../chat-bytes.ts';
import { see } from '../desk-window.ts';
import type { Scene } from './world.ts';

export const LIVE_CHAT: readonly Scene[] = [
  {
    name: 'chat',
    about: 'the demo talks; own lines with what became of them; another room with unread messages',
    show: async (desk, { publish }) => {
      await desk.publish.sends.first().getByRole('button', { name: 'Cancel' }).click();
      await desk.goTo('Chat');
      const { chat } = desk;
      await chat.nick.fill('Rosalind');
      await chat.addRoom('dogs');
      await chat.addRoom('/waku-desk/1/operations/proto');
      await chat.room('huilong').click();
      await see(chat.lines.first()).toBeVisible();
      await chat.send('Good morning. I am new here: how do I see who relays what I write?');
      await see(chat.line('I am new here')).toContainText('sent to 3 peers');
      await see(chat.line('I am new here')).toContainText('echoed');
      const woof = chatBytes(1_763_800_000, 'Rex', 'woof');
      await publish({
        payload: '-',
        input: woof,
        contentTopic: '/toy-chat/2/dogs/proto',
        flags: ['--repeat=3'],
      });
      await see(chat.rooms.filter({ hasText: 'dogs' })).toContainText('3 unread');
    },
  },
  {
    name: 'chat-hostile',
    about:
      'what strangers may write: markup, marks that turn the writing, endless names and lines, no chat at all',
    show: async (desk, { publish }) => {
      const { chat } = desk;
      const say = (nick: string, text: string, timestampS = Math.floor(Date.now() / 1_000)) =>
        publish({ payload: '-', input: chatBytes(timestampS, nick, text), contentTopic: TOY_CHAT });
      await say('x'.repeat(5_000), '<script>alert(1)</script> \u202egnp.exe');
      await say('Ada\u200b', 'I am the other Ada. https://example.org/login?next=/');
      await say('مريم', 'مرحبا بالجميع');
      await say(
        'Z\u0351\u0357\u036e\u0352\u0358'.repeat(4),
        'Zalgo'.replace(/./g, `$&${'\u0351\u0357\u036e'.repeat(12)}`),
      );
      await say('', `${'another line\n'.repeat(200)}end`);
      await say('late', 'from a clock that stands', 1_000);
      await publish({ payload: 'plain text', contentTopic: TOY_CHAT });
      await see(chat.line('Not a chat message')).toBeVisible();
      await chat.input.fill('A line that is being written');
    },
  },
  {
    name: 'chat-scrolled-up',
    about: 'older messages in view: a pill counts what is new',
    show: async (desk, { publish }) => {
      const { chat } = desk;
      const input = chatBytes(Math.floor(Date.now() / 1_000), 'Grace', 'one of many');
      await publish({ payload: '-', input, contentTopic: TOY_CHAT, flags: ['--repeat=400'] });
      await see(chat.lines.nth(250)).toBeAttached();
      await chat.scrollTo(0.5);
      await publish({ payload: '-', input, contentTopic: TOY_CHAT, flags: ['--repeat=20'] });
      await see(chat.newPill).toHaveText(/^2\d new$/);
    },
  },
];
