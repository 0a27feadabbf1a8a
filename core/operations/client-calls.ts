/** The calls of a client that wait for their answers. */
import { asWakuDeskError, WakuDeskError, type ErrorCode } from '../engine/errors.ts';
import { checkAnswer } from './check.ts';
import type { ClientCallOptions } from './client.ts';
import { errorDataSchema } from '../engine/schemas.ts';
import {
  OPERATIONS,
  type Answers,
  type CheckedRequests,
  type OperationName,
  type Progress,
} from './operations.ts';
import type { ClientMessage } from './protocol.ts';

interface Pending {
  answered: (value: unknown) => void;
  failed: (error: WakuDeskError) => void;
  progress: (value: unknown) => void;
}

export class ClientCalls {
  readonly #send: (message: ClientMessage) => void;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  constructor(send: (message: ClientMessage) => void) {
    this.#send = send;
  }

  /** Cancel and time limit answer at once, whatever the host does; its late answer is nobody's. */
  call<N extends OperationName>(
    name: N,
    request: CheckedRequests[N],
    { signal, timeoutMs, onProgress }: ClientCallOptions<N> = {},
  ): Promise<Answers[N]> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(failure('CANCELLED', name));
        return;
      }
      const id = ++this.#lastId;
      const limitMs = timeoutMs ?? OPERATIONS[name].timeoutMs;
      const end = (): void => {
        this.#pending.delete(id);
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
      };
      const giveUp = (code: 'CANCELLED' | 'TIMED_OUT'): void => {
        end();
        this.#send({ kind: 'cancel', id });
        reject(failure(code, name));
      };
      const cancel = (): void => {
        giveUp('CANCELLED');
      };
      const timer =
        limitMs === null
          ? undefined
          : setTimeout(() => {
              giveUp('TIMED_OUT');
            }, limitMs);
      signal?.addEventListener('abort', cancel);
      this.#pending.set(id, {
        answered: (value) => {
          end();
          try {
            resolve(checkAnswer(name, value));
          } catch (error) {
            reject(
              asWakuDeskError(error, { code: 'ENGINE_FAILED', operation: name, hint: 'Reload the page.' }),
            );
          }
        },
        failed: (error) => {
          end();
          reject(error);
        },
        progress: (value) => {
          const checked = OPERATIONS[name].progress?.safeParse(value);
          if (checked?.success === true) onProgress?.(checked.data as Progress[N]);
        },
      });
      this.#send({ kind: 'call', id, name, request });
    });
  }

  answered(id: number, value: unknown): void {
    this.#pending.get(id)?.answered(value);
  }

  failed(id: number, error: unknown): void {
    const { success, data } = errorDataSchema.safeParse(error);
    const known = success ? WakuDeskError.fromData(data) : failure('ENGINE_FAILED', 'operations.call');
    this.#pending.get(id)?.failed(known);
  }

  progress(id: number, value: unknown): void {
    this.#pending.get(id)?.progress(value);
  }

  /** The connection is gone: every call fails. */
  end(): void {
    for (const call of [...this.#pending.values()])
      call.failed(failure('HOST_DISCONNECTED', 'operations.call'));
  }
}

type Failure = Extract<ErrorCode, 'CANCELLED' | 'TIMED_OUT' | 'HOST_DISCONNECTED' | 'ENGINE_FAILED'>;

const WORDS: Readonly<Record<Failure, readonly [message: string, hint: string]>> = {
  CANCELLED: ['The call was cancelled.', 'Call again.'],
  TIMED_OUT: ['Waku Desk did not answer in time.', 'Look at the log, and try again.'],
  HOST_DISCONNECTED: ['There is no connection to Waku Desk.', 'Wait until the page is connected again.'],
  ENGINE_FAILED: [
    'Waku Desk failed without a word why.',
    'Look at the log, and report it if it comes again.',
  ],
};

export function failure(code: Failure, operation: string): WakuDeskError {
  const [message, hint] = WORDS[code];
  return new WakuDeskError(code, message, { operation, hint });
}
