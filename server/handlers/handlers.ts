/** Every operation bound to one harness. What needs more of a host than the harness is its own matter. */
import type { HarnessHandlers } from '../harness/client-connection.ts';
import type { Harness } from '../harness/harness.ts';
import { doctorHandlers } from './doctor-handlers.ts';
import { messageHandlers } from './message-handlers.ts';
import { nodeHandlers } from './node-handlers.ts';
import { serviceHandlers } from './service-handlers.ts';
import { sessionHandlers } from './session-handlers.ts';

/** Where files come from and go to. */
export type FileHandlers = Pick<HarnessHandlers, 'capture.export' | 'native.add'>;
/** What each host does in its own way. */
export type HostHandlers = FileHandlers & Pick<HarnessHandlers, 'app.relaunch'>;

export function createHandlers(harness: Harness, host: HostHandlers): HarnessHandlers {
  return {
    ...sessionHandlers(harness),
    ...messageHandlers(harness),
    ...nodeHandlers(harness),
    ...serviceHandlers(harness),
    ...doctorHandlers(harness),
    ...host,
  };
}
