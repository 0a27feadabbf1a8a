/** Flags that say where messages are kept. */
import type { Command } from 'commander';
import { bytes, text } from './values.ts';

export interface CaptureOptions {
  capture?: string;
  captureMaxSize: number;
}

export function addCaptureOptions(command: Command): Command {
  return command
    .option('--capture <folder>', 'keep every message in this folder, made if need be', text)
    .option('--capture-max-size <size>', 'its size at most; the oldest messages go', bytes, 2 * 1024 ** 3);
}
