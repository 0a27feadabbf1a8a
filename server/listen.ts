/** Listening and closing, the same for every HTTP server here. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WakuDeskError } from '../core/engine/errors.ts';

/** How long answers under way may take once the server closes. */
const CLOSE_MS = 1_000;

/** @returns the port @throws WakuDeskError PORT_IN_USE, LISTEN_FAILED */
export async function listen(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      const message = inUse ? `Port ${port} is in use.` : `${address} port ${port} cannot be listened on.`;
      const hint = 'Choose another port, or 0 for a free one.';
      const details = { operation: 'server.listen', hint, cause: error };
      reject(new WakuDeskError(inUse ? 'PORT_IN_USE' : 'LISTEN_FAILED', message, details));
    });
    server.listen(port, address, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Resolves when every connection has ended; those that take long are cut. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const hard = setTimeout(() => {
    server.closeAllConnections();
  }, CLOSE_MS);
  await closed;
  clearTimeout(hard);
}
