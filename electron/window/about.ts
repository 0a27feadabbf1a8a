/** Which versions this is made of. */
import { app, clipboard, dialog, type BrowserWindow } from 'electron';
import type { Harness } from '../../server/harness/harness.ts';

export async function showAbout(window: BrowserWindow, harness: Harness): Promise<void> {
  const text = aboutText(harness);
  const { response } = await dialog.showMessageBox(window, {
    type: 'info',
    title: 'About Waku Desk',
    message: 'Waku Desk',
    detail: text,
    buttons: ['Close', 'Copy'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  if (response === 1) await clipboard.writeText(`Waku Desk\n${text}`);
}

export function aboutText({ profile, node }: Pick<Harness, 'profile' | 'node'>): string {
  const { info } = node.engine;
  const { identity } = node.session.snapshot();
  const { electron, chrome, node: nodeVersion } = process.versions;
  return [
    `Version ${app.getVersion()}, build ${profile}`,
    `Engine ${info.kind}: ${info.version}`,
    ...(identity === null ? [] : [`Node ${identity.version}`]),
    `Electron ${electron}, Chromium ${chrome}, Node.js ${nodeVersion}`,
    `${process.platform} ${process.arch}`,
  ].join('\n');
}
