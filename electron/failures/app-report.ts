/** A report of what broke in the app itself: as a file at once, and wherever the user wants to have it. */
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { app, dialog, type BrowserWindow } from 'electron';
import { describeCause } from '../../core/engine/errors.ts';
import { fileStamp, keepNewest } from '../../engines/process/keep-newest.ts';
import type { Diagnostics } from '../start/diagnostics.ts';

/** As many as there are reports of nodes, in the same folder. */
const KEPT = 20;

export interface Broken {
  part: 'page' | 'main' | 'gpu' | 'helper';
  /** A sentence. */
  what: string;
  details: Readonly<Record<string, unknown>>;
}

export class AppReports {
  readonly #folder: string;
  readonly #diagnostics: Diagnostics;

  constructor(folder: string, diagnostics: Diagnostics) {
    this.#folder = folder;
    this.#diagnostics = diagnostics;
  }

  /** Never rejects. @returns the file; null where the disk refused it */
  async write({ part, what, details }: Broken): Promise<string | null> {
    this.#diagnostics.note(`broken: ${what} ${JSON.stringify(details)}`);
    const nowMs = Date.now();
    const { electron, chrome, node } = process.versions;
    const report = {
      at: new Date(nowMs).toISOString(),
      part,
      what,
      details,
      versions: {
        wakuDesk: app.getVersion(),
        electron,
        chrome,
        node,
        system: `${process.platform} ${process.arch}`,
      },
      diagnostics: this.#diagnostics.text.split('\n'),
    };
    try {
      await keepNewest(this.#folder, KEPT - 1);
      const file = join(this.#folder, `${fileStamp(nowMs)}-desktop-${part}.json`);
      await writeFile(file, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
      return file;
    } catch (error) {
      this.#diagnostics.note(`the report could not be written: ${describeCause(error)}`);
      return null;
    }
  }

  /** Asks where to. Never rejects. */
  async saveCopy(file: string, window: BrowserWindow | null): Promise<void> {
    const options = { title: 'Save the report', defaultPath: join(app.getPath('downloads'), basename(file)) };
    const { canceled, filePath } = await (window === null
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(window, options));
    if (canceled || !filePath) return;
    try {
      await copyFile(file, filePath);
    } catch (error) {
      dialog.showErrorBox('The report was not saved', `${describeCause(error)}. It is in ${file}.`);
    }
  }
}

/** Asks until something else than the report is chosen. @returns the index among `choices` */
export async function askAbout(
  { what }: Pick<Broken, 'what'>,
  {
    file,
    hint,
    choices,
    window,
  }: { file: string | null; hint: string; choices: readonly string[]; window: BrowserWindow | null },
  reports: AppReports,
): Promise<number> {
  const buttons = [...choices, ...(file === null ? [] : ['Save report…'])];
  const options = {
    type: 'error' as const,
    title: 'Waku Desk',
    message: what,
    detail: file === null ? hint : `${hint}\n\nThe report is in ${file}`,
    buttons,
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
  for (;;) {
    const { response } = await (window === null
      ? dialog.showMessageBox(options)
      : dialog.showMessageBox(window, options));
    if (file === null || response < choices.length) return response;
    await reports.saveCopy(file, window);
  }
}
