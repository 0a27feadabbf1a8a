/** `waku-desk canary`: what it says of a node, and how it ends. */
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli, type CliProcess } from './cli-process.ts';
import { useGoWaku } from './go-waku.ts';
import { freePort, startNode, startSharedNode, type RunningNode } from './nodes.ts';

const startGo = useGoWaku();

let node: RunningNode;
beforeAll(async () => {
  node = await startSharedNode(['--shard=32', '--shard=64']);
  return () => node.cli.end();
});

const outcomes = (cli: CliProcess): [string, string][] =>
  cli.lines('check').map(({ name, outcome }) => [name, outcome]);

describe('canary', () => {
  it('passes a node that has what is asked for', async () => {
    const flags = ['--protocol=relay', '-p', '/vac/waku/metadata/1.0.0', '--shard=32', '--shard=64'];
    const cli = await runCli(['canary', node.address, ...flags, '--json']);
    expect(cli.exit).toMatchObject({ code: 0 });
    expect(outcomes(cli)).toEqual([
      ['reach', 'pass'],
      ['cluster', 'pass'],
      ['protocol.relay', 'pass'],
      ['protocol./vac/waku/metadata/1.0.0', 'pass'],
      ['shard.32', 'pass'],
      ['shard.64', 'pass'],
      ['ping', 'pass'],
    ]);
    expect(cli.lines('check')[0]?.seen).toBe(node.peerId);
    expect(cli.lines('checkSummary')).toEqual([
      { event: 'checkSummary', pass: 7, fail: 0, notApplicable: 0 },
    ]);
  });

  it('fails for a protocol and a shard that are missing, with exit code 1', async () => {
    const cli = await runCli(['canary', `--address=${node.address}`, '-p', 'store', '--shard=7', '--json']);
    expect(cli.exit).toMatchObject({ code: 1 });
    expect(outcomes(cli)).toEqual([
      ['reach', 'pass'],
      ['cluster', 'pass'],
      ['protocol.store', 'fail'],
      ['shard.7', 'fail'],
      ['ping', 'pass'],
    ]);
    expect(cli.lines('check')[3]).toMatchObject({ expected: 'shard 7', seen: 'shards 32 64' });
    expect(cli.error()).toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('(and 1 more)') as string,
    });
  });

  it('fails for another cluster, and looks no further', async () => {
    const cli = await runCli(['canary', node.address, '--cluster-id=2', '-p', 'relay', '--json']);
    expect(cli.exit).toMatchObject({ code: 3 });
    expect(cli.error().code).toBe('WRONG_CLUSTER');
    expect(outcomes(cli)).toEqual([
      ['reach', 'pass'],
      ['cluster', 'fail'],
      ['protocol.relay', 'notApplicable'],
      ['ping', 'notApplicable'],
    ]);
  });

  it('fails for a node that is not there', async () => {
    const cli = await runCli(['canary', `/ip4/127.0.0.1/tcp/${await freePort()}`, '--json']);
    expect(cli.exit).toMatchObject({ code: 3 });
    expect(cli.error().code).toBe('CONNECT_FAILED');
    expect(outcomes(cli)[0]).toEqual(['reach', 'fail']);
  });

  it('fails for a node that stands still, after the time that it was given', async () => {
    const still = await startNode();
    still.cli.signal('SIGSTOP');
    const cli = await runCli(['canary', still.address, '--timeout=2', '--json']);
    expect(cli.exit).toMatchObject({ code: 4 });
    expect(cli.error().code).toBe('TIMED_OUT');
  });

  it('passes go-waku, and says it to people', async (context) => {
    const go = await startGo(context);
    const cli = await runCli(['canary', go.multiaddr, '-p', 'relay', '--shard=32']);
    expect(cli.exit).toMatchObject({ code: 0 });
    expect(cli.stdout).toMatch(
      /^pass {2}reach .*\npass {2}cluster .*\npass {2}protocol\.relay .*\npass {2}shard\.32 .*\npass {2}ping .* ms\n5 checks: 5 passed, 0 failed; 0 not applicable\n$/,
    );
  });

  it.each([
    [['canary']],
    [['canary', '/ip4/127.0.0.1/tcp/1', '--address=/ip4/127.0.0.1/tcp/1']],
    [['canary', 'nonsense']],
    [['canary', '/ip4/127.0.0.1/tcp/1', '--protocol=relais']],
    [['canary', '/ip4/127.0.0.1/tcp/1', '--timeout=0']],
  ])('refuses %j with exit code 2', async (args) => {
    const cli = await runCli([...args, '--json']);
    expect(cli.exit).toMatchObject({ code: 2 });
    expect(cli.error().hint).not.toBe('');
  });
});
