/** The doctor: one examination at a time, and the last one kept, for every window of the harness. */
import type { DoctorReport } from '../../core/operations/doctor-values.ts';
import { portOf } from '../../engines/process/port-of.ts';
import { examine } from '../doctor/doctor.ts';
import type { HarnessHandlers } from '../harness/client-connection.ts';
import type { Harness } from '../harness/harness.ts';

export function doctorHandlers(harness: Harness) {
  let last: DoctorReport | null = null;
  let running: Promise<DoctorReport> | null = null;
  const run = async (): Promise<DoctorReport> => {
    const { version, library, node } = harness;
    const port = portOf(node.session.snapshot().identity);
    last = await examine({
      version,
      library,
      engine: node.engine.info.kind,
      ownPorts: port === null ? [] : [port],
    });
    return last;
  };
  return {
    // Shared by whoever asks meanwhile, and bounded: no single caller can cancel it.
    'doctor.run': ({ fresh }) => {
      if (!fresh && last !== null) return last;
      running ??= run().finally(() => (running = null));
      return running;
    },
  } satisfies Partial<HarnessHandlers>;
}
