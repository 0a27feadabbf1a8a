/** The body of a request: read with bounds, and decoded as wakunode2 does it. */
import type { IncomingMessage } from 'node:http';
import type * as z from 'zod';
import { text, type Answer } from './answer.ts';
import { JsonError, parseJson } from './json.ts';

export interface Body {
  /** Without parameters, in lower case; null: none was given. */
  contentType: string | null;
  bytes: Buffer;
}

/** Memory for bodies of all requests together; one more is refused. */
const MAX_BYTES_TOGETHER = 64 * 1024 * 1024;

export type Read = { ok: true; body: Body } | { ok: false; answer: Answer };
export type Decoded<T> = { ok: true; value: T } | { ok: false; answer: Answer };

const TOO_LARGE = text(413, 'The body is larger than this node takes.');
const BUSY = text(503, 'Too many large bodies at once: try again.');

export const UNDECODABLE = 'Invalid content body, could not decode: Unable to deserialize data: ';
export const MISSING = 'Missing content body';

/** Reads bodies one by one, and knows what all of them hold. */
export class BodyReader {
  readonly #maxBytes: number;
  #held = 0;

  /** @param maxBytes of one body */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What it holds is counted until `done` is called. */
  async read(request: IncomingMessage): Promise<{ read: Read; done: () => void }> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const done = (): void => {
      this.#held -= bytes;
      bytes = 0;
    };
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        this.#held += chunk.length;
        if (bytes > this.#maxBytes) return { read: { ok: false, answer: TOO_LARGE }, done };
        if (this.#held > MAX_BYTES_TOGETHER) return { read: { ok: false, answer: BUSY }, done };
        chunks.push(chunk);
      }
    } catch (error) {
      done();
      throw error;
    }
    const contentType = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? null;
    return { read: { ok: true, body: { contentType, bytes: Buffer.concat(chunks) } }, done };
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** @param missing the text for a request without a body; routes of wakunode2 differ in it */
export function decodeBody<T>(
  { contentType, bytes }: Body,
  schema: z.ZodType<T>,
  missing: string,
): Decoded<T> {
  const refused = (words: string): Decoded<T> => ({ ok: false, answer: text(400, words) });
  if (bytes.length === 0) return refused(missing);
  if (contentType !== 'application/json' && contentType !== 'text/plain')
    return refused('Wrong Content-Type, expected application/json or text/plain');
  const result = schema.safeParse(parsed(bytes));
  return result.success ? { ok: true, value: result.data } : refused(UNDECODABLE);
}

/** undefined, which no schema takes, for what is not JSON. */
function parsed(bytes: Buffer): unknown {
  try {
    return parseJson(strictUtf8.decode(bytes));
  } catch (error) {
    if (error instanceof JsonError || error instanceof TypeError) return undefined;
    throw error;
  }
}
