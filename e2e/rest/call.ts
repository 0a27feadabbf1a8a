/** One HTTP request as it stands: fetch would add a content type of its own. */
import { Agent, request } from 'node:http';

export interface Called {
  status: number;
  contentType: string | null;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

export interface CallOptions {
  method?: string;
  body?: string | null;
  headers?: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 60_000;
const agent = new Agent({ keepAlive: true });

export function call(
  port: number,
  path: string,
  { method = 'GET', body = null, headers = { 'Content-Type': 'application/json' } }: CallOptions = {},
): Promise<Called> {
  const length = body === null ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        agent,
        timeout: TIMEOUT_MS,
        headers: { ...headers, ...length },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('error', reject);
        response.on('end', () => {
          const contentType = response.headers['content-type'] ?? null;
          resolve({ status: response.statusCode ?? 0, contentType, headers: response.headers, text });
        });
      },
    );
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in ${TIMEOUT_MS} ms`)));
    sent.end(body ?? undefined);
  });
}
