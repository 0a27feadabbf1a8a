/** The wire between an engine and its harness: whatever carries structured-cloneable values in order. */
import type { MessagePort } from 'node:worker_threads';
import { EventHub } from '../../core/engine/event-hub.ts';

export interface Port {
  /** Sends a structured-cloneable value; once the port is closed, does nothing. @throws when it cannot be cloned */
  post(value: unknown): void;
  /** Hears every value from now on, in order. @returns the unsubscribe */
  onMessage(listener: (value: unknown) => void): () => void;
  /**
   * Hears once that either side closed or died, also when that was before this call; needs an onMessage.
   * @returns the unsubscribe
   */
  onClose(listener: () => void): () => void;
  /** Closes both sides. Idempotent. */
  close(): void;
}

/**
 * A Node message port: of a MessageChannel, or a worker's. What arrives before the first onMessage waits for it;
 * from then on the port keeps the process alive until it is closed.
 */
export function nodePort(port: MessagePort): Port {
  const messages = new EventHub<unknown>();
  let listening = false;
  let closed = false;
  const closing = new Promise<void>((resolve) => {
    port.once('close', () => {
      closed = true;
      resolve();
    });
  });
  const listen = (): void => {
    listening = true;
    // For good: a port without listeners would not hear either that the other side closed.
    port.on('message', (value) => {
      messages.emit(value);
    });
    // What cannot be read is lost, an answer perhaps: a broken port is better than a call that never ends.
    port.on('messageerror', () => {
      port.close();
    });
  };
  return {
    post(value) {
      if (!closed) port.postMessage(value);
    },
    onMessage(listener) {
      const unsubscribe = messages.add(listener);
      if (!listening) listen();
      return unsubscribe;
    },
    onClose(listener) {
      let wanted = true;
      void closing.then(() => {
        if (wanted) listener();
      });
      return () => {
        wanted = false;
      };
    },
    close() {
      port.close();
    },
  };
}
