/** Crash reports, for whoever looks into them. */
import { copyText } from '../ui/copy-button.tsx';
import type { Desk } from './desk.ts';
import { errorData } from './error-data.ts';

export function copyCrashReport(desk: Desk, id: string): Promise<void> {
  return withReport(desk, id, 'The crash report is copied.', copyText);
}

export function saveCrashReport(desk: Desk, id: string): Promise<void> {
  return withReport(desk, id, `Saved as ${id}.json.`, (text) => {
    const address = window.URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = `${id}.json`;
    link.click();
    window.URL.revokeObjectURL(address);
  });
}

async function withReport(
  desk: Desk,
  id: string,
  done: string,
  use: (text: string) => void | Promise<void>,
): Promise<void> {
  try {
    const report = await desk.client.call('node.crashReport', { id });
    await use(`${JSON.stringify(report, null, 2)}\n`);
    desk.toast({ tone: 'good', text: done });
  } catch (error) {
    const { message, hint } = errorData(error, 'node.crashReport');
    desk.toast({ tone: 'bad', text: `${message} ${hint}` });
  }
}
