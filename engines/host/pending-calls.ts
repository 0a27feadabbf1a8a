/** Calls that wait for their answers from the other side of a port. */
import type { TimedCallOptions } from '../../core/engine/engine.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { methods, type MethodName } from './methods.ts';
import type { Call, ClientMessage } from './protocol.ts';

interface Pending {
  name: MethodName;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export class PendingCalls {
  readonly #post: (message: ClientMessage) => void;
  readonly #pending = new Map<number, Pending>();
  /** Sent together when this turn's work is done. */
  #outgoing: Call[] = [];
  #lastId = 0;

  constructor(post: (message: ClientMessage) => void) {
    this.#post = post;
  }

  /**
   * Sends a call. Cancelling answers at once, also when the other side hangs; its late answer is nobody's.
   * @throws WakuDeskError CANCELLED, or what the other side answers
   */
  async call(name: MethodName, args: unknown[], { signal, timeoutMs }: TimedCallOptions): Promise<unknown> {
    const operation = `engine.${name}`;
    const cancelled = (): WakuDeskError =>
      new WakuDeskError('CANCELLED', 'The call was cancelled.', { operation, hint: 'Call again.' });
    if (signal?.aborted === true) throw cancelled();
    const id = ++this.#lastId;
    const cancel = (): void => {
      this.#sendOutgoing();
      this.#post({ kind: 'cancel', id });
      this.#pending.get(id)?.reject(cancelled());
    };
    signal?.addEventListener('abort', cancel);
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.#pending.set(id, { name, resolve, reject });
        this.#send({ id, method: name, args, timeoutMs });
      });
    } finally {
      this.#pending.delete(id);
      signal?.removeEventListener('abort', cancel);
    }
  }

  #send(call: Call): void {
    if (this.#outgoing.push(call) === 1)
      queueMicrotask(() => {
        this.#sendOutgoing();
      });
  }

  #sendOutgoing(): void {
    const calls = this.#outgoing;
    if (calls.length === 0) return;
    this.#outgoing = [];
    try {
      this.#post({ kind: 'calls', calls });
    } catch {
      for (const call of calls) this.#sendAlone(call);
    }
  }

  #sendAlone(call: Call): void {
    try {
      this.#post({ kind: 'calls', calls: [call] });
    } catch (error) {
      this.#pending.get(call.id)?.reject(error);
    }
  }

  answered(id: number, value: unknown): void {
    const call = this.#pending.get(id);
    if (call === undefined) return;
    const result = methods[call.name].result.safeParse(value);
    if (result.success) call.resolve(result.data);
    else call.reject(notOfTheContract(call.name, result.error));
  }

  failed(id: number, error: WakuDeskError): void {
    this.#pending.get(id)?.reject(error);
  }

  /** The engine is gone: every call fails, but for the one that asked for that. */
  end(error: WakuDeskError): void {
    for (const { name, resolve, reject } of this.#pending.values()) {
      const { endsEngine, whenGone } = methods[name];
      if (endsEngine === true) resolve(whenGone?.());
      else reject(error);
    }
  }
}

function notOfTheContract(name: MethodName, cause: Error): WakuDeskError {
  return new WakuDeskError('ENGINE_FAILED', `The engine's answer to ${name} is not of the contract.`, {
    operation: `engine.${name}`,
    hint: 'Start both sides of the port from the same build.',
    cause,
  });
}
