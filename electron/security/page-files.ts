/** Serves the page to the window in the app's own scheme. */
import { protocol, type Session } from 'electron';
import { serveScheme } from '../compat/serve-scheme.ts';
import { PAGE_SCHEME } from '../page-address.ts';
import { answerPage, type PageSource } from './answer-page.ts';

/** Before the app is ready, and once. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, codeCache: false } },
  ]);
}

export function servePage({ protocol: served }: Session, page: PageSource): void {
  serveScheme(served, PAGE_SCHEME, (address, method) => answerPage(page, address, method));
}
