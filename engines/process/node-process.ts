/** One child process with an engine in it. */
import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connectEngine, type RemoteEngine } from '../host/connect.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { NodeOrder } from './main.ts';
import { endOf, portToChild } from './process-port.ts';

export interface NodeProcess {
  readonly pid: number | undefined;
  readonly remote: RemoteEngine;
  /** Settles when the process is gone. */
  readonly ended: Promise<void>;
  /** Why it ended, in a sentence; null while it runs. */
  readonly reason: string | null;
  kill(): void;
}

const MAX_LINE = 2_000;
/** A node that is busy for so long has lost its peers. */
const HANG_MS = 10_000;

/**
 * Starts a process and connects to the engine in it, which is not started yet.
 * @param onLine hears what the process prints: nobody should, but libraries do, and last words of a crash
 * @throws WakuDeskError ENGINE_FAILED, UNSUPPORTED
 */
export async function startNodeProcess(
  order: NodeOrder,
  onLine: (line: string) => void,
): Promise<NodeProcess> {
  const child = fork(entry(import.meta.url), {
    // The order goes by message: arguments and environment are there for everybody to read.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  let lastLine = '';
  let end: string | null = null;
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null)
      createInterface({ input: stream }).on('line', (line) => {
        if (line.trim() === '') return;
        lastLine = line.slice(0, MAX_LINE);
        onLine(lastLine);
      });
  child.once('exit', (code, signal) => {
    end ??= signal === null ? `with exit code ${String(code)}` : `by ${signal}`;
  });
  child.once('error', (error) => {
    end ??= `before it began: ${error.message}`;
  });
  const reasonNow = (): string | null => (end === null ? null : sentence(end, lastLine));
  const ended = endOf(child);
  const port = portToChild(child, ended);
  port.post(order);
  try {
    const remote = await connectEngine(port);
    const stopHeartbeat = startHeartbeat(
      () => remote.topics(),
      HANG_MS,
      () => {
        end = `because it had not answered for ${HANG_MS / 1_000} s`;
        child.kill('SIGKILL');
      },
    );
    void ended.then(stopHeartbeat);
    return {
      pid: child.pid,
      remote,
      ended,
      get reason() {
        return reasonNow();
      },
      kill: () => child.kill('SIGKILL'),
    };
  } catch (error) {
    await lastWords(child, ended);
    throw new WakuDeskError('ENGINE_FAILED', reasonNow() ?? "The node's process does not answer.", {
      operation: 'engine.load',
      hint: 'Look at the log.',
      cause: error,
    });
  }
}

async function lastWords(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), 1_000);
  await ended;
  clearTimeout(timer);
}

function sentence(end: string, lastLine: string): string {
  return `The node's process was ended ${end}.${lastLine === '' ? '' : ` Its last words: ${lastLine}`}`;
}

/** Beside the source when run from source, beside the bundle when bundled: there it is node-process.js. */
function entry(moduleUrl: string): string {
  const name = moduleUrl.endsWith('.ts') ? './main.ts' : './node-process.js';
  return fileURLToPath(new URL(name, moduleUrl));
}
