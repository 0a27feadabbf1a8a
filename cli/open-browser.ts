/** The user's browser, where there is a screen to show it on. */
import { spawn } from 'node:child_process';

/** Nothing happens where there is no browser: the address is printed as well. */
export function openBrowser(url: string): void {
  const [program, ...args] = launcher();
  if (program === undefined) return;
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

function launcher(): string[] {
  const { DISPLAY, WAYLAND_DISPLAY, CI } = process.env;
  if (CI !== undefined) return [];
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler'];
    default:
      return DISPLAY === undefined && WAYLAND_DISPLAY === undefined ? [] : ['xdg-open'];
  }
}
