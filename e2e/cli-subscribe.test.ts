/** `waku-desk subscribe`: what it prints and how it ends. */
import { beforeAll, describe, expect, it } from 'vitest';
import { parseLines, textOf } from './cli-lines.ts';
import { startCli, type CliProcess } from './cli-process.ts';
import { freePort, publish, startSharedNode, type RunningNode } from './nodes.ts';

/** Stands between the publishers and the subscribers of this file. */
let node: RunningNode;
beforeAll(async () => {
  node = await startSharedNode();
  return () => node.cli.end();
});

/** Each test has its own content topic, so that it hears its own messages only. */
async function subscribe(contentTopic: string, ...flags: string[]): Promise<CliProcess> {
  const cli = startCli([
    'subscribe',
    `--connect=${node.address}`,
    `--filter=content:${contentTopic}`,
    ...flags,
  ]);
  await cli.until('listening', () => (cli.stderr.includes('listening on') ? true : undefined));
  return cli;
}

describe('subscribe', () => {
  it('prints one line per message and ends with 0 when the count is reached', async () => {
    const contentTopic = '/count/1/e2e/proto';
    const cli = await subscribe(contentTopic, '--count=3', '--timeout-ms=60000', '--json');
    await publish(node.address, { contentTopic, payload: 'one of many', flags: ['--repeat=10'] });
    expect(await cli.waitForExit()).toMatchObject({ code: 0 });
    expect(parseLines(cli.stdout).map(({ event }) => event)).toEqual(['message', 'message', 'message']);
    const [line] = cli.lines('message');
    expect(line).toMatchObject({ seq: null, dir: 'in', contentTopic, fromPeer: node.peerId });
    expect(line && textOf(line)).toBe('one of many');
  });

  it('ends with 4 when the count is not reached in time', async () => {
    const contentTopic = '/too-few/1/e2e/proto';
    const cli = await subscribe(contentTopic, '--count=3', '--timeout-ms=4000', '--json');
    await publish(node.address, { contentTopic });
    expect(await cli.waitForExit()).toMatchObject({ code: 4 });
    const heard = cli.lines('message').length;
    expect(heard).toBeLessThan(3);
    expect(cli.error()).toMatchObject({
      code: 'TIMED_OUT',
      message: `${heard} of 3 messages came in time.`,
    });
  });

  it('ends with 0 after its time without a count', async () => {
    const cli = await subscribe('/quiet/1/e2e/proto', '--timeout-ms=4000', '--json');
    expect(await cli.waitForExit()).toMatchObject({ code: 0 });
    expect(cli.stdout).toBe('');
  });

  it('ends with 3 when the node cannot be reached', async () => {
    const address = `/ip4/127.0.0.1/tcp/${await freePort()}`;
    const cli = startCli(['subscribe', `--connect=${address}`, '--count=1', '--timeout-ms=10000', '--json']);
    expect(await cli.waitForExit()).toMatchObject({ code: 3 });
    expect(cli.error().code).toBe('CONNECT_FAILED');
  });

  it('ends with 0 on SIGTERM', async () => {
    const cli = await subscribe('/quiet/1/e2e/proto');
    const exit = await cli.terminate();
    expect(exit).toMatchObject({ code: 0 });
    expect(exit.afterMs).toBeLessThan(5_000);
  });

  it('prints only what the filter matches', async () => {
    const contentTopic = '/filter/1/e2e/proto';
    const cli = startCli([
      'subscribe',
      `--connect=${node.address}`,
      `--filter=content:${contentTopic} and size>10b`,
      '--count=1',
      '--timeout-ms=60000',
      '--json',
    ]);
    await cli.until('listening', () => (cli.stderr.includes('listening on') ? true : undefined));
    await publish(node.address, { contentTopic, payload: 'short' });
    await publish(node.address, { contentTopic, payload: 'long enough to match' });
    expect(await cli.waitForExit()).toMatchObject({ code: 0 });
    expect(cli.lines('message').map(textOf)).toEqual(['long enough to match']);
  });

  it('prints lines that people can read', async () => {
    const contentTopic = '/people/1/e2e/proto';
    const cli = await subscribe(contentTopic, '--count=1', '--timeout-ms=60000');
    await publish(node.address, { contentTopic, payload: 'good evening' });
    await cli.waitForExit();
    expect(cli.stdout).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {2}in {3}16\/32 {2}\/people\/1\/e2e\/proto {2}12 B {2}0x\S+ {2}good evening\n$/,
    );
    expect(cli.stderr).toMatch(/^listening on \/waku\/2\/rs\/16\/32, 1 peer connected\n$/);
  });

  it('hears a publisher that connects to it', async () => {
    const port = await freePort();
    const cli = startCli(['subscribe', `--tcp-port=${port}`, '--count=1', '--timeout-ms=60000', '--json']);
    await cli.until('its address', () => (cli.stderr.includes('reachable at') ? true : undefined));
    await publish(`/ip4/127.0.0.1/tcp/${port}`, { payload: 'directly' });
    expect(await cli.waitForExit()).toMatchObject({ code: 0 });
    expect(cli.lines('message').map(textOf)).toEqual(['directly']);
  });
});
