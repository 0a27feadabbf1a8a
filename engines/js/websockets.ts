/**
 * WebSockets beside TCP. Dialled through the package ws, with which the transport listens too: Node's own WebSocket
 * hides the socket that is read fairly and counted (fair-reads.ts), and Node 20 has none.
 */
import type { Transport } from '@libp2p/interface';
import { webSockets, type WebSocketsComponents } from '@libp2p/websockets';
import type { Multiaddr } from '@multiformats/multiaddr';
import { WebSocket } from 'ws';

export function webSocketTransport(): (components: WebSocketsComponents) => Transport {
  return (components) => {
    const transport = webSockets()(components);
    if (typeof Reflect.get(transport, '_connect') !== 'function')
      throw new Error(
        'this version of @libp2p/websockets is built differently: adapt engines/js/websockets.ts',
      );
    return Object.assign(transport, { _connect: connect });
  };
}

function connect(address: Multiaddr, { signal }: { signal?: AbortSignal } = {}): Promise<WebSocket> {
  const socket = new WebSocket(urlOf(address), { perMessageDeflate: false });
  socket.binaryType = 'arraybuffer';
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      socket.terminate();
    };
    const settle = (): void => {
      signal?.removeEventListener('abort', giveUp);
    };
    socket.once('open', () => {
      settle();
      // What comes right behind would be told before libp2p listens.
      socket.pause();
      resolve(socket);
      setImmediate(() => {
        socket.resume();
      });
    });
    // Stays: an error without a listener would end the process. The close that follows is what libp2p hears.
    socket.on('error', (error) => {
      settle();
      reject(error);
    });
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted === true) giveUp();
  });
}

function urlOf(address: Multiaddr): string {
  const parts = address.getComponents();
  const [host] = parts;
  const port = parts.find(({ name }) => name === 'tcp')?.value;
  if (host?.value === undefined || port === undefined) throw new Error('an address without host or port');
  return `ws://${host.name === 'ip6' ? `[${host.value}]` : host.value}:${port}`;
}
