/** What connects a harness and the process of an engine. What arrives while nobody listens waits. */
import type { Serializable } from 'node:child_process';
import type { Port } from '../host/port.ts';

/** One end. */
export interface Channel extends Pick<Port, 'post' | 'onMessage' | 'close'> {
  /** Settles when either side closed it, or died. */
  readonly closed: Promise<void>;
}

/** What a child process of Node and its parent have alike. */
interface IpcEnd {
  readonly connected: boolean;
  send?(value: Serializable, handle: undefined, options: undefined, sent: () => void): boolean;
  disconnect(): void;
  on(event: 'message', listener: (value: unknown) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
}

/** The IPC channel between a process of Node and its child. */
export function ipcChannel(end: IpcEnd): Channel {
  return {
    post(value) {
      if (end.connected) end.send?.(value as Serializable, undefined, undefined, () => undefined);
    },
    onMessage: listening((heard) => end.on('message', heard)),
    close() {
      if (end.connected) end.disconnect();
    },
    closed: new Promise((resolve) => end.once('disconnect', resolve)),
  };
}

/** One of a pair that Electron made: MessagePortMain, which its utility processes have as well. */
export interface ElectronPort {
  postMessage(value: unknown): void;
  start(): void;
  close(): void;
  on(event: 'message', listener: (message: { data: unknown }) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
}

export function electronChannel(port: ElectronPort): Channel {
  let isOpen = true;
  const closed = new Promise<void>((resolve) =>
    port.once('close', () => {
      isOpen = false;
      resolve();
    }),
  );
  const onMessage = listening((heard) =>
    port.on('message', ({ data }) => {
      // In Electron's own turn a rejection counts as unhandled before the microtask that handles it has run.
      queueMicrotask(() => {
        heard(data);
      });
    }),
  );
  port.start();
  return {
    post(value) {
      if (isOpen) port.postMessage(value);
    },
    onMessage,
    close() {
      // Electron ends its own process when a port is closed twice.
      if (isOpen) port.close();
      isOpen = false;
    },
    closed,
  };
}

function listening(listen: (heard: (value: unknown) => void) => unknown): Port['onMessage'] {
  const listeners = new Set<(value: unknown) => void>();
  let waiting: unknown[] = [];
  listen((value) => {
    if (listeners.size === 0) waiting.push(value);
    for (const listener of listeners) listener(value);
  });
  return (listener) => {
    // Wrapped, so that the same function added twice is heard twice.
    const entry = (value: unknown): void => {
      listener(value);
    };
    listeners.add(entry);
    const early = waiting;
    waiting = [];
    early.forEach(entry);
    return () => {
      listeners.delete(entry);
    };
  };
}
