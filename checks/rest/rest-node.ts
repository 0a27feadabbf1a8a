/** A node as its REST API shows it. */
import * as z from 'zod';
import { describeCause } from '../../core/engine/errors.ts';
import { parseJson } from '../../server/rest/json.ts';
import { CheckFailure } from '../check-run.ts';

export interface Answer {
  status: number;
  contentType: string;
  text: string;
}

const CALL_TIMEOUT_MS = 20_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export class RestNode {
  readonly url: string;
  readonly #signal: AbortSignal;

  constructor(url: string, signal: AbortSignal) {
    this.url = url.replace(/\/+$/, '');
    this.#signal = signal;
  }

  /** @param body JSON text, or any other text @throws CheckFailure when there is no answer */
  async call(method: string, path: string, body?: string): Promise<Answer> {
    try {
      const response = await fetch(this.url + path, {
        method,
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
        ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
      });
      return {
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        text: await boundedText(response),
      };
    } catch (error) {
      throw new CheckFailure(`no answer to ${method} ${path}: ${describeCause(error)}`);
    }
  }

  /** The JSON of a 200, with 64-bit numbers as bigint. @throws CheckFailure for any other */
  async json<T>(method: string, path: string, schema: z.ZodType<T>, body?: string): Promise<T> {
    const answer = await this.call(method, path, body);
    if (answer.status !== 200) throw new CheckFailure(`${method} ${path}: ${answerText(answer)}`);
    try {
      return schema.parse(parseJson(answer.text));
    } catch (error) {
      const why = error instanceof z.ZodError ? z.prettifyError(error) : describeCause(error);
      throw new CheckFailure(`${method} ${path}: ${why} in ${answer.text.slice(0, 200)}`);
    }
  }
}

/** `400 Invalid content body` */
export function answerText({ status, text }: Answer): string {
  return `${status} ${text.slice(0, 120)}`.trim();
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body = response.body as AsyncIterable<Uint8Array> | null;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer has more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
