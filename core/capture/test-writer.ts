/**
 * A process that writes a capture, for tests that kill it: `node test-writer.ts <dir> <batch size>`. Prints
 * `open`, or the code of the error, and then the last captured number after every batch, for ever.
 */
import { writeSync } from 'node:fs';
import { WakuDeskError } from '../engine/errors.ts';
import { createMessage } from '../waku/message.ts';
import { Capture } from './capture.ts';

const [dir = '', batchSize = '10'] = process.argv.slice(2);

try {
  const capture = await Capture.open(dir, { maxBytes: 1024 ** 3, segmentBytes: 256 * 1024 });
  say('open');
  const message = createMessage({ payload: new Uint8Array(700).fill(7), contentTopic: '/a/1/b/c' });
  const one = {
    dir: 'in',
    pubsubTopic: '/waku/2/rs/16/32',
    message,
    receivedNs: 5n,
    fromPeer: null,
  } as const;
  const messages = Array.from(
    { length: Number(batchSize) },
    () => ({ ...one, hash: `0x${'ab'.repeat(32)}` }) as const,
  );
  for (;;) {
    const seqs = await capture.append({ messages });
    say(String(seqs[seqs.length - 1]));
  }
} catch (error) {
  say(error instanceof WakuDeskError ? error.code : String(error));
}

/** At once: what has been said must not wait in this process when it is killed. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}
