/** A part of a capture, read in portions. */
import type { Capture } from './capture.ts';
import type { ScanOptions } from './scan.ts';

export type Selection = Pick<ScanOptions, 'filter' | 'nowMs' | 'fromSeq' | 'toSeq' | 'signal'>;

/** Messages that are read at once, at the most. */
export const PORTION = 512;

/** The numbers of what is selected, ascending. @throws as {@link Capture.scan} */
export async function* portionsOf(capture: Capture, selection: Selection): AsyncGenerator<number[], void> {
  const { filter, nowMs, fromSeq, toSeq, signal } = selection;
  // Callers have options of their own beside it.
  const scan = {
    ...(filter === undefined ? {} : { filter }),
    ...(nowMs === undefined ? {} : { nowMs }),
    ...(fromSeq === undefined ? {} : { fromSeq }),
    ...(toSeq === undefined ? {} : { toSeq }),
    ...(signal === undefined ? {} : { signal }),
  };
  for await (const seqs of capture.scan(scan))
    for (let i = 0; i < seqs.length; i += PORTION) yield seqs.slice(i, i + PORTION);
}
