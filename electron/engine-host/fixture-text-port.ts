/**
 * A fixture, for tests: a port over an IPC channel to Electron's main process, as text, for the bytes of Node's own
 * serialization end that process.
 */
import * as z from 'zod';
import { decodeFrame, encodeFrame, HOST_FRAME_BOUNDS } from '../../core/operations/codec.ts';
import type { Port } from '../../engines/host/port.ts';

export function textPort(port: Port): Port {
  return {
    ...port,
    post(value) {
      port.post(Buffer.from(encodeFrame(value)).toString('base64'));
    },
    onMessage: (listener) =>
      port.onMessage((text) => {
        listener(decodeFrame(Buffer.from(z.string().parse(text), 'base64'), HOST_FRAME_BOUNDS));
      }),
  };
}
