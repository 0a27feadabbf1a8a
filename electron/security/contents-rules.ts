/** What no page in this app may do, whatever it is: leave, open windows, hold other pages. */
import { app, shell, type WebContents } from 'electron';
import { pagePath } from '../page-address.ts';
import { mayOpen } from './external-links.ts';

/** For every page that is ever made. @param refused hears what was refused */
export function restrictContents(refused: (what: string) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    restrict(contents, refused);
  });
}

function restrict(contents: WebContents, refused: (what: string) => void): void {
  const deny = (event: { preventDefault: () => void }, address: string, what: string): void => {
    event.preventDefault();
    refused(`${what} to ${address}`);
  };
  contents.on('will-navigate', (event, address) => {
    // Also of our own address: a page is reloaded by the app, or goes nowhere.
    if (address !== contents.getURL() || pagePath(address) === null) deny(event, address, 'navigation');
  });
  contents.on('will-redirect', (event, address) => {
    deny(event, address, 'redirect');
  });
  // Not in Electron 22: there the page's policy alone keeps frames out.
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) deny(event, event.url, 'navigation of a frame');
  });
  contents.on('will-attach-webview', (event) => {
    deny(event, 'a webview', 'attaching');
  });
  // WebRTC is beyond the rules of sessions and policies, and names an address without looking it up.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpen(url)) void shell.openExternal(url);
    else refused(`new window to ${url}`);
    return { action: 'deny' };
  });
}
