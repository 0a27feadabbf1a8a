/** `npm run dev`: the page comes from Vite's server on this machine, which replaces what is edited while it is shown. */
import { get } from 'node:http';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { pageHeaders } from '../../server/web/page-headers.ts';
import type { PageSource } from './answer-page.ts';

/** The environment variable that names it, as {@link pageServerAddress} writes it. */
export const PAGE_SERVER = 'WAKU_DESK_PAGE_SERVER';

export const PAGE_HOST = '127.0.0.1';

export interface PageServer {
  port: number;
  /** Its inline script and styles bear it: the page's policy allows no others. */
  nonce: string;
}

export function pageServerAddress({ port, nonce }: PageServer): string {
  return `http://${PAGE_HOST}:${port}/#${nonce}`;
}

/**
 * @returns null: the page is that of the app itself
 * @throws WakuDeskError BAD_USE: by a package always, and where it is not on this machine
 */
export function namedPageServer(
  environment: Readonly<Record<string, string | undefined>>,
  isPackaged: boolean,
): PageServer | null {
  const named = environment[PAGE_SERVER];
  if (named === undefined) return null;
  if (isPackaged)
    throw refusal(`${PAGE_SERVER} is refused: the page of a package is its own.`, 'Start it without.');
  const [, port, nonce] = /^http:\/\/127\.0\.0\.1:(\d{1,5})\/#([\w-]{22,})$/.exec(named) ?? [];
  if (port === undefined || nonce === undefined)
    throw refusal(`${PAGE_SERVER} names no server of this machine.`, "Let 'npm run dev' set it.");
  return { port: Number(port), nonce };
}

function refusal(sentence: string, hint: string): WakuDeskError {
  return new WakuDeskError('BAD_USE', sentence, { operation: 'desktop.page', hint });
}

/** The one address beyond the app's own scheme: by it the page hears what was edited. */
export function isUpdateSocket(address: string, { port }: PageServer): boolean {
  try {
    const { protocol, host, username, password } = new URL(address);
    return protocol === 'ws:' && host === `${PAGE_HOST}:${port}` && username === '' && password === '';
  } catch {
    return false;
  }
}

export function servedPage({ port, nonce }: PageServer): PageSource {
  return {
    headers: pageHeaders(`ws://${PAGE_HOST}:${port}`, nonce),
    read: (path, search) =>
      new Promise((resolve, reject) => {
        get({ host: PAGE_HOST, port, path: path + search, agent: false }, (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.once('error', reject);
          response.once('end', () => {
            const type = response.headers['content-type'];
            resolve(
              response.statusCode !== 200 || type === undefined ? null : { type, body: Buffer.concat(parts) },
            );
          });
        }).once('error', reject);
      }),
  };
}
