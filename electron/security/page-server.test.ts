import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerPage } from './answer-page.ts';
import {
  isUpdateSocket,
  namedPageServer,
  PAGE_SERVER,
  pageServerAddress,
  servedPage,
  type PageServer,
} from './page-server.ts';

const SERVER: PageServer = { port: 5173, nonce: 'abcdefghijklmnopqrstuv' };

describe('the server of the page under development', () => {
  it('is named by the environment', () => {
    expect(namedPageServer({}, false)).toBeNull();
    expect(namedPageServer({ [PAGE_SERVER]: pageServerAddress(SERVER) }, false)).toEqual(SERVER);
  });

  it('is refused by a package, wherever it is', () => {
    expect(namedPageServer({}, true)).toBeNull();
    for (const named of [pageServerAddress(SERVER), ''])
      expect(() => namedPageServer({ [PAGE_SERVER]: named }, true)).toThrow('is refused');
  });

  it.each([
    '',
    'http://localhost:5173/#abcdefghijklmnopqrstuv',
    'http://127.0.0.1.example:5173/#abcdefghijklmnopqrstuv',
    'http://user@127.0.0.1:5173/#abcdefghijklmnopqrstuv',
    'https://127.0.0.1:5173/#abcdefghijklmnopqrstuv',
    'http://10.0.0.1:5173/#abcdefghijklmnopqrstuv',
    'http://127.0.0.1/#abcdefghijklmnopqrstuv',
    'http://127.0.0.1:5173/',
    "http://127.0.0.1:5173/#abcdefghijklmnopqrstuv' *",
  ])('is on this machine, with a nonce: not %s', (named) => {
    expect(() => namedPageServer({ [PAGE_SERVER]: named }, false)).toThrow('no server of this machine');
  });

  it('tells what was edited on one socket', () => {
    expect(isUpdateSocket('ws://127.0.0.1:5173/?token=x', SERVER)).toBe(true);
  });

  it.each([
    'http://127.0.0.1:5173/',
    'wss://127.0.0.1:5173/',
    'ws://127.0.0.1:5174/',
    'ws://127.0.0.1/',
    'ws://localhost:5173/',
    'ws://user@127.0.0.1:5173/',
    'ws://127.0.0.1:5173@evil.example/',
    '',
  ])('is reached by no other address: %s', (address) => {
    expect(isUpdateSocket(address, SERVER)).toBe(false);
  });
});

describe('a page that is served', () => {
  async function serve(): Promise<PageServer> {
    const server = createServer((request, response) => {
      response.statusCode = request.url?.startsWith('/main.tsx') === true ? 200 : 404;
      response.setHeader('Content-Type', 'text/javascript');
      response.end(request.url);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return { ...SERVER, port: (server.address() as AddressInfo).port };
  }

  it('has the files of its server, with a policy that adds its nonce and its socket to that of the app', async () => {
    const server = await serve();
    const { status, headers, body } = await answerPage(
      servedPage(server),
      'waku-desk://app/main.tsx?t=1',
      'GET',
    );
    expect([status, headers['Content-Type'], body.toString()]).toEqual([
      200,
      'text/javascript',
      '/main.tsx?t=1',
    ]);
    const policy = headers['Content-Security-Policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'self' 'nonce-${server.nonce}';`);
    expect(policy).toContain(`style-src 'self' 'nonce-${server.nonce}';`);
    expect(policy).toContain(`connect-src ws://127.0.0.1:${String(server.port)};`);
  });

  it('is of the same host as the page of the app, and is only read', async () => {
    const page = servedPage(await serve());
    expect((await answerPage(page, 'waku-desk://app/other.tsx', 'GET')).status).toBe(404);
    expect((await answerPage(page, 'waku-desk://other/main.tsx', 'GET')).status).toBe(403);
    expect((await answerPage(page, 'waku-desk://app/main.tsx', 'POST')).status).toBe(405);
  });

  it('says so where its server has ended', async () => {
    // Nobody listens there.
    const ended = servedPage({ ...SERVER, port: 1 });
    expect((await answerPage(ended, 'waku-desk://app/main.tsx', 'GET')).status).toBe(500);
  });
});
