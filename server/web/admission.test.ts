import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOWNLOADS_PATH, SESSION_PATH } from '../../core/operations/web-paths.ts';
import { eventually, openSocket, pageHeaders, send, startFixtureHost, type FixtureHost } from './fixture.ts';

let fixture: FixtureHost;
let own: { origin: string };
beforeAll(async () => {
  fixture = await startFixtureHost({ web: { socketBounds: { maxClients: 2 } } });
  own = { origin: `http://127.0.0.1:${fixture.host.port}` };
});
afterAll(() => fixture.close());

const post = (body: string, headers: Record<string, string> = own) =>
  send(fixture.host, { method: 'POST', path: SESSION_PATH, headers, body });

/** The HTTP status that answers an upgrade. */
function upgradeStatus(headers: Record<string, string>, path?: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = openSocket(fixture.host, headers, path);
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}

describe('the token', () => {
  it('is 32 random bytes in the fragment, and gets a strict cookie', async () => {
    const { host } = fixture;
    expect(host.url).toBe(`http://127.0.0.1:${host.port}/#token=${host.token}`);
    expect(Buffer.from(host.token, 'base64url')).toHaveLength(32);
    const { status, headers, body } = await post(JSON.stringify({ token: host.token }));
    expect([status, body]).toEqual([204, '']);
    expect(headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^waku-desk-${host.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
  });

  it("for a browser's command line is good for one exchange", async () => {
    const token = fixture.host.urlForOnce().split('#token=')[1];
    expect(token).not.toBe(fixture.host.token);
    expect((await post(JSON.stringify({ token }))).status).toBe(204);
    expect((await post(JSON.stringify({ token }))).status).toBe(401);
  });

  it.each([
    ['another token', '{"token":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}'],
    ['an empty one', '{"token":""}'],
    ['no token', '{}'],
    ['a number', '{"token":1}'],
    ['null', 'null'],
    ['text that is no JSON', 'token'],
    ['nothing', ''],
  ])('is refused when it is %s', async (_what, body) => {
    const { status, headers } = await post(body);
    expect(status).toBe(401);
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('is not taken from a body beyond 4 KiB, which is not read to its end', async () => {
    const { status } = await post(JSON.stringify({ token: fixture.host.token, x: 'x'.repeat(5_000) }));
    expect(status).toBe(401);
    const huge = await post('x'.repeat(50 * 1024 * 1024)).then(
      ({ status: answered }) => answered,
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );
    // Either the answer arrives, or the connection is closed while the client still sends.
    expect([401, 'EPIPE', 'ECONNRESET']).toContain(huge);
  });
});

describe('a request', () => {
  it('is refused for every other host name: DNS rebinding', async () => {
    const { port } = fixture.host;
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `LOCALHOST.:${port}`,
    ])
      expect((await send(fixture.host, { path: '/', headers: { host } })).status).toBe(421);
    expect((await send(fixture.host, { path: '/', headers: { host: `localhost:${port}` } })).status).toBe(
      200,
    );
  });

  it('that posts is refused for every other origin', async () => {
    const { port, token } = fixture.host;
    const body = JSON.stringify({ token });
    for (const origin of [
      'http://evil.example',
      'null',
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port + 1}`,
      `http://localhost:${port}`,
    ])
      expect((await post(body, { origin })).status).toBe(403);
    expect((await post(body, {})).status).toBe(403);
  });

  it('knows no other methods, and no preflight', async () => {
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const { status, headers } = await send(fixture.host, { method, path: '/', headers: own });
      expect(status).toBe(405);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await send(fixture.host, { method: 'POST', path: '/', headers: own })).status).toBe(405);
  });

  it('tells whether the page is signed in', async () => {
    const ask = (headers: Record<string, string>) => send(fixture.host, { path: SESSION_PATH, headers });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ cookie: fixture.cookie })).status).toBe(204);
    expect((await ask({ cookie: `a=b; ${fixture.cookie} ; c=d` })).status).toBe(204);
    expect((await ask({ cookie: `${fixture.cookie}x` })).status).toBe(401);
    expect((await ask({ cookie: fixture.cookie.replace(/=.*/, `=${fixture.host.token}`) })).status).toBe(401);
  });

  it('gets headers that let the page do only what it needs', async () => {
    const { headers } = await send(fixture.host, { path: '/' });
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${fixture.host.port};`);
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });
});

describe('a file', () => {
  it('is sent with its type, and only from the folder', async () => {
    const { folder } = fixture;
    await mkdir(join(folder, 'assets'), { recursive: true });
    await writeFile(join(folder, 'assets', 'a.js'), 'let a');
    await writeFile(join(folder, 'secret'), 'no type');
    await symlink('/etc/hostname', join(folder, 'outside.txt'));
    const file = await send(fixture.host, { path: '/assets/a.js?x' });
    expect([file.status, file.body, file.headers['content-type']]).toEqual([
      200,
      'let a',
      'text/javascript; charset=utf-8',
    ]);
    for (const path of [
      '/../../../../etc/passwd',
      '/..%2f..%2f..%2f..%2fetc%2fhosts.txt',
      '/%2e%2e/%2e%2e/etc/x.txt',
      '/assets/../../x.js',
      '/..\\..\\x.js',
      '/outside.txt',
      '/secret',
      '/assets',
      '/assets/',
      '/capture/capture.json/..',
      '//etc/x.txt',
      '/%00.js',
      '/%ff.js',
      '/a%2f..%2f..%2fx.js',
    ])
      expect((await send(fixture.host, { path })).status, path).toBe(404);
  });

  it('has a head without a body, and a download needs the cookie', async () => {
    const head = await send(fixture.host, { method: 'HEAD', path: '/' });
    expect([head.status, head.body]).toEqual([200, '']);
    expect((await send(fixture.host, { path: `${DOWNLOADS_PATH}x` })).status).toBe(401);
    const headers = { cookie: fixture.cookie };
    expect((await send(fixture.host, { path: `${DOWNLOADS_PATH}x`, headers })).status).toBe(404);
  });
});

describe('a WebSocket', () => {
  it('needs the cookie, the origin, the host and the path', async () => {
    const page = pageHeaders(fixture);
    expect(await upgradeStatus(page)).toBe(101);
    expect(await upgradeStatus(own)).toBe(401);
    expect(await upgradeStatus({ cookie: fixture.cookie })).toBe(403);
    expect(await upgradeStatus({ ...page, origin: 'http://evil.example' })).toBe(403);
    expect(await upgradeStatus({ ...page, host: `evil.example:${fixture.host.port}` })).toBe(421);
    expect(await upgradeStatus(page, '/other')).toBe(404);
    expect(await upgradeStatus({ ...page, cookie: `${fixture.cookie}0` })).toBe(401);
  });

  it('is refused beyond the number of clients', async () => {
    const sockets = [1, 2].map(() => openSocket(fixture.host, pageHeaders(fixture)));
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('open', resolve))));
    expect(await upgradeStatus(pageHeaders(fixture))).toBe(503);
    for (const socket of sockets) socket.terminate();
    await eventually(() => fixture.harness.clients.connected).toBe(0);
    expect(await upgradeStatus(pageHeaders(fixture))).toBe(101);
  });

  it('that is garbage instead of HTTP breaks nothing', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(fixture.host.port, '127.0.0.1', () =>
        socket.write('\x16\x03\x01 no http\r\n\r\n'),
      );
      socket
        .on('close', () => {
          resolve();
        })
        .on('error', () => undefined)
        .resume();
    });
    expect((await send(fixture.host, { path: '/' })).status).toBe(200);
  });
});
