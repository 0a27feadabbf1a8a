/** The channel of a page in a browser: a WebSocket, and before it the exchange of the token for a cookie. */
import type { ChannelEnd, OpenChannel } from './channel.ts';
import { decodeFrame, encodeFrame, HOST_FRAME_BOUNDS } from './codec.ts';
import { SESSION_PATH, SOCKET_PATH, TOKEN_KEY } from './web-paths.ts';

/** What is used of a browser's WebSocket; `ws` has it too. */
export interface SocketLike {
  binaryType: string;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void;
}

export interface WebSocketChannelOptions {
  /** `ws://127.0.0.1:<port>/socket` */
  url: string;
  /** Makes a connection: `(url) => new WebSocket(url)`. */
  connect: (url: string) => SocketLike;
  /** Asked before every connection, see {@link pageAdmission}; without it the socket alone decides. */
  admit?: () => Promise<'admitted' | 'refused'>;
}

const UNREACHABLE = 'Waku Desk cannot be reached: it was stopped, or the machine slept.';
const REFUSED = 'Waku Desk does not know this page: open the address that it printed.';

export function webSocketChannel({ url, connect, admit }: WebSocketChannelOptions): OpenChannel {
  return (events) => {
    let socket: SocketLike | null = null;
    let ended = false;
    const end = (how: ChannelEnd): void => {
      if (ended) return;
      ended = true;
      socket?.close();
      events.closed(how);
    };
    const begin = (): void => {
      if (ended) return;
      socket = connect(url);
      socket.binaryType = 'arraybuffer';
      socket.addEventListener('open', () => {
        if (!ended) events.opened();
      });
      socket.addEventListener('message', ({ data }) => {
        if (ended) return;
        const message = read(data);
        if (message === undefined) end({ reason: 'Waku Desk sent what cannot be read.', refused: false });
        else events.received(message);
      });
      socket.addEventListener('close', ({ reason }) => {
        end({ reason: reason === '' ? UNREACHABLE : reason, refused: false });
      });
      // Its close event follows.
      socket.addEventListener('error', () => undefined);
    };
    const admitted = admit === undefined ? Promise.resolve('admitted' as const) : admit();
    admitted
      .then((admission) => {
        if (admission === 'admitted') begin();
        else end({ reason: REFUSED, refused: true });
      })
      .catch(() => {
        end({ reason: UNREACHABLE, refused: false });
      });
    return {
      send(message) {
        socket?.send(encodeFrame(message));
      },
      close() {
        ended = true;
        socket?.close();
      },
    };
  };
}

/** undefined when it is not a frame of ours. */
function read(data: unknown): unknown {
  if (!(data instanceof ArrayBuffer)) return undefined;
  try {
    return decodeFrame(new Uint8Array(data), HOST_FRAME_BOUNDS);
  } catch {
    return undefined;
  }
}

/** What is used of a page. */
export interface PageLike {
  location: { hash: string; pathname: string; host: string };
  history: { replaceState(data: unknown, unused: string, url: string): void };
  fetch(
    path: string,
    init: { method: string; headers?: Record<string, string>; body?: string },
  ): Promise<{ status: number }>;
}

/** The channel of a page that the web host serves: `pageChannel(window, (url) => new WebSocket(url))`. */
export function pageChannel(page: PageLike, connect: (url: string) => SocketLike): OpenChannel {
  const url = `ws://${page.location.host}${SOCKET_PATH}`;
  return webSocketChannel({ url, connect, admit: pageAdmission(page) });
}

/**
 * Exchanges the token of the page's address for a cookie and takes it out of the address; a page without a token
 * asks whether its cookie is good.
 * @returns rejects when the host cannot be reached
 */
export function pageAdmission(page: PageLike): () => Promise<'admitted' | 'refused'> {
  return async () => {
    const token = new URLSearchParams(page.location.hash.slice(1)).get(TOKEN_KEY);
    const { status } = await (token === null
      ? page.fetch(SESSION_PATH, { method: 'GET' })
      : page.fetch(SESSION_PATH, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ token }),
        }));
    const admitted = status === 204;
    if (admitted && token !== null) page.history.replaceState(null, '', page.location.pathname);
    return admitted ? 'admitted' : 'refused';
  };
}
