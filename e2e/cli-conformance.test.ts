/** `waku-desk conformance`: two running nodes of the same kind, of different kinds, and one that is none. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli, type CliProcess } from './cli-process.ts';
import { useGoWaku } from './go-waku.ts';
import { freePort, startNode, temporaryFolder } from './nodes.ts';

const startGo = useGoWaku();

const RUN = { timeoutMs: 100_000 };

/** Our node with its REST API. @returns the addresses of API and metrics */
async function startRest(...flags: string[]): Promise<{ rest: string; metrics: string }> {
  const { ready } = await startNode([
    '--rest',
    '--rest-admin',
    '--rest-port=0',
    '--metrics-server',
    '--metrics-server-port=0',
    '--quiet',
    ...flags,
  ]);
  const at = (port: number | null): string => `http://127.0.0.1:${String(port)}`;
  return { rest: at(ready.restPort), metrics: at(ready.metricsPort) };
}

const failures = (cli: CliProcess): unknown[] =>
  cli.lines('check').filter(({ outcome }) => outcome === 'fail');

describe('conformance', () => {
  it('passes two of our nodes in everything, and writes JUnit', async () => {
    const auto = ['--num-shards-in-network=8', '--shard=32'];
    const [a, b] = [await startRest(...auto), await startRest(...auto)];
    const junit = join(await temporaryFolder(), 'junit.xml');
    const flags = ['--num-shards-in-network=8', `--metrics=${a.metrics}`, `--junit=${junit}`, '--json'];
    const cli = await runCli(['conformance', a.rest, b.rest, ...flags], RUN);
    expect(failures(cli)).toEqual([]);
    expect(cli.exit).toMatchObject({ code: 0 });
    const [summary] = cli.lines('checkSummary');
    expect(summary).toMatchObject({ fail: 0, notApplicable: 0 });
    expect(summary?.pass).toBeGreaterThan(60);
    const xml = readFileSync(junit, 'utf8');
    expect(xml).toContain(`tests="${summary?.pass}" failures="0" skipped="0"`);
    expect(xml).toContain('<testcase classname="message.payload" name="149KiB"/>');
  });

  it('passes our node with go-waku, and says what it could not look at', async (context) => {
    const go = await startGo(context);
    const ours = await startRest('--shard=32');
    const cli = await runCli(['conformance', go.restUrl, ours.rest, '--json'], RUN);
    expect(failures(cli)).toEqual([]);
    expect(cli.exit).toMatchObject({ code: 0 });
    const skipped = cli.lines('check').filter(({ outcome }) => outcome === 'notApplicable');
    expect(skipped.map(({ name }) => name)).toEqual([
      'auto.delivery',
      'auto.unsubscribe',
      'auto.messages.notSubscribed',
      'auto.refuses.contentTopic',
      'metrics',
    ]);
  });

  it('fails where a node takes what it must not, and goes on', async () => {
    // Answers everything with 200 and nothing.
    const server = createServer((_request, response) => response.end('[]')).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ours = await startRest('--shard=32');
    const flags = ['--timeout-ms=300', '--json'];
    const cli = await runCli(['conformance', `http://127.0.0.1:${port}`, ours.rest, ...flags], RUN);
    expect(cli.exit).toMatchObject({ code: 1 });
    expect(cli.error().code).toBe('CHECK_FAILED');
    const outcomes = new Map(cli.lines('check').map(({ name, outcome }) => [name, outcome]));
    expect(outcomes.get('debug.info')).toBe('fail');
    expect(outcomes.get('relay.delivery.aToB')).toBe('fail');
    expect(outcomes.get('message.payload.1KiB')).toBe('notApplicable');
    expect(outcomes.get('refuses.payload.missing')).toBe('fail');
    expect(outcomes.get('relay.subscribe')).toBe('pass');
  });

  it('fails in every check that needs a node which is not there, and ends', async () => {
    const urls = [await freePort(), await freePort()].map((port) => `http://127.0.0.1:${port}`);
    const cli = await runCli(['conformance', ...urls, '--timeout-ms=300', '--json'], RUN);
    expect(cli.exit).toMatchObject({ code: 1 });
    expect(cli.lines('check')[0]?.seen).toMatch(/no answer to GET \/debug\/v1\/info: .*ECONNREFUSED/);
    expect(cli.lines('checkSummary')).toMatchObject([{ pass: 0 }]);
  });

  it.each([
    [['http://127.0.0.1:1', 'http://127.0.0.1:1']],
    [['http://127.0.0.1:1', '127.0.0.1:2']],
    [['http://127.0.0.1:1']],
    [['http://127.0.0.1:1', 'ftp://127.0.0.1:2']],
  ])('refuses %j with exit code 2', async (urls) => {
    expect((await runCli(['conformance', ...urls, '--json'])).exit).toMatchObject({ code: 2 });
  });
});
