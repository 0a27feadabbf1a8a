/** Bytes on all connections, as they are on the wire: handshakes and encryption included. */
import type { Socket } from 'node:net';

export class NetworkBytes {
  readonly #open = new Set<Socket>();
  #in = 0;
  #out = 0;

  watch(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#in += socket.bytesRead;
      this.#out += socket.bytesWritten;
    });
  }

  total(): { in: number; out: number } {
    const open = [...this.#open];
    return {
      in: open.reduce((sum, { bytesRead }) => sum + bytesRead, this.#in),
      out: open.reduce((sum, { bytesWritten }) => sum + bytesWritten, this.#out),
    };
  }
}
