/** What breaks in the main process and in Chromium's own processes beside the page. */
import { app } from 'electron';
import { ENGINE_SERVICE } from '../engine-host/launch-utility.ts';
import { endApp } from '../own-output.ts';
import { relaunchTarget } from '../start/relaunch.ts';
import { askAbout, type AppReports } from './app-report.ts';

/** @param end ends node and capture in order, within its own time. @returns the unsubscribe */
export function watchApp(reports: AppReports, end: () => Promise<void>): () => void {
  let isBroken = false;
  const broken = async (error: unknown, origin: string): Promise<void> => {
    const what = `Waku Desk met an error that it did not expect: ${error instanceof Error ? error.message : String(error)}`;
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    const file = await reports.write({ part: 'main', what, details: { origin, stack } });
    // The first is the one that matters; what follows on it is in the log.
    if (isBroken) return;
    isBroken = true;
    const hint =
      'It cannot go on safely. What was captured until now is kept. Please send the report to the developers.';
    const choices = ['Restart', 'Quit'];
    const choice = await askAbout({ what }, { file, hint, choices, window: null }, reports);
    if (choice === 0) app.relaunch(relaunchTarget(process));
    await end().catch(() => undefined);
    endApp(1);
  };
  const onException = (error: unknown): void => void broken(error, 'uncaughtException');
  const onRejection = (reason: unknown): void => void broken(reason, 'unhandledRejection');
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    // Engines are watched by who started them.
    if (reason === 'clean-exit' || name?.startsWith(ENGINE_SERVICE) === true) return;
    // Chromium starts its own processes again.
    const part = type === 'GPU' ? 'gpu' : 'helper';
    void reports.write({
      part,
      what: `A process of the app ended: ${type}.`,
      details: { type, reason, exitCode, name },
    });
  });
  return () => {
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}
