/** wakunode2's REST API over a session, so that tools for wakunode2 drive any engine. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { closeServer, listen } from '../listen.ts';
import { Admission } from './admission.ts';
import { failed, HTML, NOT_FOUND, OK, text, type Answer } from './answer.ts';
import { BodyReader } from './body.ts';
import type { RestContext, RestNode } from './context.ts';
import { KnownPeers } from './known-peers.ts';
import { MessageCache } from './message-cache.ts';
import { Router } from './router.ts';
import { restRoutes } from './routes.ts';

export interface RestOptions {
  address: string;
  /** 0: a free one. */
  port: number;
  /** Whether `/admin/v1/…` is there. */
  admin: boolean;
  /** Messages of one pubsub topic that wait to be asked for. */
  relayCacheCapacity: number;
  /** The same of filter. */
  filterCacheCapacity: number;
  /** Pages that may call; `*` and `?` are wildcards. */
  allowedOrigins: readonly string[];
}

export interface RestHost {
  readonly port: number;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 512;
const MAX_HEADER_BYTES = 16 * 1024;
/** From the first byte of a request to the last of its headers, and of its body. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 60_000;
const IDLE_MS = 30_000;
/** How often those times are looked at. */
const CHECK_MS = 5_000;
/** wakunode2 reads bodies of 5 MiB and says what is wrong with them. */
const MIN_BODY_BYTES = 8 * 1024 * 1024;

/**
 * Listens from now on; the session may start later.
 * @throws WakuDeskError PORT_IN_USE, LISTEN_FAILED
 */
export async function startRestHost(node: RestNode, options: RestOptions): Promise<RestHost> {
  const relayCache = new MessageCache(options.relayCacheCapacity);
  const filterCache = new MessageCache(options.filterCacheCapacity);
  const peers = new KnownPeers(node.session.snapshot().peers);
  const context: RestContext = { ...node, relayCache, filterCache, peers };
  const requests = new Requests(context, options);
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: IDLE_MS,
      connectionsCheckingInterval: CHECK_MS,
    },
    (request, response) => {
      void requests.answer(request, response);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, options.address, options.port);
  const { detach } = node.session.attach(({ messages, events }) => {
    for (const event of events) peers.hear(event);
    for (const { dir, pubsubTopic, hash, message } of messages) {
      // Own ones are shown by who publishes them: only what was really published.
      if (dir === 'out') continue;
      if (node.session.isSubscribed(pubsubTopic)) relayCache.add(pubsubTopic, hash, message);
      filterCache.offer(pubsubTopic, hash, message);
    }
  });
  return {
    port,
    async close() {
      detach();
      await closeServer(server);
    },
  };
}

class Requests {
  readonly #admission: Admission;
  readonly #bodies: BodyReader;
  readonly #router: Router;

  constructor(context: RestContext, { address, allowedOrigins, admin }: RestOptions) {
    this.#admission = new Admission(address, allowedOrigins);
    // A message in base64, and room for the other fields.
    this.#bodies = new BodyReader(Math.max(MIN_BODY_BYTES, 2 * context.config.maxMessageBytes));
    this.#router = new Router(restRoutes(context, { admin }));
  }

  /** Never rejects. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      send(response, await this.#answer(request, response));
    } catch (error) {
      if (request.destroyed && !request.complete) response.destroy();
      else send(response, failed(asError(error)));
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    if (!this.#admission.isKnownHost(request)) return text(421, 'This API answers to localhost only.');
    const origin = this.#admission.originOf(request);
    if (origin === false) return text(403, 'Pages of this origin may not call: see --rest-allow-origin.');
    const { method, url = '/' } = request;
    const [path = '', query = ''] = url.split('?', 2);
    if (origin !== null) allow(response, origin);
    if (method === 'OPTIONS') return this.#router.methodsOf(path).length > 0 ? OK : NOT_FOUND;
    const match = this.#router.find(method, path);
    if (match === null) return NOT_FOUND;
    const { read, done } = await this.#bodies.read(request);
    try {
      if (!read.ok) return read.answer;
      const { body } = read;
      if (body.bytes.length > 0 && body.contentType === null)
        return { status: 400, contentType: HTML, body: 'Invalid content type' };
      return await match.route.handle({ params: match.params, query: new URLSearchParams(query), body });
    } finally {
      done();
    }
  }
}

function allow(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE');
  response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
  response.setHeader('Vary', 'Origin');
}

function send(response: ServerResponse, { status, contentType, body }: Answer): void {
  // What a refused request still sends is not read: its connection is of no use for another one.
  if (!response.req.complete) response.setHeader('Connection', 'close');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function asError(error: unknown): WakuDeskError {
  if (error instanceof WakuDeskError) return error;
  return new WakuDeskError('ENGINE_FAILED', 'This could not be answered.', {
    operation: 'rest.answer',
    hint: "Look at the node's log, and report it if it comes again.",
    cause: error,
  });
}
