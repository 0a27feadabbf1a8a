/** Headers of every answer, and short answers. */
import type { ServerResponse } from 'node:http';
import { pageHeaders } from './page-headers.ts';

/** @param host as the browser knows it: Safari does not count WebSockets as 'self' */
export function setSecurityHeaders(response: ServerResponse, host: string | null): void {
  const connect = host === null ? "'none'" : `'self' ws://${host}`;
  for (const [name, value] of Object.entries(pageHeaders(connect))) response.setHeader(name, value);
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
