/** How the process of a probe is started: as a child of Node, unless the program has another way. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProbeOrder } from './protocol.ts';

export interface ProbeProcess {
  post(order: ProbeOrder): void;
  onMessage(listener: (value: unknown) => void): void;
  /** Resolves when it is gone, with how, as the beginning of a sentence. Never rejects. */
  readonly ended: Promise<string>;
  kill(): void;
}

let launch: () => ProbeProcess = forkProbe;

/** Of the whole program: a packaged Electron starts no script as Node would. */
export function launchProbesBy(other: () => ProbeProcess): void {
  launch = other;
}

export function launchProbe(): ProbeProcess {
  return launch();
}

/** Beside the source when run from source, beside the bundle when bundled. */
export function probeProgram(): string {
  const name = import.meta.url.endsWith('.ts') ? './process.ts' : './probe-process.js';
  return fileURLToPath(new URL(name, import.meta.url));
}

export const crashedBy = (signal: string): string => `It crashed (${signal})`;
export const exitedWith = (code: number | null): string => `It ended its process (${String(code)})`;
export const failedToStart = (why: string): string => `Its process failed (${why})`;

function forkProbe(): ProbeProcess {
  const child = fork(probeProgram(), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  return {
    post(order) {
      child.send(order, () => undefined);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    ended: new Promise((resolve) => {
      child.once('error', (error) => {
        resolve(failedToStart(error.message));
      });
      child.once('close', (code, signal) => {
        resolve(signal === null ? exitedWith(code) : crashedBy(signal));
      });
    }),
    kill() {
      child.kill('SIGKILL');
    },
  };
}
