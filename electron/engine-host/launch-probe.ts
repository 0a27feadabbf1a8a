/** Probes of node libraries in utility processes: a packaged Electron starts no script as Node would. */
import { utilityProcess } from 'electron';
import type { ProcessEnd } from '../../core/engine/crash-report.ts';
import {
  crashedBy,
  exitedWith,
  failedToStart,
  probeProgram,
  type ProbeProcess,
} from '../../native/probe/launch.ts';
import { endOf, ENGINE_SERVICE, killOf } from './launch-utility.ts';

let launched = 0;

/** After the app is ready. */
export function launchUtilityProbe(): ProbeProcess {
  const serviceName = `${ENGINE_SERVICE} probe ${++launched}`;
  const child = utilityProcess.fork(probeProgram(), [], { serviceName, stdio: 'ignore' });
  return {
    post(order) {
      child.postMessage(order);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    ended: endOf(child, serviceName, () => undefined).then(describe),
    kill: killOf(child),
  };
}

function describe(end: ProcessEnd): string {
  switch (end.kind) {
    case 'signal':
      return crashedBy(end.signal);
    case 'notStarted':
      return failedToStart(end.why);
    case 'exit':
      return exitedWith(end.exitCode);
    default:
      return exitedWith(null);
  }
}
