/** Headers of every answer, and short answers. */
import type { ServerResponse } from 'node:http';

/** @param host as the browser knows it: Safari does not count WebSockets as 'self' */
export function setSecurityHeaders(response: ServerResponse, host: string | null): void {
  const connect = host === null ? "'none'" : `'self' ws://${host}`;
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  response.setHeader('Content-Security-Policy', policy.join('; '));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-store');
}

/** Ends the answer with a sentence for people. */
export function refuse(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  // What the request still sends is not read: the connection is of no use for another one.
  response.setHeader('Connection', 'close');
  response.end(`${sentence}\n`);
}
