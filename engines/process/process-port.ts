/** The two sides' ports between a harness and the process of an engine. */
import type { Port } from '../host/port.ts';
import { electronChannel, ipcChannel, type Channel, type ElectronPort } from './channel.ts';

/** How long a process may take to end by itself once the channel is closed. */
const END_MS = 3_000;

/**
 * The harness's side. It is closed when the process has `ended`, so that everything it said has been heard by then.
 */
export function portToProcess(
  channel: Channel,
  { ended, kill }: { ended: Promise<unknown>; kill: () => void },
): Port {
  const endSoon = (): void => {
    channel.close();
    const timer = setTimeout(kill, END_MS);
    void ended.then(() => {
      clearTimeout(timer);
    });
  };
  // A process that closed the channel, or broke it, has nothing left to do.
  void channel.closed.then(endSoon);
  return { post: channel.post, onMessage: channel.onMessage, onClose: once(ended), close: endSoon };
}

/** The process's side, closed when the harness closes it, or dies. */
export async function portToHarness(): Promise<Port> {
  return isUtilityProcess(process) ? portOver(electronChannel(await firstPort(process))) : portToParent();
}

/** The same, in a process that is always a child of Node's. */
export function portToParent(): Port {
  return portOver(ipcChannel(process));
}

function portOver({ post, onMessage, close, closed }: Channel): Port {
  return { post, onMessage, onClose: once(closed), close };
}

/** A utility process of Electron, which gets its port in the first message. */
interface UtilityProcess {
  parentPort: { once(event: 'message', listener: (message: { ports: ElectronPort[] }) => void): unknown };
}

function isUtilityProcess(it: object): it is UtilityProcess {
  return 'parentPort' in it;
}

function firstPort({ parentPort }: UtilityProcess): Promise<ElectronPort> {
  return new Promise((resolve, reject) =>
    parentPort.once('message', ({ ports: [port] }) => {
      if (port === undefined) reject(new TypeError('the first message brings a port'));
      else resolve(port);
    }),
  );
}

function once(event: Promise<unknown>): Port['onClose'] {
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
