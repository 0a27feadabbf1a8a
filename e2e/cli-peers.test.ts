/** `waku-desk peers` and `waku-desk ping`. */
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from './cli-process.ts';
import { freePort, startNode, TOPIC } from './nodes.ts';

describe('peers', () => {
  it('tells what the node at the other end is', async () => {
    const { address, peerId } = await startNode(['--agent-string=the other end', '--shard=32', '--shard=7']);
    const cli = await runCli(['peers', `--connect=${address}`, '--json']);
    expect(cli.exit.code, cli.stderr).toBe(0);
    const [peer, ...more] = cli.lines('peer');
    expect(more).toEqual([]);
    expect(peer).toMatchObject({
      peerId,
      agent: 'the other end',
      direction: 'outbound',
      meshTopics: [TOPIC],
    });
    expect(peer?.addresses).toContain(address);
    expect(peer?.shards?.sort((a, b) => a - b)).toEqual([7, 32]);
    expect(peer?.protocols).toEqual(
      expect.arrayContaining([
        '/vac/waku/relay/2.0.0',
        '/vac/waku/metadata/1.0.0',
        '/ipfs/id/1.0.0',
        '/ipfs/ping/1.0.0',
      ]),
    );
    expect(peer?.latencyMs).toBeGreaterThan(0);
  });

  it('names several nodes, for people as well', async () => {
    const nodes = [await startNode(), await startNode()];
    const cli = await runCli(['peers', ...nodes.map(({ address }) => `--connect=${address}`)]);
    expect(cli.exit.code, cli.stderr).toBe(0);
    for (const { peerId } of nodes) expect(cli.stdout).toMatch(new RegExp(`^${peerId}$`, 'm'));
    expect(cli.stdout).toMatch(/^ {2}protocol {3}\/vac\/waku\/relay\/2\.0\.0$/m);
  });

  it('ends with 3 where nobody listens', async () => {
    const cli = await runCli(['peers', `--connect=/ip4/127.0.0.1/tcp/${await freePort()}`, '--json']);
    expect(cli.exit.code).toBe(3);
    expect(cli.error().code).toBe('CONNECT_FAILED');
  });
});

describe('ping', () => {
  it('measures round trips and sums them up', async () => {
    const { address, peerId } = await startNode();
    const cli = await runCli(['ping', address, '--count=3', '--interval-ms=10', '--json']);
    expect(cli.exit.code, cli.stderr).toBe(0);
    expect(cli.lines('pong').map((pong) => pong.peerId)).toEqual([peerId, peerId, peerId]);
    const [summary] = cli.lines('summary');
    expect(summary).toMatchObject({ sent: 3, answered: 3 });
    expect(summary?.minMs).toBeGreaterThan(0);
    expect(summary?.minMs).toBeLessThanOrEqual(summary?.medianMs ?? 0);
    expect(summary?.medianMs).toBeLessThanOrEqual(summary?.maxMs ?? 0);
    expect(summary?.maxMs).toBeLessThan(1_000);
  });

  it('ends with 4 when the node does not answer', async () => {
    const { cli: node, address } = await startNode();
    const ping = startCli([
      'ping',
      address,
      '--count=2',
      '--interval-ms=1000',
      '--timeout-ms=3000',
      '--json',
    ]);
    // One answer before the pause, none after it.
    await ping.waitFor('pong');
    node.signal('SIGSTOP');
    expect(await ping.waitForExit()).toMatchObject({ code: 4 });
    node.signal('SIGCONT');
    expect(ping.lines('summary')).toEqual([expect.objectContaining({ sent: 2, answered: 1 })]);
    expect(ping.error()).toMatchObject({ code: 'PING_FAILED', message: '1 of 2 pings got no answer.' });
  });

  it('ends with 3 where nobody listens', async () => {
    const cli = await runCli(['ping', `/ip4/127.0.0.1/tcp/${await freePort()}`]);
    expect(cli.exit.code).toBe(3);
    expect(cli.stderr).toContain('[CONNECT_FAILED]');
  });
});
