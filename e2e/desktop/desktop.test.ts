/** The desktop app from the outside: it starts, shows its node, sends, and ends in order. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCaptureFiles } from '../capture-files.ts';
import { CONTENT_TOPIC, publish, startNode } from '../nodes.ts';
import { see } from '../window/desk-window.ts';
import { useDesktop } from './launch-desk.ts';

const desktop = useDesktop();

describe('the desktop app', () => {
  it('opens a window with a running node, shows what another node sends, and keeps it', async () => {
    const node = await startNode();
    const { window, folder } = await desktop.launch({ flags: [`--connect=${node.address}`] });
    await window.expectChip('1 peer');
    await publish(node.address, { payload: 'to the desktop' });
    await see(window.messages.rows).toHaveCount(1);
    const { messages } = await readCaptureFiles(join(folder, 'capture'));
    expect(messages.map(({ dir, contentTopic }) => [dir, contentTopic])).toEqual([['in', CONTENT_TOPIC]]);
  });

  it('sends what is typed, and the other node hears it', async () => {
    const node = await startNode();
    const { window } = await desktop.launch({ flags: [`--connect=${node.address}`] });
    await window.expectChip('1 peer');
    await window.goTo('Publish');
    await window.publish.send('from the desktop', CONTENT_TOPIC);
    const { payload } = await node.cli.waitFor('message');
    expect(Buffer.from(payload, 'base64').toString()).toBe('from the desktop');
  });
});
