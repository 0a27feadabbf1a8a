/** The web host: the user interface, and one WebSocket per page, on 127.0.0.1. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { DOWNLOADS_PATH, SESSION_PATH, SOCKET_PATH, TOKEN_KEY } from '../../core/operations/web-paths.ts';
import { captureExport } from '../handlers/export-options.ts';
import { createHandlers } from '../handlers/handlers.ts';
import type { Harness } from '../harness/harness.ts';
import { closeServer, listen } from '../listen.ts';
import { Admission } from './admission.ts';
import { Downloads } from './downloads.ts';
import { readJson } from './read-body.ts';
import { refuse, setSecurityHeaders } from './responses.ts';
import { DEFAULT_SOCKET_BOUNDS, Sockets, type SocketBounds } from './sockets.ts';
import { sendFile } from './static-files.ts';

export interface WebHostOptions {
  harness: Harness;
  /** The built user interface, with `index.html`. */
  uiFolder: string;
  /** 0: a free one. */
  port: number;
  socketBounds?: Partial<SocketBounds>;
  maxDownloadBytes?: number;
}

export interface WebHost {
  /** With the token, for people: `http://127.0.0.1:<port>/#token=…` */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** An address that opens one page, for a browser's command line. */
  urlForOnce(): string;
  /** Ends every connection. The harness is the caller's to close. */
  close(): Promise<void>;
}

const ADDRESS = '127.0.0.1';
const MAX_BODY_BYTES = 4 * 1024;
const MAX_CONNECTIONS = 256;

/** @throws WakuDeskError PORT_IN_USE, LISTEN_FAILED */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { harness, uiFolder, maxDownloadBytes } = options;
  const admission = new Admission();
  const downloads = new Downloads(maxDownloadBytes);
  const handlers = createHandlers(harness, {
    'capture.export': (request) => {
      const wanted = captureExport(harness, request);
      return { kind: 'download', path: downloads.offer(wanted), fileName: wanted.fileName };
    },
    'native.add': () => {
      throw new WakuDeskError('UNSUPPORTED', 'A page in a browser cannot choose a file of this machine.', {
        operation: 'native.add',
        hint: "Run 'waku-desk native add FILE', then choose the engine.",
      });
    },
    'app.relaunch': () => {
      throw new WakuDeskError('UNSUPPORTED', 'A page in a browser cannot start Waku Desk again.', {
        operation: 'app.relaunch',
        hint: 'End it where it was started, and start it there.',
      });
    },
  });
  const sockets = new Sockets(harness, handlers, { ...DEFAULT_SOCKET_BOUNDS, ...options.socketBounds });
  const requests = new Requests(admission, downloads, uiFolder);
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000 }, (request, response) => {
    void requests.answer(request, response);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('upgrade', (request, stream, head) => {
    upgrade(admission, sockets, request, stream, head);
  });
  try {
    admission.port = await listen(server, ADDRESS, options.port);
  } catch (error) {
    sockets.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const urlWith = (token: string): string => `http://${ADDRESS}:${port}/#${TOKEN_KEY}=${token}`;
  return {
    url: urlWith(admission.token),
    port,
    token: admission.token,
    urlForOnce: () => urlWith(admission.tokenForOnce()),
    async close() {
      sockets.close();
      await closeServer(server);
    },
  };
}

class Requests {
  readonly #admission: Admission;
  readonly #downloads: Downloads;
  readonly #uiFolder: string;

  constructor(admission: Admission, downloads: Downloads, uiFolder: string) {
    this.#admission = admission;
    this.#downloads = downloads;
    this.#uiFolder = uiFolder;
  }

  /** Never rejects. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch {
      // The other side went away in the middle, or a file did.
      refuse(response, 500, 'This could not be answered.');
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = this.#admission.hostOf(request);
    setSecurityHeaders(response, host);
    const { method, url = '/' } = request;
    const path = url.split(/[?#]/, 1)[0] ?? '/';
    const reads = method === 'GET' || method === 'HEAD';
    if (host === null) refuse(response, 421, 'This host answers to 127.0.0.1 and localhost only.');
    else if (method === 'POST' && !this.#admission.isOwnOrigin(request))
      refuse(response, 403, 'Only a page of this host may do that.');
    else if (path === SESSION_PATH && method === 'POST') await this.#signIn(request, response);
    else if (!reads) refuse(response, 405, 'This can only be read.');
    else if (path === SESSION_PATH) this.#tellSession(request, response);
    else if (path.startsWith(DOWNLOADS_PATH)) await this.#download(path, request, response);
    else await sendFile(this.#uiFolder, path, method === 'GET', response);
  }

  async #signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(request, MAX_BODY_BYTES);
    const token = typeof body === 'object' && body !== null && TOKEN_KEY in body ? body[TOKEN_KEY] : null;
    const cookie = this.#admission.exchange(token);
    if (cookie === null) {
      refuse(response, 401, 'The token is not of this run: open the address that was printed.');
      return;
    }
    response.writeHead(204, { 'Set-Cookie': cookie }).end();
  }

  #tellSession(request: IncomingMessage, response: ServerResponse): void {
    if (this.#admission.hasCookie(request)) response.writeHead(204).end();
    else refuse(response, 401, 'This page is not signed in: open the address that was printed.');
  }

  async #download(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#admission.hasCookie(request)) refuse(response, 401, 'This page is not signed in.');
    else if (request.method !== 'GET') refuse(response, 405, 'This can only be downloaded.');
    else await this.#downloads.send(path.slice(DOWNLOADS_PATH.length), response);
  }
}

function upgrade(
  admission: Admission,
  sockets: Sockets,
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
): void {
  // A connection that breaks here is nobody's fault.
  stream.on('error', () => undefined);
  const status = refusal(admission, sockets, request);
  if (status === null) sockets.upgrade(request, stream, head);
  else stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function refusal(admission: Admission, sockets: Sockets, request: IncomingMessage): string | null {
  if (admission.hostOf(request) === null) return '421 Misdirected Request';
  if (!admission.isOwnOrigin(request)) return '403 Forbidden';
  if (request.url !== SOCKET_PATH) return '404 Not Found';
  if (!admission.hasCookie(request)) return '401 Unauthorized';
  return sockets.isFull ? '503 Service Unavailable' : null;
}
