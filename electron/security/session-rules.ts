/** What the window's session may do: nothing over the network, and no permission but to copy. */
import type { Session } from 'electron';
import { pagePath } from '../page-address.ts';
import { isUpdateSocket, type PageServer } from './page-server.ts';

/** Writing to the clipboard after a click; nothing else of the machine. */
const PERMITTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/**
 * @param pageServer of `npm run dev`, which the page hears
 * @param refused hears what was refused
 */
export function restrictSession(
  session: Session,
  pageServer: PageServer | null,
  refused: (what: string) => void,
): void {
  const isPermitted = (permission: string, origin: string): boolean => {
    const permitted = PERMITTED.has(permission) && pagePath(origin) !== null;
    if (!permitted) refused(`permission ${permission} for ${origin}`);
    return permitted;
  };
  session.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl }) => {
    callback(isPermitted(permission, requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, callback) => {
    const isOurs =
      pagePath(url) !== null || isInternal(url) || (pageServer !== null && isUpdateSocket(url, pageServer));
    if (!isOurs) refused(`request to ${url}`);
    callback({ cancel: !isOurs });
  });
  session.on('will-download', (event, item) => {
    event.preventDefault();
    refused(`download of ${item.getURL()}`);
  });
  // Nothing is fetched for spelling either.
  session.setSpellCheckerEnabled(false);
}

/** The tools for developers, and images within the page. */
function isInternal(address: string): boolean {
  return address.startsWith('devtools://') || address.startsWith('data:');
}
