/** Messages as a file. */
import { formatMany } from '../ui/format.ts';
import type { Desk } from './desk.ts';
import { errorData } from './error-data.ts';

/** Exports what the filter in force shows. */
export async function exportMessages(desk: Desk, format: 'ndjson' | 'csv'): Promise<void> {
  const { applied } = desk.store.getState().messages;
  try {
    const answer = await desk.client.call('capture.export', { format, filter: applied, nowMs: Date.now() });
    if (answer.kind === 'download') {
      download(answer.path, answer.fileName);
      desk.toast({ tone: 'good', text: `The browser saves ${answer.fileName}.` });
    }
    if (answer.kind === 'file')
      desk.toast({
        tone: 'good',
        text: `Wrote ${formatMany(answer.messages, 'message')} to ${answer.path}.`,
      });
  } catch (error) {
    const { message, hint } = errorData(error, 'capture.export');
    desk.toast({ tone: 'bad', text: `${message} ${hint}` });
  }
}

function download(path: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = fileName;
  link.click();
}
