/** What a figure is, and what it is given. */
import type { ChildProcess } from 'node:child_process';
import type { Row } from './row.ts';

/** Something that runs until it is stopped. Stopping it twice is no error. */
export interface Stoppable {
  stop(): Promise<void>;
}

export interface Context {
  /** cmd/waku's program, or why there is none. */
  peer: { path: string; name: string } | { missing: string };
  /** A new empty folder, removed at the end of the figure. */
  makeFolder(): Promise<string>;
  /** Stops it at the end of the figure, whatever happens. */
  use<T extends Stoppable>(resource: T): T;
  /** Ends a process that does not end by itself when this one is killed. */
  guard(child: ChildProcess): void;
  /** Tells people how far it is. */
  progress(text: string): void;
}

export interface Figure {
  /** What the command line calls it; the rows' names start with it. */
  name: string;
  /** What is measured, in one line. */
  about: string;
  /** Whether cmd/waku is measured beside it. */
  besidePeer: boolean;
  /** How to read the rows: what is counted, what is left out, what stands beside it. */
  how: string;
  /** @param quick fewer and smaller runs of the same */
  measure(context: Context, quick: boolean): Promise<Row[]>;
}
