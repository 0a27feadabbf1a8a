/**
 * Answers for a scheme of our own. Electron has had `protocol.handle` since 25; the registered handlers before it are
 * gone from a future one. The one place that knows both.
 */
import type { Protocol } from 'electron';

export interface SchemeAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** @param answer never rejects */
export function serveScheme(
  protocol: Protocol,
  scheme: string,
  answer: (address: string, method: string) => Promise<SchemeAnswer>,
): void {
  if ('handle' in protocol) {
    protocol.handle(scheme, async ({ url, method }) => {
      const { status, headers, body } = await answer(url, method);
      return new Response(new Uint8Array(body), { status, headers });
    });
    return;
  }
  // What TypeScript takes for impossible is the case in Electron 22.
  const before: Pick<Protocol, 'registerBufferProtocol'> = protocol;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other in Electron 22
  before.registerBufferProtocol(scheme, ({ url, method }, callback) => {
    void answer(url, method).then(({ status, headers, body }) => {
      callback({ statusCode: status, headers, data: body });
    });
  });
}
