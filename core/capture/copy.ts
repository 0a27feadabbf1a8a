/** Copies what a filter matches into a new capture. */
import { parseFilterOrThrow } from '../filter/filter.ts';
import type { Capture } from './capture.ts';
import { appendCopies, createCapture, UNBOUNDED } from './new-capture.ts';
import { portionsOf, type Selection } from './selection.ts';

export interface CopyReport {
  /** Messages of the new capture. */
  messages: number;
  /** Messages that were looked at. */
  scanned: number;
}

/**
 * Messages keep their times and states, in the same order, and get new numbers. Gaps stay behind: they say what is
 * missing in the whole.
 * @param dir a folder that is empty or not there
 * @throws WakuDeskError FILTER_INVALID, CANCELLED, FILE_FAILED; as {@link createCapture}. What was copied until then stays.
 */
export async function copyCapture(source: Capture, dir: string, selection: Selection): Promise<CopyReport> {
  // Refused before a folder is made.
  parseFilterOrThrow(selection.filter ?? '', selection.nowMs);
  const target = await createCapture(dir, UNBOUNDED);
  let messages = 0;
  try {
    for await (const seqs of portionsOf(source, selection))
      for await (const copies of source.allMessagesOf(seqs))
        messages += (await appendCopies(target, copies, 'capture.copy')).length;
  } finally {
    await target.close();
  }
  return { messages, scanned: source.stats().messages };
}
