/** How the program ended that ran a node before this one, when it did not end in order. */
import type { CrashReport } from '../../core/engine/crash-report.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import type { Redact } from '../../core/engine/redact.ts';
import { fileStamp } from '../../engines/process/keep-newest.ts';
import { lastLines } from '../../engines/process/node-log.ts';
import type { FoundMark } from './run-mark.ts';

const KEPT_LINES = 50;

/** The first words of a library that dies: of Go's runtime, and of Nim's. */
const LAST_WORDS =
  /^(fatal error: |panic: |SIG[A-Z]+: |unexpected fault address|\[signal SIG|Traceback \(most recent call last\)|Error: unhandled exception: )/;

/**
 * @param dump a file that proves a crash; null: nobody wrote one
 * @param capture where the capture stands now: it has what the node heard until then
 */
export function reportOfEnd(
  mark: FoundMark,
  { dump, capture, redact }: { dump: string | null; capture: CrashReport['capture']; redact: Redact },
): { report: CrashReport; crashed: boolean } {
  const { nodeLog, lastAliveMs } = mark;
  const lines = nodeLog === null ? [] : lastLines(nodeLog, KEPT_LINES).map((line) => redact(line));
  const lastWords = lines.find((line) => LAST_WORDS.test(line)) ?? null;
  const proof = dump !== null ? 'dump' : lastWords !== null ? 'nodeLog' : null;
  const report: CrashReport = {
    id: `${fileStamp(lastAliveMs)}-${mark.engine}-${mark.pid}`,
    at: new Date(lastAliveMs).toISOString(),
    engine: mark.engine,
    versions: mark.versions,
    failure: 1,
    capture,
    end: { kind: 'program', proof, dump },
    error: sentence(mark, proof !== null, lastWords).toData(),
    pid: mark.pid,
    upMs: Math.max(0, lastAliveMs - Date.parse(mark.startedAt)),
    output: [],
    nodeLog: nodeLog === null ? null : { file: nodeLog, lines },
    resources: null,
  };
  return { report, crashed: proof !== null };
}

function sentence({ engineHost }: FoundMark, isCrash: boolean, lastWords: string | null): WakuDeskError {
  const operation = 'engine.run';
  if (!isCrash)
    return new WakuDeskError(
      'ENGINE_FAILED',
      'Waku Desk ended without stopping the node: it was killed, or the machine went down.',
      { operation, hint: 'Nothing proves a crash. What was captured until then is kept.' },
    );
  const where = engineHost === 'main' ? ' with the engine in its main process' : '';
  const words = lastWords === null ? '' : ` The library's last words: ${lastWords}`;
  return new WakuDeskError('ENGINE_FAILED', `Waku Desk crashed${where}.${words}`, {
    operation,
    hint:
      engineHost === 'main'
        ? 'Run the engine in a process of its own: then only that one ends with it.'
        : 'Report it, with the crash report.',
  });
}
