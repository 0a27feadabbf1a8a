/** A node in the hands of a test harness: ready, paused, restarted, stopped; and requests that mean harm. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort, TOPIC } from '../nodes.ts';
import { runCli } from '../cli-process.ts';
import { call } from './call.ts';
import { startRestNode, type RestNode } from './rest-node.ts';

const NODE_KEY = '364d111d729a6eb6d3e6113e163f017b5ef03a6f94c9b5b7bb1bb36fa5cb07a9';
const MESSAGES = `/relay/v1/messages/${encodeURIComponent(TOPIC)}`;
/** What the harness looks for in the log of a node. */
const BAD_WORDS = /crash|fatal|panic|segfault|unhandled|stacktrace|deadlock/i;
const READY_MS = 20_000;

describe('a node that a harness runs', () => {
  it('is ready in time, goes on after a pause, and comes back at once with its key and ports', async () => {
    const [tcpPort, restPort] = [await freePort(), await freePort()];
    const flags = [
      `--nodekey=${NODE_KEY}`,
      `--tcp-port=${tcpPort}`,
      `--rest-port=${restPort}`,
      '--relay-lines',
    ];
    const startMs = performance.now();
    const first = await startRestNode(flags);
    const other = await startRestNode([`--staticnode=${first.address}`, '--relay-lines']);
    await first.cli.waitFor('meshChanged', { where: ({ peerIds }) => peerIds.length === 1 });
    expect((await first.call('/health')).text).toContain('"nodeHealth":"READY"');
    expect((await first.call('/debug/v1/info')).text).toContain(first.peerId);
    expect(performance.now() - startMs).toBeLessThan(READY_MS);

    first.cli.signal('SIGSTOP');
    const answer = first.call('/health');
    await publish(other, 'while it is paused');
    first.cli.signal('SIGCONT');
    expect((await answer).status).toBe(200);
    await first.cli.waitFor('message');
    expect((await first.call(MESSAGES)).text).toContain(Buffer.from('while it is paused').toString('base64'));

    expect(await first.cli.terminate()).toMatchObject({ code: 0 });
    const again = await startRestNode(flags);
    expect(again.ready).toMatchObject({ peerId: first.peerId, restPort });
    await again.cli.waitFor('meshChanged', { where: ({ peerIds }) => peerIds.includes(other.peerId) });
    await publish(other, 'after the restart');
    await again.cli.waitFor('message');
    for (const { cli } of [first, again, other]) expect(cli.stdout + cli.stderr).not.toMatch(BAD_WORDS);
  });

  it('refuses ports that are taken before it starts', async () => {
    const { ready, metricsPort } = await startRestNode();
    for (const flags of [
      ['--rest=true', `--rest-port=${String(ready.restPort)}`],
      ['--rest=true', '--rest-port=0', '--metrics-server', `--metrics-server-port=${metricsPort}`],
    ]) {
      const cli = await runCli(['node', '--json', ...flags]);
      expect(cli.exit.code).toBe(6);
      expect(cli.error()).toMatchObject({ code: 'PORT_IN_USE', operation: 'server.listen' });
      expect(cli.stdout).toBe('');
    }
  });

  it('describes every route in a document, and all that it describes is there', async () => {
    const { call: ask } = await startRestNode();
    const { openapi, paths } = JSON.parse((await ask('/openapi.json')).text) as {
      openapi: string;
      paths: Record<
        string,
        Record<string, { operationId: string; responses: object; parameters: { name: string }[] }>
      >;
    };
    expect(openapi).toBe('3.1.0');
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(30);
    for (const { path, method, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(operation.parameters.slice(0, named.length).map(({ name }) => name)).toEqual(named);
      const { status, text } = await ask(path.replace(/\{\w+\}/g, 'x'), { method: method.toUpperCase() });
      // An unknown path is an empty 404; a known one may find nothing either, but says so in the document.
      expect(Object.keys(operation.responses), `${method} ${path}: ${text}`).toContain(String(status));
    }
    expect(JSON.stringify(paths['/relay/v1/messages/{pubsubTopic}'])).toContain('"format":"int64"');
  });
});

describe('requests that mean harm', () => {
  it('from pages and under other names are refused, unless the origin is allowed', async () => {
    const node = await startRestNode(['--rest-allow-origin=https://*.example.org']);
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await node.call('/health', { headers })).status;
    expect(await status({ Host: 'rebound.example.org' })).toBe(421);
    expect(await status({ Host: 'localhost:1' })).toBe(200);
    expect(await status({ Origin: 'https://evil.example' })).toBe(403);
    expect(await status({ Origin: 'https://a.example.org.evil.example' })).toBe(403);
    const allowed = await node.call('/health', { headers: { Origin: 'https://a.example.org' } });
    expect(allowed.status).toBe(200);
    expect(allowed.headers['access-control-allow-origin']).toBe('https://a.example.org');
    expect(
      (await call(node.metricsPort, '/metrics', { headers: { Origin: 'https://a.example.org' } })).status,
    ).toBe(403);
  });

  it('with large, deep and broken bodies are refused, and the node goes on', async () => {
    const node = await startRestNode();
    const post = (body: string): Promise<{ status: number }> => node.call(MESSAGES, { method: 'POST', body });
    expect(await post('['.repeat(1_000_000))).toMatchObject({ status: 400 });
    expect(await post(`{"payload":"${'A'.repeat(7_000_000)}","contentTopic":"/a/1/b/c"}`)).toMatchObject({
      status: 400,
    });
    expect(await post('x'.repeat(9_000_000)).catch(() => ({ status: 413 }))).toMatchObject({ status: 413 });
    expect((await node.call('/relay/v1/messages/%ff')).status).toBe(404);
    expect((await node.call('/health')).status).toBe(200);
  });

  it('that never end are cut off', { timeout: 120_000 }, async () => {
    const node = await startRestNode();
    const slow = connect(Number(node.ready.restPort), '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write('GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    slow.resume();
    await once(slow, 'close');
    expect((await node.call('/health')).status).toBe(200);
  });
});

async function publish(node: RestNode, text: string): Promise<void> {
  const body = `{"payload":"${Buffer.from(text).toString('base64')}","contentTopic":"/waku-desk/1/life/proto"}`;
  expect(await node.call(MESSAGES, { method: 'POST', body })).toMatchObject({ status: 200, text: 'OK' });
}
