/** Ports over the IPC channel between a process and its child. What arrives while nobody listens waits. */
import type { ChildProcess, Serializable } from 'node:child_process';
import type { Port } from '../host/port.ts';

/** How long a child may take to end by itself once the channel is closed. */
const END_MS = 3_000;

/** A child's last words may still be on their way when it has ended. */
const LAST_WORDS_MS = 200;

/** Settles when the child has ended and everything it said and printed has been read. */
export function endOf(child: ChildProcess): Promise<void> {
  // Not its event 'close': that never comes where this side closed the channel first.
  const read = Promise.all([
    new Promise((resolve) => child.once('disconnect', resolve)),
    ...[child.stdout, child.stderr].map((stream) => new Promise((resolve) => stream?.once('close', resolve))),
  ]);
  return new Promise((resolve) => {
    child.once('exit', () => {
      // Whoever inherited its output may keep that open.
      const timer = setTimeout(resolve, LAST_WORDS_MS);
      void read.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    // It could not be started.
    child.once('error', () => {
      resolve();
    });
  });
}

/**
 * The harness's side. It is closed when the child has `ended`, so that everything it said has been heard by then.
 */
export function portToChild(child: ChildProcess, ended: Promise<void>): Port {
  const endSoon = (): void => {
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
    void ended.then(() => {
      clearTimeout(timer);
    });
  };
  // A child that closed the channel, or broke it, has nothing left to do.
  child.once('disconnect', endSoon);
  // A write to a child that has just died: its exit follows.
  child.on('error', () => undefined);
  return {
    post(value) {
      if (child.connected) child.send(value as Serializable, () => undefined);
    },
    onMessage: listenTo(child),
    onClose: once(ended),
    close: endSoon,
  };
}

/** The child's side: closed when the harness closes it, or dies. */
export function portToParent(): Port {
  const closed = new Promise<void>((resolve) => process.once('disconnect', resolve));
  return {
    post(value) {
      if (process.connected) process.send?.(value, undefined, undefined, () => undefined);
    },
    onMessage: listenTo(process),
    onClose: once(closed),
    close() {
      if (process.connected) process.disconnect();
    },
  };
}

function listenTo(source: {
  on(event: 'message', listener: (value: unknown) => void): unknown;
}): Port['onMessage'] {
  const listeners = new Set<(value: unknown) => void>();
  let waiting: unknown[] = [];
  source.on('message', (value) => {
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

function once(event: Promise<void>): Port['onClose'] {
  return (listener) => {
    let wanted = true;
    void event.then(() => {
      if (wanted) listener();
    });
    return () => {
      wanted = false;
    };
  };
}
