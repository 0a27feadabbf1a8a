/** What the harness's side of a port keeps: calls, the mirrored state, the listeners, and how it ends. */
import { nowNs } from '../../core/engine/clock.ts';
import { resourcesSchema, type Resources } from '../../core/engine/crash-report.ts';
import type { EngineInfo, TimedCallOptions } from '../../core/engine/engine.ts';
import { WakuDeskError, type ErrorCode, type ErrorData } from '../../core/engine/errors.ts';
import { EventHub } from '../../core/engine/event-hub.ts';
import type { EngineEvent, EngineState } from '../../core/engine/events.ts';
import { engineInfoSchema, engineStateSchema, errorDataSchema } from '../../core/engine/schemas.ts';
import { engineEventSchema } from './contract-schemas.ts';
import { methods, type MethodName } from './methods.ts';
import { PendingCalls } from './pending-calls.ts';
import type { Port } from './port.ts';
import {
  answerSchema,
  PROTOCOL_VERSION,
  serverMessageSchema,
  type ClientMessage,
  type Incoming,
} from './protocol.ts';

export class EngineClient {
  /** Who the engine is. Rejects with ENGINE_FAILED, or with the other side's reason why there is none. */
  readonly greeted: Promise<EngineInfo>;
  readonly events = new EventHub<EngineEvent>();
  readonly #port: Port;
  readonly #calls: PendingCalls;
  readonly #detach: () => void;
  #greet: (info: EngineInfo) => void = () => undefined;
  #refuse: (error: WakuDeskError) => void = () => undefined;
  #state: EngineState = 'stopped';
  /** Those who wait for a measurement: one is under way for all of them. */
  #measuring: ((resources: Resources | null) => void)[] = [];
  /** Why nothing more comes from the engine. */
  #gone: WakuDeskError | null = null;

  constructor(port: Port) {
    this.#port = port;
    const post = (message: ClientMessage): void => {
      port.post(message);
    };
    this.#calls = new PendingCalls(post);
    this.greeted = new Promise((resolve, reject) => {
      this.#greet = resolve;
      this.#refuse = reject;
    });
    this.greeted.catch(() => undefined);
    const stops = [
      port.onMessage((value) => {
        this.#receive(value);
      }),
      port.onClose(() => {
        this.#lose();
      }),
    ];
    this.#detach = () => {
      for (const stop of stops) stop();
    };
    post({ kind: 'connect' });
  }

  get state(): EngineState {
    return this.#state;
  }

  async call(name: MethodName, args: unknown[], options: TimedCallOptions): Promise<unknown> {
    if (this.#gone === null) return this.#calls.call(name, args, options);
    const { whenGone, endsEngine } = methods[name];
    if (whenGone === undefined) throw this.#gone;
    if (endsEngine === true) this.#setState('stopped');
    return whenGone();
  }

  /** Of the engine's process; null where it has none, or is gone. */
  async measure(): Promise<Resources | null> {
    if (this.#gone !== null) return null;
    return new Promise((resolve) => {
      if (this.#measuring.push(resolve) === 1) this.#port.post({ kind: 'measure' } satisfies ClientMessage);
    });
  }

  close(): void {
    if (this.#gone !== null) return;
    this.#end(gone('NOT_RUNNING', 'The connection to the engine was closed here.'));
    this.#port.close();
    this.#setState('stopped');
  }

  #receive(value: unknown): void {
    const { success, data: message } = serverMessageSchema.safeParse(value);
    if (!success) {
      this.#complain();
      return;
    }
    switch (message.kind) {
      case 'greeting':
        this.#greeting(message);
        break;
      case 'refused':
        this.#refuse(failureOf(message.error));
        break;
      case 'measured':
        this.#measured(message.resources);
        break;
      case 'batch':
        this.#deliver(message.items);
        if (message.batch !== null)
          this.#port.post({ kind: 'ack', batch: message.batch } satisfies ClientMessage);
    }
  }

  #complain(): void {
    const text = "A message from the engine's side of the port is not of the protocol.";
    this.#emit({ type: 'logged', level: 'error', component: 'host', text, atNs: nowNs() });
  }

  #greeting(message: Incoming<'greeting'>): void {
    const info = engineInfoSchema.safeParse(message.info);
    const state = engineStateSchema.safeParse(message.state);
    if (message.protocol === PROTOCOL_VERSION && info.success && state.success) {
      this.#state = state.data;
      this.#greet(info.data);
    } else this.#refuse(gone('ENGINE_FAILED', "The engine's side of the port is of another build."));
  }

  #measured(value: unknown): void {
    const { data: resources = null } = resourcesSchema.safeParse(value);
    const waiting = this.#measuring;
    this.#measuring = [];
    for (const resolve of waiting) resolve(resources);
  }

  #deliver(values: unknown[]): void {
    let lost = 0;
    for (const value of values) {
      if (isAnswer(value)) {
        this.#answer(value);
        continue;
      }
      const { success, data: event } = engineEventSchema.safeParse(value);
      if (!success) {
        lost++;
        continue;
      }
      if (event.type === 'stateChanged') this.#state = event.state;
      this.#emit(event);
    }
    if (lost > 0)
      this.#emit({
        type: 'gapped',
        reason: 'engine',
        lost,
        detail: 'The engine sent events that are not of the contract.',
      });
  }

  #answer(value: unknown): void {
    const { success, data: answer } = answerSchema.safeParse(value);
    if (!success) this.#complain();
    else if (answer.kind === 'answered') this.#calls.answered(answer.id, answer.value);
    else this.#calls.failed(answer.id, failureOf(answer.error));
  }

  /** The port closed by itself. */
  #lose(): void {
    if (this.#gone !== null) return;
    const error = gone('ENGINE_FAILED', 'The process of the engine ended, or the connection to it broke.');
    this.#end(error);
    this.#emit({ type: 'gapped', reason: 'engine', lost: null, detail: error.message });
    this.#setState('failed', error.toData());
  }

  #end(error: WakuDeskError): void {
    this.#gone = error;
    this.#detach();
    this.#refuse(error);
    this.#measured(null);
    this.#calls.end(error);
  }

  #setState(state: EngineState, error: ErrorData | null = null): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#emit({ type: 'stateChanged', state, error });
  }

  /** A listener's fault must not cost the events behind this one, nor the batch its acknowledgement. */
  #emit(event: EngineEvent): void {
    try {
      this.events.emit(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

function isAnswer(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'kind' in item;
}

function failureOf(value: unknown): WakuDeskError {
  const { success, data } = errorDataSchema.safeParse(value);
  return success
    ? WakuDeskError.fromData(data)
    : gone('ENGINE_FAILED', 'The engine failed without a word why.');
}

function gone(code: ErrorCode, message: string): WakuDeskError {
  return new WakuDeskError(code, message, {
    operation: 'engine.attach',
    hint: 'Start the node again; the log has the last lines of the engine.',
  });
}
