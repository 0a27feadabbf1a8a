/** The WebSockets of the pages: frames to messages and back, and who does not keep up is let go. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { CLIENT_FRAME_BOUNDS, decodeFrame, encodeFrame } from '../../core/operations/codec.ts';
import { describeCause } from '../../core/engine/errors.ts';
import { ClientConnection, type HarnessHandlers } from '../harness/client-connection.ts';
import type { Harness } from '../harness/harness.ts';

export interface SocketBounds {
  maxClients: number;
  /** Bytes that may wait for a client that does not read. */
  maxWaitingBytes: number;
  /** A client that acknowledges nothing for so long is let go; it may come back. */
  stalledMs: number;
  /** Between two pings; one without an answer is the end. */
  pingIntervalMs: number;
}

export const DEFAULT_SOCKET_BOUNDS: Readonly<SocketBounds> = {
  maxClients: 16,
  maxWaitingBytes: 32 * 1024 * 1024,
  stalledMs: 60_000,
  pingIntervalMs: 15_000,
};

/** Of RFC 6455: a message that cannot be read, one that breaks the rules, and one that comes too often. */
const UNREADABLE = 1007;
const GOING_AWAY = 1001;

interface Client {
  socket: WebSocket;
  connection: ClientConnection;
  answersPings: boolean;
}

export class Sockets {
  readonly #harness: Harness;
  readonly #handlers: HarnessHandlers;
  readonly #bounds: SocketBounds;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: CLIENT_FRAME_BOUNDS.maxBytes,
    perMessageDeflate: false,
  });
  readonly #clients = new Set<Client>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(harness: Harness, handlers: HarnessHandlers, bounds: SocketBounds) {
    this.#harness = harness;
    this.#handlers = handlers;
    this.#bounds = bounds;
    this.#timer = setInterval(() => {
      this.#look();
    }, bounds.pingIntervalMs);
  }

  get isFull(): boolean {
    return this.#clients.size >= this.#bounds.maxClients;
  }

  /** The caller has checked who asks. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, stream, head, (socket) => {
      this.#add(socket);
    });
  }

  /** Tells every client that the host goes, and lets them go. */
  close(): void {
    clearInterval(this.#timer);
    for (const { socket } of this.#clients) {
      socket.close(GOING_AWAY, 'Waku Desk was stopped.');
      // A client that does not answer must not hold the host up.
      setTimeout(() => {
        socket.terminate();
      }, 500).unref();
    }
  }

  #add(socket: WebSocket): void {
    const connection = new ClientConnection(this.#harness, this.#handlers, {
      send: (message) => {
        if (socket.readyState !== socket.OPEN) return;
        socket.send(encodeFrame(message));
        if (socket.bufferedAmount > this.#bounds.maxWaitingBytes) this.#drop(client);
      },
    });
    const client: Client = { socket, connection, answersPings: true };
    this.#clients.add(client);
    socket.on('message', (data, isBinary) => {
      this.#receive(client, data, isBinary);
    });
    socket.on('pong', () => {
      client.answersPings = true;
    });
    // Frames that are too large or broken: its close event follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      connection.end();
      this.#clients.delete(client);
    });
  }

  #receive({ socket, connection }: Client, data: RawData, isBinary: boolean): void {
    try {
      if (!isBinary || !(data instanceof Buffer)) throw new TypeError('Frames are binary here.');
      connection.receive(decodeFrame(data, CLIENT_FRAME_BOUNDS));
    } catch (error) {
      // A close frame has room for 123 bytes.
      socket.close(
        UNREADABLE,
        describeCause(error)
          .slice(0, 100)
          .replace(/[^\x20-\x7e]/g, '?'),
      );
    }
  }

  /** Lets go of those who stopped reading, and of those who are dead. */
  #look(): void {
    for (const client of this.#clients) {
      const { socket, connection } = client;
      const since = connection.owesSinceMs;
      if (since !== null && performance.now() - since > this.#bounds.stalledMs) this.#drop(client);
      else if (client.answersPings) {
        client.answersPings = false;
        socket.ping();
      } else this.#drop(client);
    }
  }

  #drop({ socket }: Client): void {
    if (socket.readyState !== socket.OPEN) return;
    this.#harness.clients.dropped++;
    // Not a closing handshake: it would wait behind all that is not read.
    socket.terminate();
  }
}
