/** What starts processes with engines in them, and what their supervisor sees of one. */
import { fileURLToPath } from 'node:url';
import type { ProcessEnd } from '../../core/engine/crash-report.ts';
import type { Port } from '../host/port.ts';

/** One process, from its start on. */
export interface LaunchedProcess {
  /** undefined before the system has started it, and where it cannot. */
  readonly pid: number | undefined;
  /** To `main.ts` in the process. It is closed when the process has ended; closing it ends the process. */
  readonly port: Port;
  /** How it ended: settles when everything that it said and printed has been heard. */
  readonly ended: Promise<ProcessEnd>;
  /** Ends it at once. Idempotent. */
  kill(): void;
}

/** @param printed hears every line that the process prints, from the first on */
export type LaunchProcess = (printed: (line: string) => void) => LaunchedProcess;

/** The program of such a process: beside the source when run from source, beside the bundle when bundled. */
export function processProgram(): string {
  const name = import.meta.url.endsWith('.ts') ? './main.ts' : './node-process.js';
  return fileURLToPath(new URL(name, import.meta.url));
}
