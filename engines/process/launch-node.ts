/** Engines in child processes of Node. */
import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ProcessEnd } from '../../core/engine/crash-report.ts';
import { ipcChannel } from './channel.ts';
import { processProgram, type LaunchedProcess } from './launch.ts';
import { portToProcess } from './process-port.ts';

/** A process's last words may still be on their way when it has ended. */
const LAST_WORDS_MS = 200;

/** @param program runs in the process, with `portToParent` as its side */
export function launchNode(printed: (line: string) => void, program = processProgram()): LaunchedProcess {
  const child = fork(program, {
    // The order goes by message: arguments and environment are there for everybody to read.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null) createInterface({ input: stream }).on('line', printed);
  // A write to a child that has just died: its exit follows.
  child.on('error', () => undefined);
  const ended = endOf(child);
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  return { pid: child.pid, port: portToProcess(ipcChannel(child), { ended, kill }), ended, kill };
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  // Not its event 'close': that never comes where this side closed the channel first.
  const read = Promise.all([
    new Promise((resolve) => child.once('disconnect', resolve)),
    ...[child.stdout, child.stderr].map((stream) => new Promise((resolve) => stream?.once('close', resolve))),
  ]);
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => {
      const tell = (): void => {
        resolve(signal === null ? { kind: 'exit', exitCode: exitCode ?? 0 } : { kind: 'signal', signal });
      };
      // Whoever inherited its output may keep that open.
      const timer = setTimeout(tell, LAST_WORDS_MS);
      void read.then(() => {
        clearTimeout(timer);
        tell();
      });
    });
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ kind: 'notStarted', why: error.message });
    });
  });
}
