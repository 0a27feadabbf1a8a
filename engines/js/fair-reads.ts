/**
 * One read for each connection and turn of the event loop. libuv reads a busy socket up to 32 times before it looks
 * at timers and signals again, and what 64 KiB of small messages cost is a tenth of a second: with a few neighbours
 * that send without a pause the node would hear neither its heartbeat nor SIGTERM for many seconds.
 */
import { Socket } from 'node:net';
import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface';
import { WebSocket } from 'ws';

/**
 * The encrypter is the first to get a connection; it gets the fair one.
 * @param onSocket hears of each connection's socket
 */
export function withFairReads<T extends ConnectionEncrypter>(
  encrypter: T,
  onSocket: (socket: Socket) => void,
): T {
  const secureInbound = encrypter.secureInbound.bind(encrypter);
  const secureOutbound = encrypter.secureOutbound.bind(encrypter);
  return Object.assign(encrypter, {
    secureInbound: ((connection, options) => {
      onSocket(readFairly(connection));
      return secureInbound(connection, options);
    }) satisfies ConnectionEncrypter['secureInbound'],
    secureOutbound: ((connection, options) => {
      onSocket(readFairly(connection));
      return secureOutbound(connection, options);
    }) satisfies ConnectionEncrypter['secureOutbound'],
  });
}

function readFairly(connection: MessageStream): Socket {
  const webSocket: unknown = Reflect.get(connection, 'websocket');
  const socket: unknown =
    webSocket instanceof WebSocket ? Reflect.get(webSocket, '_socket') : Reflect.get(connection, 'socket');
  if (!(socket instanceof Socket) || !hasFlowControl(connection))
    throw new Error('this version of libp2p is built differently: adapt engines/js/fair-reads.ts');
  // The package closes with a code that ws refuses, and the connection would stay.
  if (webSocket instanceof WebSocket)
    connection.sendReset = () => {
      webSocket.terminate();
    };
  /** libp2p wants no data now. */
  let paused = false;
  /** The turn's read is done. */
  let resting = false;
  connection.sendPause = () => {
    paused = true;
    socket.pause();
  };
  connection.sendResume = () => {
    paused = false;
    if (!resting) socket.resume();
  };
  socket.on('data', () => {
    if (resting) return;
    resting = true;
    socket.pause();
    setImmediate(() => {
      resting = false;
      if (!paused) socket.resume();
    });
  });
  return socket;
}

interface FlowControl {
  sendReset(error: Error): void;
  sendPause(): void;
  sendResume(): void;
}

function hasFlowControl(value: object): value is FlowControl {
  return ['sendReset', 'sendPause', 'sendResume'].every(
    (name) => typeof Reflect.get(value, name) === 'function',
  );
}
