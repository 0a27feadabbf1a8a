/** Streams on descriptors that are not this process's standard ones any more. */
import { createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { isatty, WriteStream } from 'node:tty';

/** Descriptors that lead to where 1 and 2 did; undefined: they still do. */
export interface MovedOutput {
  stdout: number | undefined;
  stderr: number | undefined;
}

export function writableOf(fd: number): Writable {
  if (isatty(fd)) return new WriteStream(fd);
  const stat = fstatSync(fd);
  // A pipe may not block: only the event loop can wait for it.
  if (stat.isFIFO() || stat.isSocket()) return new Socket({ fd, readable: false, writable: true });
  return createWriteStream('', { fd, autoClose: false });
}
