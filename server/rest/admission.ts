/**
 * Who may talk to the REST API. It has no token, as wakunode2's has none; but a web page must not reach it through its
 * reader's browser.
 */
import type { IncomingMessage } from 'node:http';

export class Admission {
  readonly #isLoopback: boolean;
  readonly #allowed: readonly RegExp[];

  /** @param allowedOrigins where `*` stands for any text and `?` for one character */
  constructor(address: string, allowedOrigins: readonly string[]) {
    this.#isLoopback = isLoopback(address);
    this.#allowed = allowedOrigins.map(pattern);
  }

  /** Another name for this machine's own address is a DNS rebinding; from outside it may have any name. */
  isKnownHost({ headers }: IncomingMessage): boolean {
    return !this.#isLoopback || isLoopback((headers.host ?? '').replace(/:\d+$/, ''));
  }

  /** The origin of a page that may read the answer; null without an origin; false: refused. */
  originOf({ headers: { origin } }: IncomingMessage): string | null | false {
    if (origin === undefined) return null;
    return this.#allowed.some((allowed) => allowed.test(origin)) ? origin : false;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function pattern(origin: string): RegExp {
  const literal = origin.replace(/[.+^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
}
