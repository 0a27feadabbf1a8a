/** Engines in utility processes of Electron: of the app, without a window, and ended with it. */
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { app, MessageChannelMain, utilityProcess, type Details, type UtilityProcess } from 'electron';
import type { ProcessEnd } from '../../core/engine/crash-report.ts';
import { electronChannel } from '../../engines/process/channel.ts';
import { processProgram, type LaunchedProcess } from '../../engines/process/launch.ts';
import { portToProcess } from '../../engines/process/process-port.ts';

/** What Electron tells of an end comes in two events, in no order; what was printed comes by a pipe. */
const LAST_WORDS_MS = 200;

/** Their names begin so: who looks at all processes of the app leaves them to who started them. */
export const ENGINE_SERVICE = 'Waku Desk engine';

let launched = 0;

/** After the app is ready. */
export function launchUtility(printed: (line: string) => void): LaunchedProcess {
  const serviceName = `${ENGINE_SERVICE} ${++launched}`;
  const child = utilityProcess.fork(processProgram(), [], { serviceName, stdio: ['ignore', 'pipe', 'pipe'] });
  let pid: number | undefined;
  child.once('spawn', () => {
    ({ pid } = child);
  });
  const kill = killOf(child);
  const { port1, port2 } = new MessageChannelMain();
  child.postMessage(null, [port2]);
  const ended = endOf(child, serviceName, printed);
  return {
    get pid() {
      return pid;
    },
    port: portToProcess(electronChannel(port1), { ended, kill }),
    ended,
    kill,
  };
}

/** Ends a process at once, also one that is still being started: Electron's own kill() is SIGTERM, which a hung one does not hear. */
export function killOf(child: UtilityProcess): () => void {
  let isKilled = false;
  const kill = (): void => {
    isKilled = true;
    if (child.pid === undefined) return;
    try {
      process.kill(child.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  };
  child.once('spawn', () => {
    if (isKilled) kill();
  });
  return kill;
}

/** Settles when a process that was started under this name is gone. */
export function endOf(
  child: UtilityProcess,
  name: string,
  printed: (line: string) => void,
): Promise<ProcessEnd> {
  const streams = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : [stream]));
  const pipes = streams.map((stream) => {
    const lines = new PassThrough();
    createInterface({ input: lines }).on('line', printed);
    const read = (chunk: unknown): void => {
      lines.write(chunk);
    };
    stream.on('data', read);
    return { lines, readOn: () => stream.on('data', read) };
  });
  return new Promise((resolve) => {
    let gone: Details | null = null;
    const noteGone = (_event: unknown, details: Details): void => {
      if (details.name === name) gone = details;
    };
    app.on('child-process-gone', noteGone);
    child.once('exit', (exitCode) => {
      // Electron takes all listeners off its streams now, and its pipes may still bring something.
      queueMicrotask(() => {
        for (const { readOn } of pipes) readOn();
      });
      setTimeout(() => {
        // What has come meanwhile is read before: also when this process stood still.
        setImmediate(() => {
          app.off('child-process-gone', noteGone);
          for (const { lines } of pipes) lines.end();
          setImmediate(() => {
            resolve(describeEnd(exitCode, gone));
          });
        });
      }, LAST_WORDS_MS);
    });
  });
}

/** An exit code of 0 may be that of a process that was killed: only the other event tells. */
function describeEnd(exitCode: number, gone: Details | null): ProcessEnd {
  if (gone === null || process.platform === 'win32')
    return { kind: 'exit', exitCode: gone?.exitCode ?? exitCode };
  // As the system has it: a signal in the low bits, for which Electron has three words; otherwise a code above them.
  const signal = gone.exitCode & 0x7f;
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  if (gone.reason === 'launch-failed')
    return { kind: 'notStarted', why: `Electron's error ${gone.exitCode}` };
  return name === undefined ? { kind: 'exit', exitCode } : { kind: 'signal', signal: name };
}
