/** A file that gets an embedded node's lines of received and sent messages, as node libraries print theirs. */
import { createWriteStream } from 'node:fs';
import type { RelayLineListener } from '../../core/engine/relay-line.ts';

/** Waiting for the disk at most; beyond it lines are left out and counted. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** Appends to the file, which is made where it is missing; a disk that refuses costs lines, never the node. */
export function relayLog(path: string): RelayLineListener {
  const file = createWriteStream(path, { flags: 'a' });
  let left = 0;
  let isBroken = false;
  file.on('error', ({ message }) => {
    isBroken = true;
    process.stderr.write(`${path} gets no more lines of messages: ${message}\n`);
  });
  return (line) => {
    if (isBroken || file.writableLength > MAX_WAITING_BYTES) {
      left++;
      return;
    }
    if (left > 0) file.write(`${left} lines of messages were left out here: the disk was too slow\n`);
    left = 0;
    file.write(`${line}\n`);
  };
}
