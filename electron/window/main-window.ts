/** The window with its page. */
import { join } from 'node:path';
import { BrowserWindow } from 'electron';
import { PAGE_ADDRESS } from '../page-address.ts';

const MIN_WIDTH = 640;
const MIN_HEIGHT = 480;

/** Shown when its first picture is ready. @param folder of the app's own files */
export function createWindow(
  folder: string,
  bounds: { width: number; height: number; x?: number; y?: number },
): BrowserWindow {
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    title: 'Waku Desk',
    icon: join(folder, 'icon.png'),
    backgroundColor: '#14171a',
    webPreferences: {
      preload: join(folder, 'preload.js'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      safeDialogs: true,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  return window;
}

export function loadPage(window: BrowserWindow): Promise<void> {
  return window.loadURL(PAGE_ADDRESS);
}
