/** `waku-desk traffic` and `listen`: what goes out, what comes, and what is said of what does not. */
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli, startCli, type CliProcess } from './cli-process.ts';
import { useGoWaku } from './go-waku.ts';
import { publish, startNode, startSharedNode, TOPIC, type RunningNode } from './nodes.ts';

const startGo = useGoWaku();

/** Stands between the senders and the receivers of this file. */
let node: RunningNode;
beforeAll(async () => {
  node = await startSharedNode();
  return () => node.cli.end();
});

const sending = (address: string, ...flags: string[]): string[] => [
  'traffic',
  `--connect=${address}`,
  '--json',
  ...flags,
];

/** Each test has its own run, so that it hears its own messages only. */
async function listen(run: number, ...flags: string[]): Promise<CliProcess> {
  return listenAt(node.address, run, ...flags);
}

async function listenAt(address: string, run: number, ...flags: string[]): Promise<CliProcess> {
  const cli = startCli(['listen', `--connect=${address}`, `--run=${run}`, '--json', ...flags]);
  await cli.until('listening', () => (cli.stderr.includes('listening on') ? true : undefined));
  return cli;
}

describe('traffic', () => {
  it('arrives whole, in order, once, and with a latency', async () => {
    const receiver = await listen(1, '--count=100', '--timeout-ms=60000', '--fail-on-loss');
    const flags = ['--run=1', '--messages=100', '--rate=200/s', '--poisson', '--size=100..2kb'];
    const sender = await runCli(sending(node.address, ...flags));
    expect(sender.exit).toMatchObject({ code: 0 });
    expect(sender.lines('sent')).toHaveLength(100);
    expect(sender.lines('trafficSummary')).toMatchObject([
      { planned: 100, sent: 100, accepted: 100, failed: {}, sentToPeers: 100, interrupted: false },
    ]);
    expect(await receiver.waitForExit()).toMatchObject({ code: 0 });
    expect(receiver.lines('received').map(({ payloadBytes }) => payloadBytes)).toEqual(
      sender.lines('sent').map(({ payloadBytes }) => payloadBytes),
    );
    const [report] = receiver.lines('sender');
    expect(report).toMatchObject({
      run: 1,
      sender: 0,
      planned: 100,
      received: 100,
      lost: 0,
      notSeen: 0,
      duplicates: 0,
      outOfOrder: 0,
      beforeSent: 0,
      latencyMs: { count: 100 },
    });
    expect(report?.latencyMs?.min).toBeGreaterThan(0);
    expect(report?.firstLatencyMs).toBeGreaterThan(0);
  });

  it('that a receiver misses by joining late is counted as lost, by number', async () => {
    const sender = startCli(sending(node.address, '--run=2', '--messages=600', '--rate=50/s', '--size=64'));
    await sender.waitForCount('sent', 20);
    const receiver = await listen(2);
    const first = await receiver.waitFor('received');
    await receiver.waitForCount('received', 20);
    const stopped = await sender.terminate('SIGINT');
    expect(stopped).toMatchObject({ code: 0 });
    const sent = sender.lines('trafficSummary')[0]?.sent ?? 0;
    expect(sender.lines('trafficSummary')).toMatchObject([{ planned: 600, interrupted: true }]);
    await receiver.waitFor('received', { where: ({ sequence }) => sequence === sent - 1 });
    expect(await receiver.terminate('SIGINT')).toMatchObject({ code: 0 });
    expect(first.sequence).toBeGreaterThanOrEqual(20);
    expect(receiver.lines('sender')).toMatchObject([
      {
        planned: 600,
        received: sent - first.sequence,
        lost: first.sequence,
        notSeen: 600 - sent,
        missing: [
          { from: 0, to: first.sequence - 1 },
          { from: sent, to: 599 },
        ],
        firstLatencyMs: null,
      },
    ]);
  });

  it('that is lost fails the receiver where that is asked for', async () => {
    const receiver = await listen(3, '--fail-on-loss', '--quiet');
    const sender = startCli(sending(node.address, '--run=3', '--messages=500', '--rate=50/s'));
    await sender.waitForCount('sent', 5);
    await sender.terminate('SIGINT');
    expect(await receiver.terminate('SIGINT')).toMatchObject({ code: 1 });
    expect(receiver.error()).toMatchObject({ code: 'CHECK_FAILED' });
    expect(receiver.lines('received')).toEqual([]);
  });

  it('that a paused receiver takes late has that time in its latency', async () => {
    const receiver = await listen(4, '--count=60', '--timeout-ms=60000');
    const sender = startCli(sending(node.address, '--run=4', '--messages=60', '--rate=40/s', '--size=64'));
    await receiver.waitForCount('received', 5);
    receiver.signal('SIGSTOP');
    const before = sender.lines('sent').length;
    const sent = await sender.waitForCount('sent', before + 20);
    const pausedNs = BigInt(sent[before]?.sentNs ?? 0);
    const resumedNs = BigInt(Date.now()) * 1_000_000n;
    receiver.signal('SIGCONT');
    expect(await receiver.waitForExit()).toMatchObject({ code: 0 });
    const [report] = receiver.lines('sender');
    expect(report).toMatchObject({ received: 60, lost: 0 });
    expect(report?.latencyMs?.max).toBeGreaterThanOrEqual(Number(resumedNs - pausedNs) / 1e6);
  });

  it('is told apart from what others send', async () => {
    const receiver = await listen(5, '--timeout-ms=60000', '--count=1');
    await publish(node.address, { payload: 'not traffic' });
    await runCli(sending(node.address, '--run=6', '--messages=2', '--rate=max'));
    await runCli(sending(node.address, '--run=5', '--messages=1', '--rate=max'));
    await receiver.waitForExit();
    expect(receiver.lines('listenSummary')).toMatchObject([
      { senders: 1, planned: 1, received: 1, others: 3, missedHere: 0 },
    ]);
  });

  it('that the relay rules refuse is counted by code, and fails the sender', async () => {
    const flags = ['--messages=3', '--rate=max', '--size=64:1,200kb:1', '--seed=2'];
    const sender = await runCli(sending(node.address, ...flags));
    expect(sender.exit).toMatchObject({ code: 5 });
    expect(sender.error()).toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
    const [summary] = sender.lines('trafficSummary');
    const failed = sender.lines('sent').filter(({ failure }) => failure !== null).length;
    expect(failed).toBeGreaterThan(0);
    expect(summary).toMatchObject({ sent: 3, accepted: 3 - failed, failed: { MESSAGE_TOO_LARGE: failed } });
  });

  it('says the same to people', async () => {
    const receiver = startCli(['listen', `--connect=${node.address}`, '--run=7', '--count=3']);
    await receiver.until('listening', () => (receiver.stderr.includes('listening on') ? true : undefined));
    const sender = await runCli([
      'traffic',
      `--connect=${node.address}`,
      '--run=7',
      '--messages=3',
      '--rate=max',
    ]);
    expect(sender.stdout).toMatch(
      /^sent {7}3 of 3 messages in \S+ s \(3,072 payload bytes\)\naccepted {3}3\nfailed {5}none\nreal sends 3\npublishing p50 .* ms\n$/,
    );
    await receiver.waitForExit();
    expect(receiver.stdout).toMatch(/run 7, sender 0\n {2}received {3}3 of 3\n {2}lost {7}0, and 0 after/);
    expect(receiver.stdout).toMatch(/latency {4}p50 .*; the first \S+ ms, which counts\n/);
  });

  it('passes through go-waku and is measured behind it', async (context) => {
    const go = await startGo(context);
    const receiver = await listenAt(go.multiaddr, 8, '--count=50', '--timeout-ms=60000', '--fail-on-loss');
    const sender = await runCli(sending(go.multiaddr, '--run=8', '--messages=50', '--rate=100/s'));
    expect(sender.exit).toMatchObject({ code: 0 });
    expect(await receiver.waitForExit()).toMatchObject({ code: 0 });
    expect(receiver.lines('sender')).toMatchObject([{ received: 50, lost: 0, duplicates: 0 }]);
  });
});

describe('traffic refuses', () => {
  it.each([
    [['--messages=1', '--size=31'], 'CONFIG_INVALID', /size: must be from 32 bytes/],
    [['--messages=1', '--size=big'], 'CONFIG_INVALID', /size: must be a size such as/],
    [['--messages=1', '--rate=0/s'], 'CONFIG_INVALID', /rate: must be a rate such as/],
    [['--messages=1', '--rate=max', '--poisson'], 'CONFIG_INVALID', /poisson needs a rate/],
    [['--messages=0'], 'BAD_USE', /whole number from 1/],
    [['--messages=1', '--sender=65536'], 'BAD_USE', /whole number from 0 to 65535/],
    [[], 'BAD_USE', /--messages/],
  ])('%j', async (flags, code, words) => {
    const cli = await runCli(sending(node.address, ...flags));
    expect(cli.exit).toMatchObject({ code: 2 });
    expect(cli.error()).toMatchObject({ code, message: expect.stringMatching(words) as string });
  });

  it('to send where nobody is named, and where nobody relays the shard', async () => {
    expect((await runCli(['traffic', '--messages=1', '--json'])).exit).toMatchObject({ code: 2 });
    const other = await startNode(['--shard=7']);
    const cli = await runCli(sending(other.address, '--messages=1', '--timeout-ms=3000'));
    expect(cli.exit).toMatchObject({ code: 4 });
    expect(cli.error().message).toBe(`No connected peer relays ${TOPIC}.`);
  });
});
