/** The view of peers: connect, ping, disconnect, with our nodes and go-waku's. */
import { describe, expect, it } from 'vitest';
import { useGoWaku } from '../go-waku.ts';
import { freePort, startNode } from '../nodes.ts';
import { serveForTest, useBrowser } from './browser-host.ts';
import { see, type DeskWindow } from './desk-window.ts';

describe('peers', () => {
  const { openWindow } = useBrowser();

  const startGo = useGoWaku();

  async function openPeers(): Promise<DeskWindow> {
    const serve = await serveForTest();
    const desk = await openWindow(serve.url);
    await desk.goTo('Peers');
    return desk;
  }

  it('connect, ping, disconnect, and connect again by the toast', async () => {
    const other = await startNode(['--agent-string=other-node']);
    const desk = await openPeers();
    const { peers } = desk;
    await desk.expectChip('no peers');
    await peers.connect(other.address);
    await see(peers.rows).toHaveCount(1);
    await see(peers.address).toHaveValue('');
    await see(peers.rows).toContainText('other-node');
    await see(peers.rows).toContainText('manual');
    await desk.expectChip(/online.*1 peer.*mesh 1\/6/);
    await see(peers.rows).toContainText('shard 32: in the mesh');

    await peers.rows.first().click();
    await see(peers.details).toContainText(other.peerId);
    await see(peers.details).toContainText(other.address.split('/p2p/')[0] ?? '');
    await see(peers.details).toContainText('/vac/waku/relay/2.0.0');
    await peers.act('Ping');
    await see(peers.rows.locator('.cell-latency')).toHaveText(/^[\d.,]+\s?(µs|ms|s)$/);

    await peers.act('Disconnect');
    await see(peers.rows).toHaveCount(0);
    await desk.expectChip('no peers');
    expect((await other.cli.waitFor('peerLeft')).peerId).toMatch(/^16Uiu2/);
    await desk.toasts.getByRole('button', { name: 'Connect again' }).click();
    await see(peers.rows).toHaveCount(1);
  });

  it('an address that is none, and one where nobody listens, stay typed with what is wrong', async () => {
    const desk = await openPeers();
    const { peers } = desk;
    await peers.connect('/ip4/127.0.0.1/nonsense');
    await see(peers.problem).toContainText('MULTIADDR_INVALID');
    await see(peers.address).toHaveValue('/ip4/127.0.0.1/nonsense');
    const other = await startNode();
    const dead = other.address.replace(/tcp\/\d+/, `tcp/${await freePort()}`);
    await peers.connect(dead);
    await see(peers.problem).toContainText('CONNECT_FAILED');
    await see(peers.address).toHaveValue(dead);
    await see(peers.rows).toHaveCount(0);
  });

  it("go-waku's node is a peer like any other", { timeout: 15 * 60_000 }, async (context) => {
    const go = await startGo(context);
    const desk = await openPeers();
    await desk.peers.connect(go.multiaddr);
    await see(desk.peers.rows).toContainText('shard 32: in the mesh');
    await desk.peers.rows.first().click();
    await desk.peers.act('Ping');
    await see(desk.peers.rows.locator('.cell-latency')).toHaveText(/^[\d.,]+\s?(µs|ms|s)$/);
  });
});
