/** A start that failed says so in a dialog, with what to do; the program ends with it. */
import { app, clipboard, dialog } from 'electron';
import { asWakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import { endApp, printLine } from '../own-output.ts';
import type { Diagnostics } from './diagnostics.ts';

const FAILED = 1;

/** Ends the program when the dialog is closed. */
export async function failStart(thrown: unknown, diagnostics: Diagnostics): Promise<void> {
  const error = asWakuDeskError(thrown, {
    code: 'ENGINE_FAILED',
    operation: 'desktop.start',
    hint: 'This is a defect of Waku Desk: please report it with the details.',
  }).toData();
  // Whoever started it in a terminal reads it there.
  printLine(`error: ${error.message} [${error.code}]\n  next: ${error.hint}`);
  await app.whenReady();
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Waku Desk',
    message: `Waku Desk could not start.\n\n${error.message}`,
    detail: `${error.hint}\n\n${error.code}`,
    buttons: ['Quit', 'Copy details and quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  // At once in Electron 22.
  if (response === 1) await clipboard.writeText(details(error, diagnostics));
  endApp(FAILED);
}

function details(error: ErrorData, diagnostics: Diagnostics): string {
  return `${JSON.stringify(error, null, 2)}\n\n${diagnostics.text}`;
}
