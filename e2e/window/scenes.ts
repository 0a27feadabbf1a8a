/** Every view in every state, made by real nodes: what the gallery shows and what axe looks at. */
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import type { TestContext } from 'vitest';
import { createMessage } from '../../core/waku/message.ts';
import { DEFAULT_CHAT_TOPIC as TOY_CHAT } from '../../core/waku/chat.ts';
import { chatBytes } from '../chat-bytes.ts';
import { startFixtureStore } from '../fixture-store.ts';
import { GO_WAKU, needsLibgowaku } from '../libgowaku.ts';
import { CONTENT_TOPIC, publishArgs, type PublishInput } from '../nodes.ts';
import { CliProcess } from '../cli-process.ts';
import { childrenOf, startServe, type RunningServe } from './browser-host.ts';
import { see, type DeskWindow } from './desk-window.ts';
import { libraryFolder } from './library-folder.ts';

export interface Scene {
  name: string;
  /** What a reader of the gallery should look at. */
  about: string;
  show: (desk: DeskWindow, world: World) => Promise<void>;
}

/** A host with its node and whoever talks to it; its scenes are shown one after the other on one page. */
export interface World {
  serve: RunningServe;
  /** Runs `publish` to its end. */
  publish: (input: PublishInput) => Promise<void>;
  /** Listens on a port while the world lasts; 0: a free one. @returns the port */
  takePort: (port: number) => Promise<number>;
  end: () => Promise<void>;
}

export async function makeWorld({ args, library }: Pick<WorldPlan, 'args' | 'library'>): Promise<World> {
  const folder = await libraryFolder(library ?? null);
  const serve = await startServe(args, folder.environment);
  const servers: Server[] = [];
  return {
    serve,
    async takePort(port) {
      const server = createServer().listen(port, '127.0.0.1');
      servers.push(server);
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    async publish(input) {
      const { input: stdin } = input;
      const cli = new CliProcess(
        publishArgs(serve.address, input),
        stdin === undefined ? {} : { input: stdin },
      );
      const { code } = await cli.waitForExit(60_000);
      if (code !== 0) throw new Error(`publish ended with ${String(code)}: ${cli.stderr}`);
    },
    async end() {
      for (const server of servers) server.close();
      await serve.end();
      await folder.remove();
    },
  };
}

export interface WorldPlan {
  name: string;
  args: readonly string[];
  /** What stands where libwaku is staged; without it there is none. */
  library?: 'broken';
  /** Skips a scene where the world cannot be made. */
  needs?: (context: TestContext) => Promise<void>;
  /** In their order: each begins where the one before ended. */
  scenes: readonly Scene[];
}

export const WORLDS: readonly WorldPlan[] = [
  {
    name: 'broken library',
    args: [],
    library: 'broken',
    scenes: [
      {
        name: 'doctor-bad',
        about: 'a staged library that is none: what is bad comes first, and is counted in the side bar',
        show: async (desk) => {
          await desk.goTo('Doctor');
          await see(desk.doctor.headline).toHaveText('1 thing to repair');
        },
      },
      {
        name: 'doctor-details',
        about: 'the facts behind a finding',
        show: async (desk) => {
          await desk.doctor.finding('libgowaku').getByText('Details').click();
          await see(desk.doctor.finding('libgowaku')).toContainText(/libgowaku\.(so|dylib|dll)/);
        },
      },
      {
        name: 'node-engine',
        about: 'the choice of the engine: those that cannot run say why',
        show: async (desk) => {
          await desk.doctor.engines.getByRole('button', { name: 'Choose the engine' }).click();
          await see(desk.node.settings).toContainText('nwaku cannot run');
        },
      },
      {
        name: 'doctor-error',
        about: 'an examination that fails leaves the last report',
        show: async (desk, { serve }) => {
          await desk.goTo('Doctor');
          await serve.cli.terminate();
          await desk.doctor.again.click();
          await see(desk.doctor.problem).toContainText('HOST_DISCONNECTED');
        },
      },
    ],
  },
  {
    name: 'alone',
    args: [],
    scenes: [
      {
        name: 'messages-no-peers',
        about: 'nothing there yet: what is missing and the next act',
        show: async (desk) => {
          await see(desk.messages.empty).toContainText('No peers yet');
        },
      },
      {
        name: 'peers-none',
        about: 'no peer: paste an address, or give this one away',
        show: async (desk) => {
          await desk.goTo('Peers');
        },
      },
      {
        name: 'peers-connect-failed',
        about: 'an address that is none stays typed, with what is wrong',
        show: async (desk) => {
          await desk.peers.connect('/ip4/127.0.0.1/tcp/nowhere');
          await see(desk.peers.problem).toContainText('MULTIADDR_INVALID');
        },
      },
      {
        name: 'publish-empty',
        about: 'the form before anything is typed',
        show: async (desk) => {
          await desk.goTo('Publish');
        },
      },
      {
        name: 'publish-refused',
        about: 'hex that is none: the fault stands at its field',
        show: async (desk) => {
          await desk.publish.choose('Payload written as', 'Hex');
          await desk.publish.payload.fill('68 65 6c 6c 6g');
          await see(desk.publish.payload).toHaveAttribute('aria-invalid', 'true');
        },
      },
      {
        name: 'publish-too-large',
        about: 'the size against the limit, while typing',
        show: async (desk) => {
          await desk.publish.choose('Payload written as', 'Text');
          await desk.publish.payload.fill('x'.repeat(160_000));
          await see(desk.publish.button).toBeDisabled();
        },
      },
      {
        name: 'chat-no-peers',
        about: 'the chat of a node without peers, before a nick is chosen',
        show: async (desk) => {
          await desk.goTo('Chat');
          await see(desk.chat.empty).toContainText('No peers yet');
        },
      },
      {
        name: 'chat-too-large',
        about: 'the size of a line against the limit, while typing',
        show: async (desk) => {
          await desk.chat.nick.fill('Rosalind');
          await desk.chat.input.fill('x'.repeat(160_000));
          await see(desk.chat.note).toContainText('fit at most');
        },
      },
      {
        name: 'chat-nick-refused',
        about: 'a nick that nobody could tell from another one',
        show: async (desk) => {
          await desk.chat.nick.fill('ann\u200b');
          await desk.chat.input.fill('What is wrong with my nick?');
          await see(desk.chat.nick).toHaveAttribute('aria-invalid', 'true');
        },
      },
      {
        name: 'store-unsupported',
        about: 'an engine that queries no stores says why',
        show: async (desk) => {
          await desk.goTo('Store');
          await see(desk.page.getByRole('main')).toContainText('UNSUPPORTED');
        },
      },
      {
        name: 'doctor',
        about: 'this machine: which engines can run, and what to do about the rest',
        show: async (desk) => {
          await desk.goTo('Doctor');
          await see(desk.doctor.headline).toContainText('Everything that is needed works');
        },
      },
      {
        name: 'node-stopped',
        about: 'stopped by hand: start is the next act',
        show: async (desk) => {
          await desk.goTo('Node');
          await desk.node.act('Stop');
          await desk.expectChip('stopped');
          await desk.toasts.getByRole('button', { name: 'Dismiss' }).first().click();
        },
      },
      {
        name: 'messages-stopped',
        about: 'the list of a stopped node',
        show: async (desk) => {
          await desk.goTo('Messages');
          await see(desk.messages.empty).toContainText('The node is stopped');
        },
      },
      {
        name: 'chat-stopped',
        about: 'a room of a stopped node: what was said stays, and why nothing can be sent',
        show: async (desk) => {
          await desk.goTo('Chat');
          await see(desk.chat.note).toContainText('The node is not running');
        },
      },
      {
        name: 'chat-empty-stopped',
        about: 'an empty room of a stopped node',
        show: async (desk) => {
          await desk.chat.addRoom('dogs');
          await see(desk.chat.empty).toContainText('The node is stopped');
        },
      },
      {
        name: 'node-failed',
        about: 'its port was taken meanwhile: why, and what helps',
        show: async (desk, { serve, takePort }) => {
          await takePort(Number(/tcp\/(\d+)/.exec(serve.address)?.[1]));
          await desk.goTo('Node');
          await desk.node.act('Start');
          await desk.expectChip('failed');
        },
      },
    ],
  },
  {
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
  },
  {
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
  },
  {
    name: 'live',
    args: ['--demo'],
    scenes: [
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
  },
];
