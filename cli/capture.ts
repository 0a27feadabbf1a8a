/** `--capture`: opening a capture for a command. */
import { Capture } from '../core/capture/capture.ts';
import type { CaptureOptions } from '../flags/capture-flags.ts';

/** @throws WakuDeskError CAPTURE_INVALID, CAPTURE_LOCKED */
export async function openCapture({ capture, captureMaxSize }: CaptureOptions): Promise<Capture | null> {
  if (capture === undefined) return null;
  return await Capture.open(capture, { maxBytes: captureMaxSize });
}
