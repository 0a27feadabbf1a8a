/** The reports of crashes: the newest in memory for every window, and each as a file. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CrashReport } from '../../core/engine/crash-report.ts';
import { describeCause } from '../../core/engine/errors.ts';
import type { CrashSummary } from '../../core/operations/live-values.ts';
import { keepNewest } from '../../engines/process/keep-newest.ts';

/** In memory, and in the folder. */
const KEPT_REPORTS = 20;

interface Kept {
  report: CrashReport;
  summary: CrashSummary;
}

export class CrashBook {
  readonly #folder: string | null;
  #kept: readonly Kept[] = [];
  #summaries: readonly CrashSummary[] = [];

  /** @param folder where files are written; null: reports are in memory only */
  constructor(folder: string | null) {
    this.#folder = folder;
  }

  /** Oldest first; the same list until a report comes. */
  get summaries(): readonly CrashSummary[] {
    return this.#summaries;
  }

  get(id: string): CrashReport | undefined {
    return this.#kept.find(({ report }) => report.id === id)?.report;
  }

  /** A disk that refuses the file costs only the file. @returns what windows are told; why there is no file */
  async add(report: CrashReport): Promise<{ summary: CrashSummary; problem: string | null }> {
    let file: string | null = null;
    let problem: string | null = null;
    try {
      file = await this.#write(report);
    } catch (error) {
      problem = describeCause(error);
    }
    const summary = { id: report.id, at: report.at, reason: report.error.message, file };
    this.#kept = [...this.#kept, { report, summary }].slice(-KEPT_REPORTS);
    this.#summaries = this.#kept.map((kept) => kept.summary);
    return { summary, problem };
  }

  async #write(report: CrashReport): Promise<string | null> {
    if (this.#folder === null) return null;
    await keepNewest(this.#folder, KEPT_REPORTS - 1);
    const file = join(this.#folder, `${report.id}.json`);
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
    return file;
  }
}
