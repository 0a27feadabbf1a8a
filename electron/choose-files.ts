/** Files by the system's own dialogs: where an export goes, and which node library is taken. */
import { join } from 'node:path';
import { app, dialog, type BrowserWindow } from 'electron';
import { exportCapture } from '../core/capture/export.ts';
import { librarySuffix } from '../native/library/locate.ts';
import { LIBRARY_OF } from '../native/library/node-library.ts';
import { stageLibrary } from '../native/staging/stage.ts';
import { captureExport } from '../server/handlers/export-options.ts';
import type { FileHandlers } from '../server/handlers/handlers.ts';
import type { Harness } from '../server/harness/harness.ts';

const FORMATS = {
  ndjson: { name: 'NDJSON, can be imported again', extensions: ['ndjson'] },
  csv: { name: 'CSV, for spreadsheets', extensions: ['csv'] },
};

export function fileHandlers(harness: Harness, window: BrowserWindow): FileHandlers {
  return {
    'capture.export': async (request, { signal, progress }) => {
      const { capture, options, fileName } = captureExport(harness, request);
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        title: 'Export messages',
        defaultPath: join(app.getPath('downloads'), fileName),
        filters: [FORMATS[request.format]],
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      });
      // Electron 22 answers without a path, later ones with an empty one.
      if (canceled || !filePath) return { kind: 'notChosen' };
      const onProgress = (messages: number): void => {
        progress({ messages });
      };
      const report = await exportCapture(capture, filePath, { ...options, signal, onProgress });
      return { kind: 'file', path: filePath, ...report };
    },

    'native.add': async ({ engine }, { signal }) => {
      const kind = LIBRARY_OF[engine];
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: `Choose ${kind}`,
        properties: ['openFile'],
        filters: [
          { name: `${kind}, or a package with it`, extensions: [librarySuffix().slice(1), 'deb', 'gz'] },
          { name: 'All files', extensions: ['*'] },
        ],
      });
      const [file] = filePaths;
      if (canceled || file === undefined) return { kind: 'notChosen' };
      const { path, version } = await stageLibrary(file, { kind, signal });
      const { state } = harness.node.session.snapshot();
      if (harness.node.engine.info.kind === engine && state === 'failed') await harness.start();
      return { kind: 'added', path, version };
    },
  };
}
