/**
 * Who may talk to the web host: the token of the printed address is exchanged for a cookie, and both live as long as
 * this process. Another site that the browser shows must get nowhere: Host and Origin are checked as well.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export class Admission {
  /** 32 random bytes in base64url, for the address. */
  readonly token = randomBytes(32).toString('base64url');
  readonly #secret = randomBytes(32).toString('base64url');
  /** Tokens that are good for one exchange. */
  readonly #once = new Set<string>();
  #port = 0;

  /** Known once the server listens. */
  set port(port: number) {
    this.#port = port;
  }

  /** Browsers send one cookie jar to every port of a host, so the name tells them apart. */
  get #cookieName(): string {
    return `waku-desk-${this.#port}`;
  }

  /** A token that opens one page: other users of this machine can read what a browser is started with. */
  tokenForOnce(): string {
    const token = randomBytes(32).toString('base64url');
    this.#once.add(token);
    return token;
  }

  /** The value of Set-Cookie for a right token; null for a wrong one. */
  exchange(token: unknown): string | null {
    if (typeof token !== 'string' || !(isSame(token, this.token) || this.#once.delete(token))) return null;
    return `${this.#cookieName}=${this.#secret}; Path=/; HttpOnly; SameSite=Strict`;
  }

  hasCookie({ headers }: IncomingMessage): boolean {
    const prefix = `${this.#cookieName}=`;
    const values = (headers.cookie ?? '').split(';').map((part) => part.trim());
    return values.some((part) => part.startsWith(prefix) && isSame(part.slice(prefix.length), this.#secret));
  }

  /** The host as the browser knows it; another name for this address is a DNS rebinding. null: refused. */
  hostOf({ headers }: IncomingMessage): string | null {
    const hosts = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    return hosts.find((host) => host === headers.host) ?? null;
  }

  /** Whether a page of this very host made the request. */
  isOwnOrigin(request: IncomingMessage): boolean {
    const host = this.hostOf(request);
    return host !== null && request.headers.origin === `http://${host}`;
  }
}

/** In constant time, whatever the lengths. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
