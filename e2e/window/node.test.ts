/** The view of the node: shards, settings, log, and a node that is killed. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { publish, startNode } from '../nodes.ts';
import { childrenOf, serveForTest, type RunningServe, useBrowser } from './browser-host.ts';
import { see, type DeskWindow } from './desk-window.ts';

describe('node', () => {
  const { openWindow } = useBrowser();

  async function open(args: readonly string[] = []): Promise<{ desk: DeskWindow; serve: RunningServe }> {
    const serve = await serveForTest(args);
    const desk = await openWindow(serve.url);
    await desk.goTo('Node');
    return { desk, serve };
  }

  it('tells who it is, with which engine, and what that can do', async () => {
    const { desk, serve } = await open();
    const { node } = desk;
    await see(node.state).toHaveText('The node is running');
    await see(node.section('Identity')).toContainText(serve.ready.peerId);
    await see(node.section('Identity')).toContainText(serve.address);
    await see(node.section('Engine')).toContainText(serve.ready.engineVersion);
    await see(node.section('Engine')).toContainText('RLN_NEEDS_NWAKU');
  });

  it('a shard switched off hears nothing, switched on it hears again', async () => {
    const { desk, serve } = await open();
    const { node } = desk;
    const other = await startNode([`--connect=${serve.address}`]);
    await see(node.shardLine(32)).toContainText('mesh 1/6');
    await node.shard(32).click();
    await see(node.shard(32)).toHaveAttribute('aria-checked', 'false');
    await other.cli.waitFor('meshChanged', { where: ({ peerIds }) => peerIds.length === 0 });
    await publish(other.address, { payload: 'unheard' });
    // A neighbour offers what it saw in the last heartbeats to those who join.
    await delay(8_000);
    await node.shard(32).click();
    await see(node.shard(32)).toHaveAttribute('aria-checked', 'true');
    // Gossipsub's prune backoff keeps the two out of each other's mesh for a while.
    await see.configure({ timeout: 90_000 })(node.shardLine(32)).toContainText('mesh 1/6');
    await publish(other.address, { payload: 'heard', contentTopic: '/waku-desk/1/heard/proto' });
    await desk.goTo('Messages');
    await see(desk.messages.rows).toHaveCount(1);
    await see(desk.messages.rows).toContainText('/waku-desk/1/heard/proto');
  });

  it('another shard is relayed on request', async () => {
    const { desk } = await open();
    const { page, node } = desk;
    await page.getByLabel('Relay another').fill('70000');
    await page.getByRole('button', { name: 'Relay', exact: true }).click();
    await see(page.locator('#add-shard-note')).toContainText('from 0 to 65535');
    await page.getByLabel('Relay another').fill('33');
    await page.getByRole('button', { name: 'Relay', exact: true }).click();
    await see(node.shardLine(33)).toContainText('/waku/2/rs/16/33');
  });

  it('a killed node comes back by itself with its key, its port, its shards and its peers', async () => {
    const other = await startNode();
    const { desk, serve } = await open([`--connect=${other.address}`]);
    await desk.expectChip(/online.*1 peer/);
    const [child] = await childrenOf(serve.cli.pid);
    expect(child, 'the process of the node').toBeDefined();
    process.kill(child ?? -1, 'SIGKILL');
    await desk.expectChip('restarting');
    await desk.expectChip(/online.*1 peer.*mesh 1\/6/);
    await see(desk.node.section('Identity')).toContainText(serve.address);
    await see(desk.node.shard(32)).toHaveAttribute('aria-checked', 'true');
    await publish(other.address, { payload: 'after the end' });
    await desk.goTo('Messages');
    await see(desk.messages.rows).toHaveCount(1);
    await desk.goTo('Node');
    await desk.node.openTab('Log');
    await see(desk.node.logLines.filter({ hasText: 'The node runs again' })).toHaveCount(1);
  });

  it('a crash leaves a report: its file is named to who runs the host, and the page saves it', async () => {
    const { desk, serve } = await open();
    const [child] = await childrenOf(serve.cli.pid);
    process.kill(child ?? -1, 'SIGSEGV');
    await desk.expectChip('restarting');
    const crashes = desk.node.section('Crashes');
    await see(crashes).toContainText('was ended by SIGSEGV');
    await see(desk.page.getByRole('alert').getByRole('button', { name: 'Save crash report' })).toBeVisible();
    const [download] = await Promise.all([
      desk.page.waitForEvent('download'),
      crashes.getByRole('button', { name: 'Save crash report' }).click(),
    ]);
    const line = await serve.cli.until(
      'the crash',
      () => /crash: .* Report: (.*\.json)/.exec(serve.cli.stderr) ?? undefined,
    );
    expect(download.suggestedFilename()).toBe(basename(line[1] ?? ''));
    const report = await readFile(line[1] ?? '', 'utf8');
    expect(await readFile(await download.path(), 'utf8')).toBe(report);
    expect(JSON.parse(report)).toMatchObject({ end: { kind: 'signal', signal: 'SIGSEGV' }, pid: child });
    await desk.expectChip('no peers');
    await see(desk.node.section('Traffic and capture')).toContainText(/of a core, [\d.]+ MiB memory/);
  });

  it('stop, start and restart', async () => {
    const { desk } = await open();
    const { node } = desk;
    await node.act('Stop');
    await desk.expectChip('stopped');
    await see(node.state).toHaveText('The node is stopped');
    await desk.goTo('Messages');
    await desk.page.getByRole('main').getByRole('button', { name: 'Start the node' }).click();
    await desk.expectChip('no peers');
    await desk.goTo('Node');
    await node.act('Restart');
    await see(desk.toasts).toContainText('The node was restarted');
    await see(node.state).toHaveText('The node is running');
  });

  it('settings with which the node does not start leave it running as it was', async () => {
    const { desk, serve } = await open();
    const { node } = desk;
    const other = await startNode();
    await node.openTab('Settings');
    for (const [label, text, code] of [
      [/^TCP port/, /tcp\/(\d+)/.exec(other.address)?.[1] ?? '', 'PORT_IN_USE'],
      [/^Content topics/, 'none', 'CONFIG_INVALID'],
      [/^Static nodes/, 'garbage', 'MULTIADDR_INVALID'],
    ] as const) {
      await node.settings.getByLabel(label).fill(text);
      await node.settings.getByRole('button', { name: 'Apply and restart' }).click();
      await see(desk.page.getByRole('main').getByRole('alert')).toContainText(code);
      await see(node.settings.getByLabel(label)).toHaveValue(text);
      await desk.expectChip('no peers');
      await node.settings.getByRole('button', { name: 'Undo changes' }).click();
    }
    await node.openTab('Overview');
    await see(node.section('Identity')).toContainText(serve.address);
  });

  it('settings are changed, and refused ones stay typed', async () => {
    const { desk } = await open();
    const { node } = desk;
    await node.openTab('Settings');
    const port = node.settings.getByLabel(/^TCP port/);
    await port.fill('99999');
    await see(node.settings.getByRole('button', { name: 'Apply and restart' })).toBeDisabled();
    await see(port).toHaveValue('99999');
    await port.fill('');
    await port.fill('0');
    await node.settings.getByLabel(/^Agent/).fill('renamed-node');
    await node.settings.getByRole('button', { name: 'Apply and restart' }).click();
    await see(desk.toasts).toContainText('new settings');
    const other = await startNode();
    await desk.goTo('Peers');
    await desk.peers.connect(other.address);
    expect(
      await other.cli.waitFor('peerIdentified', { where: ({ agent }) => agent === 'renamed-node' }),
    ).toBeDefined();
  });

  it('the demo shows life, and ends when it is told to', async () => {
    const { desk } = await open();
    await desk.goTo('Messages');
    await desk.page.getByRole('main').getByRole('button', { name: 'Start the demo' }).click();
    await desk.expectChip(/3 peers/);
    await see(desk.messages.row('/toy-chat/2/huilong/proto').first()).toBeVisible();
    await desk.command('stop the demo');
    await desk.expectChip('no peers');
  });
});
