/** `--capture`: opening a capture for a command. */
import type { Command } from 'commander';
import { Capture } from '../core/capture/capture.ts';
import { bytes, text } from './options.ts';

export interface CaptureOptions {
  capture?: string;
  captureMaxSize: number;
}

export function addCaptureOptions(command: Command): Command {
  return command
    .option('--capture <folder>', 'keep every message in this folder, made if need be', text)
    .option('--capture-max-size <size>', 'its size at most; the oldest messages go', bytes, 2 * 1024 ** 3);
}

/** @throws WakuDeskError CAPTURE_INVALID, CAPTURE_LOCKED */
export async function openCapture({ capture, captureMaxSize }: CaptureOptions): Promise<Capture | null> {
  if (capture === undefined) return null;
  return await Capture.open(capture, { maxBytes: captureMaxSize });
}
