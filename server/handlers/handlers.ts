/** Every operation bound to one harness. What becomes of an exported file is the host's matter. */
import type { HarnessHandlers } from '../harness/client-connection.ts';
import type { Harness } from '../harness/harness.ts';
import { doctorHandlers } from './doctor-handlers.ts';
import { messageHandlers } from './message-handlers.ts';
import { nodeHandlers } from './node-handlers.ts';
import { serviceHandlers } from './service-handlers.ts';
import { sessionHandlers } from './session-handlers.ts';

export function createHandlers(
  harness: Harness,
  exportCapture: HarnessHandlers['capture.export'],
): HarnessHandlers {
  return {
    ...sessionHandlers(harness),
    ...messageHandlers(harness),
    ...nodeHandlers(harness),
    ...serviceHandlers(harness),
    ...doctorHandlers(harness),
    'capture.export': exportCapture,
  };
}
