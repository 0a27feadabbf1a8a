/** What one of two captures has and the other has not, by deterministic hash. */
import { cancelled } from '../engine/deadline.ts';
import type { Capture } from './capture.ts';
import { HashTable } from './hash-table.ts';
import type { MessageSummary } from './records.ts';
import { portionsOf, type Selection } from './selection.ts';

export type Side = 'a' | 'b';

export interface DiffCounts {
  /** Different messages that both have. */
  both: number;
  onlyA: number;
  onlyB: number;
  /** Messages that one capture has more than once, counted from the second on. */
  againA: number;
  againB: number;
}

export interface DiffOptions extends Omit<Selection, 'fromSeq' | 'toSeq'> {
  /** Told of each message that is on one side only: first those of b, then those of a, each in its order. */
  onDifference: (side: Side, message: MessageSummary) => void | Promise<void>;
}

/**
 * Keeps about 100 bytes in memory for each message of `a`, and for each that only `b` has.
 * @throws WakuDeskError FILTER_INVALID, CANCELLED, FILE_FAILED
 */
export async function diffCaptures(a: Capture, b: Capture, options: DiffOptions): Promise<DiffCounts> {
  const counts: DiffCounts = { both: 0, onlyA: 0, onlyB: 0, againA: 0, againB: 0 };
  const inA = new HashTable();
  for await (const { hash } of summariesOf(a, options)) if (!inA.add(hash).isNew) counts.againA++;
  const alsoInB = new Uint8Array(inA.size);
  const onlyInB = new HashTable();
  for await (const message of summariesOf(b, options)) {
    const place = inA.find(message.hash);
    if (place === null) {
      if (!onlyInB.add(message.hash).isNew) counts.againB++;
      else {
        counts.onlyB++;
        await options.onDifference('b', message);
      }
    } else if (alsoInB[place] === 1) counts.againB++;
    else {
      alsoInB[place] = 1;
      counts.both++;
    }
  }
  for await (const message of summariesOf(a, options)) {
    const place = inA.find(message.hash);
    // Also what was appended since the first look is left out, and what repeats.
    if (place === null || alsoInB[place] === 1) continue;
    alsoInB[place] = 1;
    counts.onlyA++;
    await options.onDifference('a', message);
  }
  return counts;
}

async function* summariesOf(capture: Capture, options: DiffOptions): AsyncGenerator<MessageSummary, void> {
  for await (const seqs of portionsOf(capture, options)) {
    if (options.signal?.aborted === true) throw cancelled('capture.diff');
    yield* await capture.summariesOf(seqs);
  }
}
