/** A page that ended or hangs: the window says so and offers to load it again; the node goes on meanwhile. */
import { app, dialog, type BrowserWindow } from 'electron';
import { loadPage } from '../window/main-window.ts';
import { askAbout, type AppReports } from './app-report.ts';

const GOES_ON = 'The node goes on, and nothing that was captured is lost.';

export function watchPage(window: BrowserWindow, reports: AppReports): void {
  const { webContents } = window;
  let isAsking = false;
  const gone = async (what: string, details: Record<string, unknown>): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    const file = await reports.write({ part: 'page', what, details });
    const choice = await askAbout(
      { what },
      { file, hint: GOES_ON, choices: ['Reload', 'Quit'], window },
      reports,
    );
    isAsking = false;
    if (choice === 1) app.quit();
    else if (!window.isDestroyed()) await loadPage(window).catch(() => undefined);
  };
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    void gone(`The page in the window ended by itself (${reason}).`, { reason, exitCode });
  });
  webContents.on('did-fail-load', (_event, errorCode, description, address, isMainFrame) => {
    // -3: a page was asked for while another was on its way.
    if (!isMainFrame || errorCode === -3) return;
    void gone(`The page in the window could not be loaded (${description}).`, { errorCode, address });
  });
  webContents.on('preload-error', (_event, _file, error) => {
    void gone('The page in the window could not be connected.', { error: String(error.stack) });
  });

  let answered: AbortController | null = null;
  webContents.on('unresponsive', () => {
    if (isAsking || answered !== null) return;
    answered = new AbortController();
    void askAboutHang(window, answered.signal, reports).then(() => (answered = null));
  });
  webContents.on('responsive', () => {
    answered?.abort();
  });
}

async function askAboutHang(window: BrowserWindow, signal: AbortSignal, reports: AppReports): Promise<void> {
  const what = 'The page in the window does not answer.';
  await reports.write({ part: 'page', what, details: { reason: 'unresponsive' } });
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    title: 'Waku Desk',
    message: what,
    detail: GOES_ON,
    buttons: ['Wait', 'Reload'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
    signal,
  });
  // A page that hangs does not hear that it should reload; ended, it is loaded anew by whoever watches for that.
  if (response === 1 && !signal.aborted) window.webContents.forcefullyCrashRenderer();
}
