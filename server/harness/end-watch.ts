/** Notices that the program before this one did not end in order, so that the next one notices the same of this one. */
import type { Capture } from '../../core/capture/capture.ts';
import type { CrashReport } from '../../core/engine/crash-report.ts';
import type { EngineState } from '../../core/engine/events.ts';
import type { EngineHost } from '../../core/engine/profiles.ts';
import type { Redact } from '../../core/engine/redact.ts';
import type { Snapshot } from '../../core/operations/live-values.ts';
import { nodeLogFile } from '../../engines/process/create-engine.ts';
import { capturePosition, versionsOf } from './crash-reports.ts';
import type { NodeRunner } from './node-runner.ts';
import { reportOfEnd } from './previous-end.ts';
import { RunMarks } from './run-mark.ts';

export interface EndWatchOptions {
  /** The mark of the node that runs. */
  file: string;
  /** A file that a crash of the program left since then (Unix ms); null: there is none. */
  findDump: (sinceMs: number) => Promise<string | null>;
}

export class EndWatch {
  readonly #marks: RunMarks;
  readonly #findDump: EndWatchOptions['findDump'];
  #previous: Snapshot['previousEnd'] = null;

  constructor({ file, findDump }: EndWatchOptions) {
    this.#marks = new RunMarks(file);
    this.#findDump = findDump;
  }

  /** What windows are told of the program before; null: it ended in order. */
  get previous(): Snapshot['previousEnd'] {
    return this.#previous;
  }

  /** Once, before a node runs. @returns the report of the program before; null: it ended in order */
  async lookBack(capture: Capture | null, redact: Redact): Promise<CrashReport | null> {
    const mark = await this.#marks.take();
    if (mark === null) return null;
    const dump = await this.#findDump(Date.parse(mark.startedAt));
    const { report, crashed } = reportOfEnd(mark, { dump, capture: capturePosition(capture), redact });
    this.#previous = { reportId: report.id, crashed, text: report.error.message };
    return report;
  }

  /**
   * The mark is there as long as the node is up: also while it starts and stops, for it may crash then.
   * @throws when the disk refuses it
   */
  noteState(state: EngineState, node: NodeRunner, version: string, engineHost: EngineHost | null): void {
    if (state === 'stopped' || state === 'failed') {
      this.#marks.remove();
      return;
    }
    this.#marks.set({
      startedAt: new Date().toISOString(),
      pid: process.pid,
      engine: node.engine.info.kind,
      engineHost,
      versions: versionsOf(node, version),
      nodeLog: engineHost === 'main' ? nodeLogFile() : null,
    });
  }
}
