/**
 * Every engine in every place of the desktop app, with real traffic: it hears go-waku's own node and ours, is heard by
 * both, stops and starts, and is quit while messages flow.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FixturePublisher } from '../../server/harness/fixture-publisher.ts';
import { locateNodeLibrary } from '../../native/library/node-library.ts';
import { numbers, readCaptureFiles } from '../capture-files.ts';
import { eventually, GoInbox, goMessage, useGoWaku } from '../go-waku.ts';
import { CONTENT_TOPIC, startNode, temporaryFolder, TOPIC } from '../nodes.ts';
import { see } from '../window/desk-window.ts';
import { quit, useDesktop } from './launch-desk.ts';

const TEST_MS = 240_000;
const PER_SECOND = 500;

const desktop = useDesktop();
const startGo = useGoWaku();
const libgowaku = await locateNodeLibrary('libgowaku');
const NO_LIBGOWAKU = 'libgowaku is not built here: it needs Go (npm run native:go-waku)';
const libwaku = process.env.WAKU_DESK_LIBWAKU ?? '';

interface Case {
  name: string;
  flags: readonly string[];
  /** Why it cannot be here; null: it can. */
  missing: string | null;
}

const inPlace = libgowaku.found ? [`--library=${libgowaku.path}`] : [];
const missingGo = libgowaku.found ? null : NO_LIBGOWAKU;
const CASES: readonly Case[] = [
  { name: 'js in a utility process', flags: ['--engine=js', '--engine-host=utility'], missing: null },
  { name: 'js in the main process', flags: ['--engine=js', '--engine-host=main'], missing: null },
  {
    name: 'go-waku in a utility process, the profile go-waku',
    flags: ['--profile=go-waku'],
    missing: missingGo,
  },
  {
    name: 'go-waku in the main process',
    flags: ['--profile=go-waku', '--engine-host=main'],
    missing: missingGo,
  },
  {
    name: "the profile nwaku, in the main process, with libgowaku in libwaku's place",
    flags: ['--profile=nwaku', ...inPlace],
    missing: missingGo,
  },
  {
    name: "the profile nwaku, in a utility process, with libgowaku in libwaku's place",
    flags: ['--profile=nwaku', '--engine-host=utility', ...inPlace],
    missing: missingGo,
  },
  {
    name: 'the profile nwaku, in the main process, with libwaku',
    flags: ['--profile=nwaku', `--library=${libwaku}`],
    missing: libwaku === '' ? 'no libwaku: name one with WAKU_DESK_LIBWAKU to run this on nwaku' : null,
  },
];

describe.each(CASES)('$name', ({ flags, missing }) => {
  it(
    "talks with our node and go-waku's, stops, starts and talks again",
    { timeout: TEST_MS },
    async (context) => {
      if (missing !== null) context.skip(missing);
      const go = await startGo(context);
      const inbox = new GoInbox(go);
      const ours = await startNode();
      const connected = [ours.address, go.multiaddr].map((address) => `--connect=${address}`);
      const { window } = await desktop.launch({ flags: [...flags, ...connected] });
      await window.expectChip('2 peers');

      for (const round of ['at first', 'again']) {
        // Heard by the window, from both; said by it, to both.
        await go.publish(TOPIC, goMessage({ text: `from Go ${round}` }));
        await see(window.messages.rows).toHaveCount(round === 'at first' ? 1 : 3);
        await window.goTo('Publish');
        await window.publish.send(`from the window ${round}`, CONTENT_TOPIC);
        const sent = window.publish.sends.first();
        await see(sent).toContainText(/sent to [12] peers?/);
        const text = `from the window ${round}`;
        await ours.cli.waitFor('message', {
          where: ({ payload }) => Buffer.from(payload, 'base64').toString() === text,
        });
        await eventually(`"${text}" at go-waku`, 30_000, async () => {
          const heard = await inbox.read();
          return heard.find(({ payload }) => Buffer.from(payload).toString() === text);
        });
        if (round === 'again') break;
        await window.goTo('Node');
        await window.node.act('Stop');
        await window.expectChip('stopped');
        await window.node.act('Start');
        await window.expectChip('2 peers');
        await window.goTo('Messages');
      }
    },
  );

  it(
    'is quit under traffic: in order, with every message captured whole',
    { timeout: TEST_MS },
    async (context) => {
      if (missing !== null) context.skip(missing);
      const folder = await temporaryFolder();
      const peer = await FixturePublisher.start(TOPIC);
      try {
        const desk = await desktop.launch({ folder, flags: [...flags, `--connect=${peer.address}`] });
        await desk.window.expectChip('1 peer');
        peer.begin(PER_SECOND);
        await expect
          .poll(async () => (await desk.window.messages.counts()).total, { timeout: 60_000 })
          .toBeGreaterThan(PER_SECOND);
        const { code, signal, afterMs } = await quit(desk.app);
        expect({ code, signal }, desk.stderr()).toEqual({ code: 0, signal: null });
        expect(afterMs).toBeLessThan(20_000);
      } finally {
        await peer.end();
      }
      const { messages, gaps, tornBytes } = await readCaptureFiles(join(folder, 'capture'));
      expect(messages.length).toBeGreaterThan(PER_SECOND);
      expect(messages.map(({ seq }) => seq)).toEqual(numbers(1, messages.length));
      expect({ gaps, tornBytes }).toEqual({ gaps: [], tornBytes: 0 });
    },
  );
});
