/** `--websocket-support --websocket-port`: a node that is reached over WebSockets as well as TCP. */
import { describe, expect, it } from 'vitest';
import { runCli } from '../cli-process.ts';
import { GO_WAKU, needsLibgowaku, nwakuInPlace } from '../libgowaku.ts';
import { freePort, publish } from '../nodes.ts';
import { startRestNode, type RestNode } from './rest-node.ts';

const WEBSOCKET = '--websocket-support=true';

describe('a node that listens for WebSockets', () => {
  it('is met over them, on the engine js', () => isMet([], []));
  it('is met over them by go-waku, on the engine js', async (context) => {
    await needsLibgowaku(context);
    await isMet([], [GO_WAKU]);
  });
  it('is met over them by js, on the engine go-waku', async (context) => {
    await needsLibgowaku(context);
    await isMet([GO_WAKU], []);
  });
  it("is met over them, on nwaku's adapter, with libgowaku in libwaku's place", async (context) =>
    isMet(await nwakuInPlace(context), []));

  it('does not start on a port that is taken, on the engine js', () => isRefused([]));
  it('does not start on a port that is taken, on the engine go-waku', async (context) => {
    await needsLibgowaku(context);
    await isRefused([GO_WAKU]);
  });
});

async function isMet(flags: readonly string[], flagsOfOther: readonly string[]): Promise<void> {
  const port = await freePort();
  const [node, other] = await Promise.all([
    startRestNode([...flags, WEBSOCKET, `--websocket-port=${port}`]),
    startRestNode(flagsOfOther),
  ]);
  const [tcp, webSocket, ...more] = await addressesOf(node);
  expect(more).toEqual([]);
  expect(tcp).toBe(`/ip4/127.0.0.1/tcp/${node.tcpPort}/p2p/${node.peerId}`);
  expect(webSocket).toBe(`/ip4/127.0.0.1/tcp/${port}/ws/p2p/${node.peerId}`);
  const met = await other.call('/admin/v1/peers', { method: 'POST', body: JSON.stringify([webSocket]) });
  expect(met).toMatchObject({ status: 200 });
  await node.cli.waitFor('meshChanged', { where: ({ peerIds }) => peerIds.includes(other.peerId) });
  await other.cli.waitFor('meshChanged', { where: ({ peerIds }) => peerIds.includes(node.peerId) });
  const sent = await publish(other.address, { payload: 'over WebSockets' });
  expect(sent.exit.code).toBe(0);
  const payload = Buffer.from('over WebSockets').toString('base64');
  await node.cli.waitFor('message', { where: (message) => message.payload === payload });
  expect(node.cli.stderr).not.toContain('--websocket');
  await node.cli.terminate();
  await other.cli.waitFor('peerLeft', { where: ({ peerId }) => peerId === node.peerId });
}

async function addressesOf(node: RestNode): Promise<string[]> {
  const { text } = await node.call('/debug/v1/info');
  return (JSON.parse(text) as { listenAddresses: string[] }).listenAddresses;
}

async function isRefused(flags: readonly string[]): Promise<void> {
  const { tcpPort } = await startRestNode();
  const { exit, stderr } = await runCli(['node', ...flags, WEBSOCKET, `--websocket-port=${tcpPort}`]);
  expect(exit.code).toBeGreaterThan(0);
  expect(stderr).toMatch(new RegExp(`Port .*${tcpPort}.* (is taken|is in use)`));
}
