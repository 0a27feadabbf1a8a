/** What the builds of the desktop app can and cannot do, as their users meet it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateNodeLibrary } from '../../native/library/node-library.ts';
import { eventually, goMessage, useGoWaku } from '../go-waku.ts';
import { needsLibgowaku } from '../libgowaku.ts';
import { CONTENT_TOPIC, startNode, temporaryFolder, TOPIC } from '../nodes.ts';
import { see } from '../window/desk-window.ts';
import { chooseFiles } from './dialogs.ts';
import { useDesktop } from './launch-desk.ts';

const TEST_MS = 240_000;
const desktop = useDesktop();
const startGo = useGoWaku();

/** A user's folder in which no node library lies. */
async function withoutLibraries(): Promise<Record<string, string>> {
  const folder = await temporaryFolder();
  return { XDG_DATA_HOME: folder, WAKU_DESK_LIBWAKU: '', WAKU_DESK_LIBGOWAKU: '' };
}

describe('the profile go-waku', () => {
  it(
    'becomes a light client in the settings, hears through a service node and publishes by it',
    { timeout: TEST_MS },
    async (context) => {
      await needsLibgowaku(context);
      const service = await startGo(context, { services: ['filter', 'lightpush'] });
      const { window } = await desktop.launch({ flags: ['--profile=go-waku'] });
      await window.expectChip('no peers');
      await window.goTo('Node');
      await window.node.openTab('Settings');
      const { settings } = window.node;
      await settings.getByLabel('Mode').selectOption('light client');
      await settings.getByLabel(/^Content topics/).fill(CONTENT_TOPIC);
      await settings.getByRole('button', { name: 'Apply and restart' }).click();
      await window.expectChip('connect to a service node');
      await window.goTo('Peers');
      await window.peers.connect(service.multiaddr);
      await window.goTo('Messages');
      // A service node tells nobody who subscribed: it sends until it is heard.
      await eventually('message by filter', 60_000, async () => {
        await service.publish(TOPIC, goMessage({ text: 'by filter' }));
        return (await window.messages.rows.count()) > 0 ? true : undefined;
      });
      await window.goTo('Publish');
      await window.publish.send('by lightpush', CONTENT_TOPIC);
      await see(window.publish.sends.first()).toContainText('accepted');
      await eventually('message of the light client at its service node', 30_000, async () => {
        const heard = await service.messages(TOPIC);
        return heard.find(({ payload }) => Buffer.from(payload).toString() === 'by lightpush');
      });
    },
  );
});

describe('the profile nwaku', () => {
  const isNamed = (process.env.WAKU_DESK_LIBWAKU ?? '') !== '';
  const onWhat = isNamed ? 'with the libwaku of WAKU_DESK_LIBWAKU' : "with libgowaku in libwaku's place";

  it(
    `without its library opens the doctor; the file that is chosen there, by a dialog that is stubbed, is staged and runs, ${onWhat}; no light client is offered`,
    { timeout: TEST_MS },
    async (context) => {
      const library = await locateNodeLibrary(isNamed ? 'libwaku' : 'libgowaku');
      if (!library.found)
        return context.skip('libgowaku is not built here: it needs Go (npm run native:go-waku)');
      const peer = await startNode();
      const environment = await withoutLibraries();
      const { app, window } = await desktop.launch({
        flags: ['--profile=nwaku', `--connect=${peer.address}`],
        environment,
      });
      await window.expectChip('LIBRARY_MISSING');
      await window.expectView('Doctor');
      await see(window.doctor.finding('libwaku')).toContainText('then choose the file');
      await chooseFiles(app, [library.path]);
      await window.doctor.finding('libwaku').getByRole('button', { name: 'Choose the file…' }).click();
      await window.expectChip('1 peer');
      const staged = join(environment.XDG_DATA_HOME ?? '', 'waku-desk', 'native');
      expect(await readFile(join(staged, 'libwaku.so.sha256'), 'utf8')).toContain(library.sha256);

      await window.goTo('Node');
      await window.node.openTab('Settings');
      const { settings } = window.node;
      await see(settings.getByLabel('Mode')).toBeDisabled();
      await see(settings).toContainText('The nwaku build relays only');
      await see(settings).toContainText('LIGHT_CLIENT_DISABLED');
    },
  );
});
