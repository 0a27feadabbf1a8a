import { describe, expect, it } from 'vitest';
import type { ChannelEnd } from './channel.ts';
import { pageAdmission, webSocketChannel, type PageLike, type SocketLike } from './web-socket-channel.ts';

interface Asked {
  path: string;
  method: string;
  body: string | undefined;
}

/** A page, a fixture: the host takes this one token. */
function page(hash: string, hasCookie: boolean): PageLike & { asked: Asked[] } {
  const asked: Asked[] = [];
  const location = { hash, pathname: '/', host: '127.0.0.1:1' };
  return {
    asked,
    location,
    history: {
      replaceState: (_data, _unused, url) => {
        location.hash = url.includes('#') ? url : '';
      },
    },
    fetch: (path, { method, body }) => {
      asked.push({ path, method, body });
      const isGood = method === 'POST' ? body === '{"token":"right"}' : hasCookie;
      return Promise.resolve({ status: isGood ? 204 : 401 });
    },
  };
}

describe('a page is admitted', () => {
  it('with the token of its address, which is gone afterwards', async () => {
    const own = page('#token=right', false);
    expect(await pageAdmission(own)()).toBe('admitted');
    expect(own.location.hash).toBe('');
    expect(own.asked).toEqual([{ path: '/session', method: 'POST', body: '{"token":"right"}' }]);
  });

  it('with its cookie after a reload', async () => {
    expect(await pageAdmission(page('', true))()).toBe('admitted');
    expect(await pageAdmission(page('', false))()).toBe('refused');
  });

  it('not with a wrong token, which stays to be seen', async () => {
    const own = page('#token=wrong', true);
    expect(await pageAdmission(own)()).toBe('refused');
    expect(own.location.hash).toBe('#token=wrong');
  });
});

describe('the channel', () => {
  /** How it ends when the page is admitted like this. */
  const endOf = (
    admit: () => Promise<'admitted' | 'refused'>,
    connect?: () => SocketLike,
  ): Promise<ChannelEnd> =>
    new Promise((resolve) => {
      webSocketChannel({
        url: 'ws://127.0.0.1:1/socket',
        connect:
          connect ??
          (() => {
            throw new Error('must not connect');
          }),
        admit,
      })({ opened: () => undefined, received: () => undefined, closed: resolve });
    });

  it('does not connect for a page that is refused, or where nobody answers', async () => {
    expect(await endOf(() => Promise.resolve('refused'))).toMatchObject({ refused: true });
    expect(await endOf(() => Promise.reject(new TypeError('fetch failed')))).toMatchObject({
      refused: false,
    });
  });

  it('ends when the socket cannot even be made', async () => {
    const connect = (): SocketLike => {
      throw new SyntaxError('bad url');
    };
    expect(await endOf(() => Promise.resolve('admitted'), connect)).toMatchObject({ refused: false });
  });
});
