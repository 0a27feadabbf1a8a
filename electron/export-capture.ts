/** Exports through the system's own dialog: the file lands where the user says. */
import { join } from 'node:path';
import { app, dialog, type BrowserWindow } from 'electron';
import { exportCapture } from '../core/capture/export.ts';
import { captureExport } from '../server/handlers/export-options.ts';
import type { HarnessHandlers } from '../server/harness/client-connection.ts';
import type { Harness } from '../server/harness/harness.ts';

const FORMATS = {
  ndjson: { name: 'NDJSON, can be imported again', extensions: ['ndjson'] },
  csv: { name: 'CSV, for spreadsheets', extensions: ['csv'] },
};

export function exportToFile(
  harness: () => Harness,
  window: () => BrowserWindow,
): HarnessHandlers['capture.export'] {
  return async (request, { signal, progress }) => {
    const { capture, options, fileName } = captureExport(harness(), request);
    const { canceled, filePath } = await dialog.showSaveDialog(window(), {
      title: 'Export messages',
      defaultPath: join(app.getPath('downloads'), fileName),
      filters: [FORMATS[request.format]],
      properties: ['showOverwriteConfirmation', 'createDirectory'],
    });
    // Electron 22 answers without a path, later ones with an empty one.
    if (canceled || (filePath as string | undefined) === undefined || filePath === '')
      return { kind: 'notChosen' };
    const { messages, bytes } = await exportCapture(capture, filePath, {
      ...options,
      signal,
      onProgress: (written) => {
        progress({ messages: written });
      },
    });
    return { kind: 'file', path: filePath, messages, bytes };
  };
}
