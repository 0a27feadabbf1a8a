/** The address to listen on, tried before the library does: it would fail in its own words, or not at all. */
import { createServer } from 'node:net';
import { failure } from '../../core/engine/failure.ts';

/**
 * @param port 0 for a free one
 * @returns the port, which nobody held a moment ago
 * @throws WakuDeskError PORT_IN_USE, LISTEN_FAILED
 */
export async function freePort(host: string, port: number): Promise<number> {
  const server = createServer();
  try {
    return await new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, exclusive: true }, () => {
        const address = server.address();
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('the system names no port'));
      });
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw failure(
        'start',
        'PORT_IN_USE',
        `Port ${port} of ${host} is in use.`,
        'End the program that holds it, or choose another port (0 takes a free one).',
        error,
      );
    throw failure(
      'start',
      'LISTEN_FAILED',
      `The node cannot listen on ${host}, port ${port}.`,
      'Choose an address of this machine, such as 127.0.0.1, and a port above 1023.',
      error,
    );
  } finally {
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  }
}
