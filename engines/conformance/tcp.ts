/** TCP servers that are no Waku nodes, and ports that nobody holds. Loopback only. */
import { connect, createServer, type Socket } from 'node:net';
import type { Stage } from './stage.ts';

/** A valid peer id of no running node. */
export const NOBODY = '16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie';

export interface TcpServer {
  port: number;
  /** As a multiaddr that names {@link NOBODY}. */
  address: string;
  /** Connections that are open now. */
  open: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** A server that leaves connections to `answer`; without one it takes them and never says a word. */
export async function tcpServer(
  stage: Stage,
  answer: (socket: Socket) => void = () => undefined,
  port = 0,
): Promise<TcpServer> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    socket.resume();
    answer(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a TCP server has a port');
  const close = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  };
  stage.atEnd(close);
  return {
    port: address.port,
    address: `/ip4/127.0.0.1/tcp/${String(address.port)}/p2p/${NOBODY}`,
    open,
    close,
  };
}

/** A port on which nobody listens, or did a moment ago. */
export async function freePort(stage: Stage): Promise<number> {
  const server = await tcpServer(stage);
  await server.close();
  return server.port;
}

export async function canDial(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
