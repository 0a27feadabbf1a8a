/** What a crash report has beside what the process told. */
import type { Capture } from '../../core/capture/capture.ts';
import type { CrashReport, ProcessFailure } from '../../core/engine/crash-report.ts';
import { fileStamp } from '../../engines/process/keep-newest.ts';
import type { NodeRunner } from './node-runner.ts';

/** @param failure of how many in a row it is */
export function crashReport(
  failed: ProcessFailure,
  {
    node,
    capture,
    version,
    failure,
  }: { node: NodeRunner; capture: Capture | null; version: string; failure: number },
): CrashReport {
  const { info } = node.engine;
  const nowMs = Date.now();
  return {
    id: `${fileStamp(nowMs)}-${info.kind}-${failed.pid ?? 0}`,
    at: new Date(nowMs).toISOString(),
    engine: info.kind,
    versions: versionsOf(node, version),
    failure,
    capture: capturePosition(capture),
    ...failed,
  };
}

export function versionsOf({ engine, session }: NodeRunner, version: string): CrashReport['versions'] {
  return {
    wakuDesk: version,
    engine: engine.info.version,
    node: session.snapshot().identity?.version ?? null,
    runtime: `node ${process.version}`,
    system: `${process.platform} ${process.arch}`,
  };
}

export function capturePosition(capture: Capture | null): CrashReport['capture'] {
  if (capture === null) return null;
  const { id, nextSeq } = capture.stats();
  return { id, folder: capture.dir, lastSeq: nextSeq - 1 };
}
