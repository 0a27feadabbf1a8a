/** The host and its pages: reload, restart, two pages, one that sleeps, and those who may not come in. */
import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeFrame } from '../../core/operations/codec.ts';
import { SESSION_PATH, SOCKET_PATH, TOKEN_KEY } from '../../core/operations/web-paths.ts';
import { freePort, publish, publishArgs, temporaryFolder } from '../nodes.ts';
import { startCli } from '../cli-process.ts';
import { serveForTest, startServe, type RunningServe, useBrowser } from './browser-host.ts';
import { see } from './desk-window.ts';

describe('pages', () => {
  const { openWindow } = useBrowser();

  it('a reload shows the same messages, and the address has no token any more', async () => {
    const serve = await serveForTest();
    const desk = await openWindow(serve.url);
    await publish(serve.address, { payload: 'kept', flags: ['--repeat=3'] });
    await see(desk.messages.rows).toHaveCount(3);
    expect(desk.page.url()).not.toContain('token');
    await desk.page.reload();
    await see(desk.messages.rows).toHaveCount(3);
    await publish(serve.address, { payload: 'new' });
    await see(desk.messages.rows).toHaveCount(4);
  });

  it('a restarted host wants its new address; then the captured messages are there', async () => {
    const port = await freePort();
    const capture = `--capture=${await temporaryFolder()}/capture`;
    const first = await serveForTest([`--port=${port}`, capture]);
    const desk = await openWindow(first.url);
    await publish(first.address, { payload: 'before', flags: ['--repeat=2'] });
    await see(desk.messages.rows).toHaveCount(2);
    await first.cli.terminate();
    await desk.expectChip('host lost');
    await see(desk.hostNotice).toBeVisible();
    // What was there stays readable.
    await see(desk.messages.rows).toHaveCount(2);
    const second = await startServe([`--port=${port}`, capture]);
    try {
      await desk.expectChip('not admitted');
      await see(desk.hostNotice).toContainText('open the address that it printed');
      await desk.page.goto(second.url);
      await desk.expectChip('no peers');
      await see(desk.messages.rows).toHaveCount(2);
      await publish(second.address, { payload: 'after' });
      await see(desk.messages.rows).toHaveCount(3);
    } finally {
      await second.end();
    }
  });

  it('a host that stands still is told of, and is there again when it goes on', async () => {
    const serve = await serveForTest();
    const desk = await openWindow(serve.url);
    await desk.expectChip('no peers');
    serve.cli.signal('SIGSTOP');
    await see(desk.hostNotice).toContainText('does not answer');
    serve.cli.signal('SIGCONT');
    await desk.expectChip('no peers');
    await see(desk.hostNotice).toBeHidden();
  });

  it('two pages show the same, and each has its own filter', async () => {
    const serve = await serveForTest();
    const [one, two] = [await openWindow(serve.url), await openWindow(serve.url)];
    await one.messages.filter.fill('content:/a/');
    await publish(serve.address, { contentTopic: '/a/1/x/proto' });
    await publish(serve.address, { contentTopic: '/b/1/x/proto' });
    await see(one.messages.rows).toHaveCount(1);
    await see(two.messages.rows).toHaveCount(2);
    await one.goTo('Node');
    await one.node.act('Stop');
    await two.expectChip('stopped');
  });

  it('a page that slept through a minute of traffic has all of it', { timeout: 240_000 }, async () => {
    const serve = await serveForTest();
    const desk = await openWindow(serve.url);
    await publish(serve.address, { payload: 'awake' });
    await see(desk.messages.rows).toHaveCount(1);
    const session = await desk.page.context().newCDPSession(desk.page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    const count = 6_200;
    const sender = startCli(
      publishArgs(serve.address, { payload: 'asleep', flags: [`--repeat=${count}`, '--rate=100'] }),
    );
    expect(await sender.waitForExit(120_000)).toMatchObject({ code: 0 });
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await see(desk.messages.counters).toContainText('6,201 of 6,201');
    await publish(serve.address, { payload: 'awake again' });
    await see(desk.messages.counters).toContainText('6,202 of 6,202');
    await desk.messages.grid.focus();
    await desk.page.keyboard.press('Home');
    await see(desk.messages.selectedRow).toHaveAttribute('aria-rowindex', '2');
    await see(desk.messages.selectedRow).toContainText('/waku-desk/1/e2e/proto');
  });

  it('a page that stops reading does not slow the others', async () => {
    const serve = await serveForTest();
    const cookie = await signIn(serve);
    const lazy = new WebSocket(`${serve.origin.replace('http', 'ws')}${SOCKET_PATH}`, {
      headers: { cookie, origin: serve.origin },
    });
    await once(lazy, 'open');
    lazy.send(encodeFrame({ kind: 'call', id: 1, name: 'session.snapshot', request: {} }));
    await once(lazy, 'message');
    lazy.pause();
    const desk = await openWindow(serve.url);
    const count = 20_000;
    const sender = startCli(
      publishArgs(serve.address, { payload: 'x'.repeat(500), flags: [`--repeat=${count}`] }),
    );
    expect(await sender.waitForExit(120_000)).toMatchObject({ code: 0 });
    await see(desk.messages.counters).toContainText('20,000 of 20,000');
    await see(desk.messages.counters).toContainText('0 dropped');
    lazy.terminate();
  });

  it('without the token there is nothing to see', async () => {
    const serve = await serveForTest();
    const desk = await openWindow(serve.origin);
    await desk.expectChip('not admitted');
    await see(desk.hostNotice).toContainText('open the address that it printed');
    await desk.page.goto(`${serve.origin}/#${TOKEN_KEY}=wrong`);
    await desk.page.reload();
    await desk.expectChip('not admitted');
    await desk.page.goto(serve.url);
    await desk.page.reload();
    await desk.expectChip('no peers');
  });
});

describe('who may not come in', () => {
  it('a wrong token, a foreign origin, another host name', async () => {
    const serve = await serveForTest();
    const { origin } = serve;
    const token = new URLSearchParams(new URL(serve.url).hash.slice(1)).get(TOKEN_KEY) ?? '';
    const body = JSON.stringify({ [TOKEN_KEY]: token });
    const post = (headers: Record<string, string>, text = body): Promise<number> =>
      status(serve, { method: 'POST', path: SESSION_PATH, headers, body: text });
    expect(await post({ origin }, JSON.stringify({ [TOKEN_KEY]: `${token}x` }))).toBe(401);
    expect(await post({ origin: 'http://evil.example' })).toBe(403);
    expect(await post({})).toBe(403);
    expect(await post({ origin: 'http://evil.example', host: 'evil.example' })).toBe(421);
    expect(await status(serve, { method: 'GET', path: '/', headers: { host: 'evil.example' } })).toBe(421);
    expect(await post({ origin })).toBe(204);

    const cookie = await signIn(serve);
    const upgrade = (headers: Record<string, string>): Promise<number> =>
      status(serve, {
        method: 'GET',
        path: SOCKET_PATH,
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': Buffer.alloc(16).toString('base64'),
          ...headers,
        },
      });
    expect(await upgrade({ origin })).toBe(401);
    expect(await upgrade({ cookie })).toBe(403);
    expect(await upgrade({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await upgrade({ cookie, origin, host: 'localhost.evil.example' })).toBe(421);
    expect(await upgrade({ cookie, origin })).toBe(101);
  });
});

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** The status of the answer; fetch would not send these headers. */
function status({ origin }: RunningServe, { method, path, headers, body }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}${path}`, { method, headers, agent: false });
    sent.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** The cookie of a page that has the token. */
async function signIn(serve: RunningServe): Promise<string> {
  const token = new URLSearchParams(new URL(serve.url).hash.slice(1)).get(TOKEN_KEY);
  const answer = await fetch(`${serve.origin}${SESSION_PATH}`, {
    method: 'POST',
    headers: { origin: serve.origin },
    body: JSON.stringify({ [TOKEN_KEY]: token }),
  });
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}
