/** `waku-desk node`: what it prints, that it is one process, and how it ends. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseLine, parseLines, type ReadyLine } from './cli-lines.ts';
import { ROOT, runCli, startCli } from './cli-process.ts';
import { freePort, publish, publishArgs, startNode, TOPIC } from './nodes.ts';

/** A key and the peer id that go-waku's own node has with it. */
const NODE_KEY = '364d111d729a6eb6d3e6113e163f017b5ef03a6f94c9b5b7bb1bb36fa5cb07a9';
const PEER_ID = '16Uiu2HAmL6ggBiq3BzrW43b97UGE9k76bLJCpFLMqEgx6YRDZ5Dp';

/** What the program promises for SIGTERM. */
const STOP_MS = 5_000;

describe('what a node prints', () => {
  it('prints the ready event first, with the documented keys and no others', async () => {
    const { cli, ready } = await startNode();
    expect(Object.keys(parseLine(cli.stdoutLines[0] ?? ''))).toEqual([
      'event',
      'engine',
      'engineVersion',
      'peerId',
      'listenAddresses',
      'enr',
      'restPort',
      'metricsPort',
      'clusterId',
      'pubsubTopics',
      'light',
      'capture',
      'pid',
    ]);
    expect(ready).toMatchObject({
      engine: 'js',
      restPort: null,
      clusterId: 16,
      pubsubTopics: [TOPIC],
      capture: null,
    });
    expect(ready.peerId).toMatch(/^16Uiu2HA[1-9A-HJ-NP-Za-km-z]{45}$/);
    expect(ready.listenAddresses).toEqual([
      expect.stringMatching(new RegExp(`^/ip4/127\\.0\\.0\\.1/tcp/[1-9]\\d*/p2p/${ready.peerId}$`)),
    ]);
  });

  it('takes the value of a flag after a space and after an equals sign', async () => {
    const [spaced, equals] = [await freePort(), await freePort()];
    const nodes = await Promise.all([
      startNode(['--tcp-port', String(spaced), '--cluster-id', '17', '--shard', '3', '--shard', '4']),
      startNode([`--tcp-port=${equals}`, '--cluster-id=17', '--shard=3', '--shard=4']),
    ]);
    expect(nodes.map(({ address }) => /\/tcp\/(\d+)\//.exec(address)?.[1])).toEqual([
      String(spaced),
      String(equals),
    ]);
    for (const { ready } of nodes)
      expect(ready).toMatchObject({ clusterId: 17, pubsubTopics: ['/waku/2/rs/17/3', '/waku/2/rs/17/4'] });
  });

  it('relays the shards that content topics and pubsub topics ask for', async () => {
    const { ready } = await startNode([
      '--cluster-id=1',
      '--num-shards-in-network=8',
      '--content-topic=/toychat/2/huilong/proto',
      '--pubsub-topic=/waku/2/rs/1/6',
    ]);
    expect(ready.pubsubTopics).toEqual(['/waku/2/rs/1/3', '/waku/2/rs/1/6']);
  });

  it('prints nothing but NDJSON on standard output, whatever happens', async () => {
    const { cli, address } = await startNode([
      '--log-level=trace',
      '--rest',
      '--staticnode=/ip4/127.0.0.1/tcp/1',
    ]);
    await publish(address);
    await publish(address, { flags: ['--cluster-id=17'] });
    await cli.waitFor('message');
    await cli.terminate();
    const events = parseLines(cli.stdout).map(({ event }) => event);
    expect(events.at(0)).toBe('ready');
    expect(events.at(-1)).toBe('stopped');
    expect(cli.stdout.endsWith('\n')).toBe(true);
    expect(cli.lines('peerLeft').map(({ reason }) => reason)).toContainEqual(
      expect.stringContaining('cluster 17'),
    );
  });

  it('prints lines that people can read without --json', async () => {
    const port = await freePort();
    const cli = startCli(['node', `--tcp-port=${port}`]);
    const listens = await cli.until('its address', () => /listens on (\S+)/.exec(cli.stdout)?.[1]);
    await publish(listens, { payload: 'good morning', contentTopic: '/toy-chat/2/huilong/proto' });
    await cli.until('the message', () => (cli.stdout.includes('good morning') ? true : undefined));
    expect(await cli.terminate()).toMatchObject({ code: 0 });

    const [first, second, third] = cli.stdoutLines;
    expect(first).toMatch(/^Node 16Uiu2\w+ \(js: libp2p .*\)$/);
    expect(second).toBe(`  listens on ${listens}`);
    expect(third).toBe(`  relays     ${TOPIC}`);
    expect(cli.stdoutLines.find((line) => line.includes('good morning'))).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {2}in {3}16\/32 {2}\/toy-chat\/2\/huilong\/proto {2}12 B {2}0x[0-9a-f]{6}…[0-9a-f]{4} {2}good morning$/,
    );
    expect(cli.stdoutLines.at(-1)).toBe('Stopped: 1 received, 0 published, 0 dropped, 0 not captured.');
    expect(cli.stdout).not.toContain('{');
  });

  it('prints no messages and peers with --quiet', async () => {
    const { cli, address } = await startNode(['--quiet']);
    await publish(address);
    await cli.terminate();
    expect(parseLines(cli.stdout).map(({ event }) => event)).toEqual(['ready', 'stopped']);
    expect(cli.lines('stopped')).toEqual([expect.objectContaining({ received: 1 })]);
  });
});

describe('the node key', () => {
  it('gives the peer id that other implementations derive from it', async () => {
    const { ready } = await startNode([`--nodekey=${NODE_KEY}`]);
    expect(ready.peerId).toBe(PEER_ID);
  });

  it('appears in no output, at any log level', async () => {
    const { cli, address } = await startNode([`--nodekey=${NODE_KEY}`, '--log-level=trace']);
    await publish(address);
    await cli.terminate();
    expect(cli.stdout + cli.stderr).not.toContain(NODE_KEY.slice(0, 16));
  });

  it('appears in no error message, however it is mistyped', async () => {
    const secret = 'c0ffee15600d'.repeat(5);
    for (const args of [
      [`--nodekey=${secret}`],
      [`--nodekey=${secret}zzzz`],
      ['--nodekey', `${secret}0000000`],
      [`--node-key=${secret}0000`],
      ['--nodkey', `${secret}0000`],
      ['--nodekey', '', `${secret}0000`],
    ]) {
      const cli = await runCli(['node', '--json', ...args]);
      expect.soft({ args, code: cli.exit.code }).toEqual({ args, code: 2 });
      expect.soft(cli.stdout + cli.stderr, args.join(' ')).not.toContain('c0ffee15600d');
    }
  });
});

describe('one process', () => {
  it('is the node itself: the pid that was started is the pid in the ready event', async () => {
    const { cli, ready } = await startNode();
    expect(ready.pid).toBe(cli.pid);
  });

  it('is paused by SIGSTOP and goes on after SIGCONT with everything that was sent meanwhile', async () => {
    const { cli, address } = await startNode();
    const publisher = startCli(publishArgs(address, { flags: ['--repeat=60', '--rate=20'] }));
    await cli.waitForCount('message', 10);
    cli.signal('SIGSTOP');
    await delay(200);
    const whenStopped = cli.lines('message').length;
    await delay(1_000);
    expect(cli.lines('message')).toHaveLength(whenStopped);
    cli.signal('SIGCONT');
    const messages = await cli.waitForCount('message', 60);
    expect(new Set(messages.map(({ hash }) => hash)).size).toBe(60);
    expect(await publisher.waitForExit()).toMatchObject({ code: 0 });
  });
});

describe('how a node ends', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends cleanly on %s', async (signal) => {
    const { cli } = await startNode();
    const exit = await cli.terminate(signal);
    expect(exit).toMatchObject({ code: 0, signal: null });
    expect(exit.afterMs).toBeLessThan(STOP_MS);
    expect(cli.lines('stopped')).toHaveLength(1);
    expect(cli.stderr).toBe('');
  });

  it.each([
    ['a peer that sends 200 messages a second', 1, ['--rate=200'], 300],
    ['three peers that send as fast as they can', 3, [], 600],
  ])('ends cleanly on SIGTERM in time with %s', async (_what, publishers, flags, messages) => {
    const { cli, address } = await startNode();
    const subscriber = startCli(['subscribe', `--connect=${address}`, '--json']);
    await subscriber.until('listening', () =>
      subscriber.stderr.includes('listening on') ? true : undefined,
    );
    const args = publishArgs(address, { flags: ['--repeat=1000000', ...flags] });
    const others = [subscriber, ...Array.from({ length: publishers }, () => startCli(args))];
    await cli.waitForCount('message', messages);
    const exit = await cli.terminate('SIGTERM', 60_000);
    expect(exit).toMatchObject({ code: 0, signal: null });
    expect(exit.afterMs).toBeLessThan(STOP_MS);
    expect(cli.stderr).not.toMatch(/took too long|uncaught|defect/i);
    expect(cli.lines('stopped')).toHaveLength(1);
    await Promise.all(others.map((other) => other.end()));
  });

  it('ends cleanly on SIGTERM in time when nobody reads its output', async () => {
    const port = await freePort();
    const cli = startCli(['node', '--json', `--tcp-port=${port}`], { readsOutput: false });
    const address = `/ip4/127.0.0.1/tcp/${port}`;
    await untilListening(address);
    const input = 'x'.repeat(1_024);
    const sent = await publish(address, { payload: '-', input, flags: ['--repeat=3000'] });
    expect(sent.exit.code).toBe(0);
    const exit = await cli.terminate();
    expect(exit).toMatchObject({ code: 0, signal: null });
    expect(exit.afterMs).toBeLessThan(STOP_MS);
    expect(cli.stderr).not.toContain('took too long');
  });

  it('goes on relaying while nobody reads its output', async () => {
    const port = await freePort();
    startCli(['node', '--json', `--tcp-port=${port}`], { readsOutput: false });
    const address = `/ip4/127.0.0.1/tcp/${port}`;
    await untilListening(address);
    const subscriber = startCli([
      'subscribe',
      `--connect=${address}`,
      '--json',
      '--count=600',
      '--timeout-ms=60000',
    ]);
    await subscriber.until('listening', () =>
      subscriber.stderr.includes('listening on') ? true : undefined,
    );
    await publish(address, {
      payload: '-',
      input: 'x'.repeat(4_096),
      flags: ['--repeat=600', '--rate=200'],
    });
    expect(await subscriber.waitForExit(65_000)).toMatchObject({ code: 0 });
  });

  it('ends when the reader of its output is gone', async () => {
    const cli = startCli(['-c', `'${ROOT}/waku-desk' node --json | head -n 1`], { program: '/bin/sh' });
    const ready = await cli.waitFor('ready');
    onTestFinished(() => {
      if (isRunning(ready.pid)) process.kill(ready.pid, 'SIGKILL');
    });
    // It notices with the next line that it prints.
    await publish(addressOf(ready));
    // The shell ends when the whole pipe has ended.
    await cli.waitForExit(STOP_MS);
    expect(isRunning(ready.pid)).toBe(false);
    expect(cli.stdoutLines).toHaveLength(1);
    expect(cli.stderr).not.toMatch(/EPIPE|^error/m);
  });

  it('refuses a port that is taken, with exit code 6, and leaves the first node alone', async () => {
    const first = await startNode();
    const port = /\/tcp\/(\d+)\//.exec(first.address)?.[1] ?? '';
    const second = await runCli(['node', '--json', `--tcp-port=${port}`]);
    expect(second.exit.code).toBe(6);
    expect(second.error()).toMatchObject({ code: 'PORT_IN_USE', operation: 'engine.start' });
    expect(second.error().message).toContain(port);
    expect(second.error().hint).toMatch(/another port/);
    expect(second.stdout).toBe('');
    await publish(first.address);
    await first.cli.waitFor('message');
  });
});

describe('flags of wakunode2 that the engine cannot honour', () => {
  it('are named in one warning on standard error, and the node runs', async () => {
    const { cli } = await startNode([
      '--store=true',
      '--rest-private',
      '--discv5-discovery',
      '--relay=false',
      '--nat=upnp',
      '--websocket-secure-support=true',
      '--metrics-logging=true',
      '--rln-relay-chain-id=1',
    ]);
    await cli.terminate();
    const warnings = cli.stderr.split('\n').filter((line) => line !== '');
    expect(warnings).toHaveLength(1);
    const [prefix, names = ''] = (warnings[0] ?? '').split(' does not honour ');
    expect(prefix).toBe('warning: the js engine');
    expect(names.split(', ').sort()).toEqual([
      '--discv5-discovery (go-waku and nwaku have it)',
      '--metrics-logging',
      '--nat',
      '--relay',
      '--rest-private',
      '--rln-relay-chain-id',
      '--store',
      '--websocket-secure-support',
    ]);
  });

  it('are not mentioned where their value asks for what happens anyway', async () => {
    const { cli } = await startNode([
      '--nat=none',
      '--rest=false',
      '--relay=true',
      '--discv5-discovery=false',
      '--metrics-server=false',
      '--store',
      'false',
      '--websocket-support=false',
      '--rln-relay=false',
    ]);
    await cli.terminate();
    expect(cli.stderr).toBe('');
  });

  it('take every flag that the network test harness gives', async () => {
    const { cli, ready } = await startNode([
      '--listen-address=0.0.0.0',
      '--log-level=DEBUG',
      '--nat=extip:127.0.0.1',
      '--max-connections=50',
      '--ports-shift=0',
      '--cluster-id=3',
      '--shard=0',
      '--rest-admin=true',
      '--rest-address=0.0.0.0',
      '--rest-relay-cache-capacity=100',
      '--metrics-server-address=0.0.0.0',
      '--discv5-udp-port=9001',
      '--websocket-port=8001',
      '--peer-exchange=true',
      '--dns-discovery=true',
      '--dns-discovery-url=enrtree://AAA@example.org',
      '--discv5-bootstrap-node=enr:-abc',
      '--storenode=/ip4/127.0.0.1/tcp/1',
      '--max-msg-size=150KiB',
      '--ip-colocation-limit=100',
      '--agent-string=nwaku',
    ]);
    expect(ready.pubsubTopics).toEqual(['/waku/2/rs/3/0']);
    expect(await cli.terminate()).toMatchObject({ code: 0 });
  });
});

function addressOf({ listenAddresses }: ReadyLine): string {
  return listenAddresses[0] ?? '';
}

/** For a node whose output nobody reads. */
async function untilListening(address: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const ping = await runCli(['ping', address, '--count=1', '--timeout-ms=2000']);
    if (ping.exit.code === 0) return;
    await delay(100);
  }
  throw new Error(`nobody listens on ${address}`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
