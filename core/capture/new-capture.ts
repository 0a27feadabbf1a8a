/** A capture that is made out of others: into a folder of its own, and nothing of it may be lost on the way. */
import { resolve } from 'node:path';
import { WakuDeskError } from '../engine/errors.ts';
import { Capture, type CaptureOptions } from './capture.ts';
import { invalid, readManifest } from './manifest.ts';
import type { AppendInput, StoredMessage } from './records.ts';

/**
 * @param dir a folder that is empty or not there
 * @throws WakuDeskError CAPTURE_INVALID: the folder has something in it; CAPTURE_WRITE_FAILED
 */
export async function createCapture(dir: string, options: CaptureOptions = {}): Promise<Capture> {
  if ((await readManifest(resolve(dir))) !== null)
    throw invalid(`${dir} is a capture already`, 'Name a new or an empty folder.');
  return Capture.open(dir, options);
}

/** As large as its sources: a copy loses nothing to its own size. */
export const UNBOUNDED: CaptureOptions = { maxBytes: 2 ** 50 };

/** @returns the number of each message @throws WakuDeskError CAPTURE_WRITE_FAILED when anything is refused */
export async function appendAll(capture: Capture, input: AppendInput, operation: string): Promise<number[]> {
  const seqs = await capture.append(input);
  const numbers = seqs.filter((seq) => seq !== null);
  const { refusedStates, lastError } = capture.stats();
  if (numbers.length < seqs.length || refusedStates > 0)
    throw new WakuDeskError('CAPTURE_WRITE_FAILED', 'the disk refused a part of the capture', {
      operation,
      hint: 'Free some space on the disk, or choose another folder.',
      cause: lastError?.message,
    });
  return numbers;
}

/** Appends messages with their states, under new numbers. @throws as {@link appendAll} */
export async function appendCopies(
  capture: Capture,
  messages: readonly StoredMessage[],
  operation: string,
): Promise<number[]> {
  const seqs = await appendAll(capture, { messages }, operation);
  const states = messages.flatMap((message, i) =>
    message.states.map((state) => ({ ...state, seq: seqs[i] ?? 0 })),
  );
  if (states.length > 0) await appendAll(capture, { states }, operation);
  return seqs;
}
