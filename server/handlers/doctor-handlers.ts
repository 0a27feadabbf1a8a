/** The doctor: one examination at a time, and the last one kept, for every window of the harness. */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import type { DoctorReport } from '../../core/operations/doctor-values.ts';
import { portOf } from '../../engines/process/port-of.ts';
import { examine } from '../doctor/doctor.ts';
import type { HarnessHandlers } from '../harness/client-connection.ts';
import type { Harness } from '../harness/harness.ts';

export function doctorHandlers(harness: Harness) {
  /** Of the engine that was in use then: it says what is missing for that. */
  let last: { kind: EngineKind; report: DoctorReport } | null = null;
  let running: Promise<DoctorReport> | null = null;
  const run = async (): Promise<DoctorReport> => {
    const { version, profile, library, node } = harness;
    const port = portOf(node.session.snapshot().identity);
    const kind = node.engine.info.kind;
    const report = await examine({
      version,
      profile,
      library,
      engine: kind,
      ownPorts: port === null ? [] : [port],
    });
    last = { kind, report };
    return report;
  };
  return {
    // Shared by whoever asks meanwhile, and bounded: no single caller can cancel it.
    'doctor.run': ({ fresh }) => {
      if (!fresh && last?.kind === harness.node.engine.info.kind) return last.report;
      running ??= run().finally(() => (running = null));
      return running;
    },
  } satisfies Partial<HarnessHandlers>;
}
