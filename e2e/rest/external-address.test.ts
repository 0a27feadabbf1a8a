/** `--nat=extip:IP`: what a node tells others of its addresses. */
import { describe, expect, it } from 'vitest';
import { runCli } from '../cli-process.ts';
import { GO_WAKU, needsLibgowaku, nwakuInPlace } from '../libgowaku.ts';
import { startRestNode } from './rest-node.ts';

const IP = '10.1.2.3';
describe('a node with an external address', () => {
  it('tells it, on the engine js', () => tellsIt([]));
  it('tells it, on the engine go-waku', async (context) => {
    await needsLibgowaku(context);
    await tellsIt([GO_WAKU]);
  });
  it("tells it, on nwaku's adapter, with libgowaku in libwaku's place", async (context) =>
    tellsIt(await nwakuInPlace(context)));

  it('refuses one that is none before it starts', async () => {
    const { exit, stderr } = await runCli(['node', '--nat=extip:here']);
    expect(exit.code).toBe(2);
    expect(stderr).toContain('externalAddress: must be an IP address');
  });
});

async function tellsIt(flags: readonly string[]): Promise<void> {
  const node = await startRestNode([...flags, '--listen-address=0.0.0.0', `--nat=extip:${IP}`]);
  const info = JSON.parse((await node.call('/debug/v1/info')).text) as {
    listenAddresses: string[];
  };
  // go-waku tells those that it listens on behind it.
  expect(info.listenAddresses[0]).toBe(`/ip4/${IP}/tcp/${node.tcpPort}/p2p/${node.peerId}`);
  if (flags.length === 0) expect(info.listenAddresses).toHaveLength(1);
  expect(node.tcpPort).toBeGreaterThan(0);
  const other = await startRestNode(flags);
  const connected = await other.call('/admin/v1/peers', {
    method: 'POST',
    body: JSON.stringify([`/ip4/127.0.0.1/tcp/${node.tcpPort}/p2p/${node.peerId}`]),
  });
  expect(connected).toMatchObject({ status: 200 });
  expect(node.cli.stderr).not.toContain('--nat');
}
